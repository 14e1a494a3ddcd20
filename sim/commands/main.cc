#include "sim/commands/command_line.h"

int main(int argc, char** argv) {
  const squall::commands::System system = squall::commands::make_system();
  return squall::commands::run_command_line(argc, argv, system, stdout, stderr);
}
