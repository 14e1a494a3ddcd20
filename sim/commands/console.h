// Where a command writes: results to `out`, progress and complaints to `err`. A write that fails (a
// full disk) is remembered and makes the command end with kExitFailed and one line.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "reports/run_text.h"

namespace squall::commands {

class Console {
 public:
  // Both files stay the caller's. Colour and progress only where the file is a terminal, colour not
  // with NO_COLOR.
  Console(FILE* out, FILE* err);

  void write(std::string_view
                 text);  // to out; in the file's hands when it returns, for whoever reads along
  template <typename... Args>
  void print(fmt::format_string<Args...> format, Args&&... args) {
    write(fmt::format(format, std::forward<Args>(args)...));
  }

  // "squall: what; what to do": always one line.
  void complain(std::string_view what);
  // Replaces the line of progress; nothing where err is no terminal.
  void progress(std::string_view line);
  void end_progress();

  reports::TextStyle style() const { return style_; }
  FILE* err() const { return err_; }
  // The status to leave with: `status`, unless results could not be written.
  int finish(int status);

 private:
  FILE* out_;
  FILE* err_;
  reports::TextStyle style_;
  bool shows_progress_;
  bool in_progress_ = false;
  int write_error_ = 0;  // errno of the first failed write to out
};

}  // namespace squall::commands
