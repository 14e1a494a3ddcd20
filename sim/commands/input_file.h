// Reading the files that a command names. Every failure is unreadable input.
#pragma once

#include <cstdint>
#include <string>

#include "engine/shared_bytes.h"
#include "sim/commands/output_file.h"

namespace squall::commands {

CommandResult<std::string> read_whole(const std::string& path);
// At most 4 GiB - 1 byte.
CommandResult<SharedBytes> read_shared(const std::string& path);
// Fails if the SQLite database at path has a journal or WAL that holds part of its content.
CommandResult<void> check_no_journal(const std::string& path);
// 0 if it can't be told.
int64_t modification_time_ms(const std::string& path);

}  // namespace squall::commands
