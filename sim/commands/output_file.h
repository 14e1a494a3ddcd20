// A file that appears whole or not at all: written without a name (or under a temporary one where
// the file system can't do that), put in place when it is complete.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

#include "sim/commands/exit_status.h"

namespace squall::commands {

// What went wrong, for people, and the exit status that says so.
struct CommandError {
  int exit_status;
  std::string message;
};
template <typename T>
using CommandResult = tl::expected<T, CommandError>;
using CommandFailure = tl::unexpected<CommandError>;

class OutputFile {
 public:
  // Refuses (usage) an existing path unless replace is set and it is a regular file or a link;
  // nothing appears at path before publish.
  static CommandResult<OutputFile> create(const std::string& path, bool replace);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  // The first failure is kept and reported by publish.
  void write_at(uint64_t offset_bytes, std::string_view bytes);
  void resize(uint64_t size_bytes);
  // On disk, then at path. Without replace, a file that has appeared there meanwhile stays (usage).
  CommandResult<void> publish();

 private:
  OutputFile(std::string path, bool replace) : path_(std::move(path)), replace_(replace) {}
  CommandResult<void> open();
  CommandResult<void> give_name(const std::string& name);
  CommandFailure failed(const char* doing) const;

  std::string path_;
  bool replace_;
  int file_ = -1;
  std::string temporary_name_;  // empty: the file has no name yet
  int first_error_ = 0;
};

}  // namespace squall::commands
