#include "sim/commands/console.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "sim/commands/exit_status.h"

namespace squall::commands {
namespace {

bool wants_color(FILE* file) {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(fileno(file)) == 1 && (no_color == nullptr || *no_color == '\0');
}

}  // namespace

Console::Console(FILE* out, FILE* err)
    : out_(out),
      err_(err),
      style_{.color = wants_color(out)},
      shows_progress_(isatty(fileno(err)) == 1) {}

void Console::write(std::string_view text) {
  if (write_error_ != 0) return;
  end_progress();
  if (std::fwrite(text.data(), 1, text.size(), out_) != text.size() || std::fflush(out_) != 0) {
    write_error_ = errno != 0 ? errno : EIO;
  }
}

void Console::complain(std::string_view what) {
  end_progress();
  std::string line(what);
  std::replace(line.begin(), line.end(), '\n', ' ');
  fmt::print(err_, "squall: {}\n", line);
  std::fflush(err_);
}

void Console::progress(std::string_view line) {
  if (!shows_progress_) return;
  fmt::print(err_, "\r\033[K{}", line);
  std::fflush(err_);
  in_progress_ = true;
}

void Console::end_progress() {
  if (!in_progress_) return;
  std::fputs("\r\033[K", err_);
  std::fflush(err_);
  in_progress_ = false;
}

int Console::finish(int status) {
  end_progress();
  if (write_error_ == 0) return status;
  complain(fmt::format("can't write results: {}; free space or write them elsewhere",
                       std::strerror(write_error_)));
  return status == kExitViolated || status == kExitInterrupted ? status : kExitFailed;
}

}  // namespace squall::commands
