// A piece of work in a forked child of its own, waited for: for what may kill its process, and for
// measuring memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace squall::commands {

struct ChildEnd {
  bool answered = false;    // false: it died of the work, or could not be started
  std::string text;         // what the work returned
  uint64_t peak_bytes = 0;  // largest resident set
};

ChildEnd run_in_child(const std::function<std::string()>& work);

}  // namespace squall::commands
