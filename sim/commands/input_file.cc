#include "sim/commands/input_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace squall::commands {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

CommandFailure unreadable(const std::string& path, const char* why) {
  return CommandFailure({kExitUsage, fmt::format("reading {}: {}", path, why)});
}

struct CloseFile {
  void operator()(FILE* file) const { fclose(file); }
};

}  // namespace

CommandResult<std::string> read_whole(const std::string& path) {
  const std::unique_ptr<FILE, CloseFile> file(fopen(path.c_str(), "rb"));
  if (!file) return unreadable(path, std::strerror(errno));
  std::string bytes;
  struct stat status;
  if (fstat(fileno(file.get()), &status) == 0 && S_ISREG(status.st_mode)) {
    bytes.reserve(static_cast<size_t>(status.st_size));
  }
  while (true) {
    const size_t before = bytes.size();
    bytes.resize(before + kPieceBytes);
    const size_t got = fread(bytes.data() + before, 1, kPieceBytes, file.get());
    bytes.resize(before + got);
    if (got == kPieceBytes) continue;
    if (ferror(file.get()) != 0) return unreadable(path, std::strerror(errno));
    return bytes;
  }
}

CommandResult<SharedBytes> read_shared(const std::string& path) {
  const auto bytes = read_whole(path);
  if (!bytes) return CommandFailure(bytes.error());
  if (bytes->size() > UINT32_MAX) return unreadable(path, "larger than 4 GiB");
  return SharedBytes(*bytes);
}

CommandResult<void> check_no_journal(const std::string& path) {
  for (const char* suffix : {"-wal", "-journal"}) {
    const auto journal = read_whole(path + suffix);
    // A journal that is done with is deleted, empty, or begins with zeros.
    if (!journal || journal->empty() || journal->front() == '\0') continue;
    return unreadable(
        path,
        fmt::format("{}{} holds part of it: open and close it with SQLite first", path, suffix)
            .c_str());
  }
  return {};
}

int64_t modification_time_ms(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return 0;
  return int64_t{status.st_mtim.tv_sec} * 1000 + status.st_mtim.tv_nsec / 1000000;
}

}  // namespace squall::commands
