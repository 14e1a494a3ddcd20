// An open journal or temporary file, as SQLite holds it.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

#include "vfs/aux_files.h"

namespace squall {

// What xOpen must reserve for one.
int aux_handle_bytes();

// Makes the handle at memory, which SQLite closes through its methods. With remove_from, closing
// deletes the file of that path there.
void open_aux_handle(sqlite3_file* memory, std::shared_ptr<AuxFile> file, AuxFiles* remove_from,
                     std::string path);

}  // namespace squall
