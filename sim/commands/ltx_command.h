// `squall ltx`: people's access to LTX files.
//
//   verify FILE...                    every rule of the format, file by file; goes on after a bad
//                                     one
//   dump FILE...                      header, pages, index and checksums
//   compact --out FILE FILE...        files of one database, oldest first, as one file
//   restore --out DATABASE FILE...    a snapshot and the files after it as a SQLite database
//   snapshot --out FILE DATABASE      a SQLite database as one file
//
// verify and dump take --json: one object a line. Nothing is overwritten without --force, and an
// output appears whole or not at all. Exit status: 0; 1 a file is refused; 2 usage or unreadable
// input; 3 an I/O error while writing.
#pragma once

#include <CLI/CLI.hpp>

namespace squall::commands {

// Adds `ltx` and its subcommands. One that runs sets *exit_status, which must outlive app.
void add_ltx_commands(CLI::App& app, int* exit_status);

}  // namespace squall::commands
