// The whole command line: arguments in, an exit status out.
#pragma once

#include <cstdio>

#include "sim/commands/system.h"

namespace squall::commands {

int run_command_line(int argc, const char* const* argv, const System& system, FILE* out, FILE* err);

}  // namespace squall::commands
