// Expands the compact value descriptions of a workload into what is bound to a statement. The same
// description gives the same bytes, always.
#pragma once

#include <string>

#include "sim/workload.h"

struct sqlite3_stmt;

namespace squall::sim {

// The bytes of any kind but kInteger; replaces what *out held.
void generate_bytes(const Parameter& parameter, std::string* out);

// Binds it as parameter `index` (1, 2, …) of the statement. `bytes` is what generate_bytes gave;
// SQLite reads it until the statement is reset or bound anew. Returns an SQLite code.
int bind_parameter(sqlite3_stmt* statement, int index, const Parameter& parameter,
                   const std::string& bytes);

}  // namespace squall::sim
