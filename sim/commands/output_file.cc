#include "sim/commands/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace squall::commands {
namespace {

constexpr mode_t kMode = 0666;  // less the umask

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

CommandFailure exists(const std::string& path) {
  return CommandFailure({kExitUsage, fmt::format("{} exists: --force replaces it", path)});
}

mode_t mode_less_umask() {
  const mode_t mask = umask(0);
  umask(mask);
  return kMode & ~mask;
}

}  // namespace

CommandResult<OutputFile> OutputFile::create(const std::string& path, bool replace) {
  struct stat status;
  const bool there = lstat(path.c_str(), &status) == 0;
  if (there && !replace) return exists(path);
  // A device would be gone, with a file in its place.
  if (there && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
    return CommandFailure({kExitUsage, fmt::format("{} is no regular file", path)});
  OutputFile file(path, replace);
  if (auto opened = file.open(); !opened) return CommandFailure(opened.error());
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      replace_(other.replace_),
      file_(std::exchange(other.file_, -1)),
      temporary_name_(std::exchange(other.temporary_name_, {})),
      first_error_(other.first_error_) {}

OutputFile::~OutputFile() {
  if (file_ >= 0) close(file_);
  if (!temporary_name_.empty()) unlink(temporary_name_.c_str());
}

CommandFailure OutputFile::failed(const char* doing) const {
  return CommandFailure(
      {kExitFailed, fmt::format("{} {}: {}", doing, path_, std::strerror(errno))});
}

CommandResult<void> OutputFile::open() {
  file_ = ::open(folder_of(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kMode);
  if (file_ >= 0) return {};
  std::string name = path_ + ".tmp-XXXXXX";
  file_ = mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) return failed("creating");
  temporary_name_ = name;
  if (fchmod(file_, mode_less_umask()) != 0) return failed("creating");
  return {};
}

void OutputFile::write_at(uint64_t offset_bytes, std::string_view bytes) {
  while (!bytes.empty() && first_error_ == 0) {
    const ssize_t written =
        pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset_bytes));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      first_error_ = errno;
      return;
    }
    offset_bytes += static_cast<uint64_t>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void OutputFile::resize(uint64_t size_bytes) {
  if (first_error_ == 0 && ftruncate(file_, static_cast<off_t>(size_bytes)) != 0)
    first_error_ = errno;
}

CommandResult<void> OutputFile::give_name(const std::string& name) {
  const std::string source =
      temporary_name_.empty() ? fmt::format("/proc/self/fd/{}", file_) : temporary_name_;
  if (linkat(AT_FDCWD, source.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
  if (errno == EEXIST) return exists(path_);
  return failed("writing");
}

CommandResult<void> OutputFile::publish() {
  errno = first_error_;
  if (first_error_ != 0 || fsync(file_) != 0) return failed("writing");
  if (!replace_) return give_name(path_);
  if (temporary_name_.empty()) {
    const std::string name = fmt::format("{}.tmp-{}", path_, getpid());
    if (auto named = give_name(name); !named) return named;
    temporary_name_ = name;
  }
  if (rename(temporary_name_.c_str(), path_.c_str()) != 0) return failed("writing");
  temporary_name_.clear();
  return {};
}

}  // namespace squall::commands
