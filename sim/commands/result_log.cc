#include "sim/commands/result_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/commands/exit_status.h"
#include "sim/commands/seed_run.h"

namespace squall::commands {
namespace {

using Json = nlohmann::ordered_json;

tl::unexpected<LogError> io_error(const std::string& what, const std::string& path) {
  return tl::unexpected(
      LogError{kExitFailed, fmt::format("can't {} {}: {}; free space or name another --out", what,
                                        path, std::strerror(errno))});
}

tl::unexpected<LogError> unreadable_log(const std::string& path, const std::string& why) {
  return tl::unexpected(
      LogError{kExitUsage, fmt::format("{} is not a sweep's: {}; name another --out", path, why)});
}

std::string settings_text(const SweepSettings& settings) {
  Json json;
  json["scenarios"] = settings.scenarios;
  json["first_seed"] = settings.first_seed;
  json["last_seed"] = settings.last_seed ? Json(*settings.last_seed) : Json(nullptr);
  json["time_s"] = settings.time_s ? Json(*settings.time_s) : Json(nullptr);
  json["shard"] = fmt::format("{}/{}", settings.shard.index, settings.shard.count);
  json["exhaustive"] = settings.exhaustive;
  json["defects"] = settings.defects;
  json["build"] = settings.build;
  json["sqlite"] = settings.sqlite;
  return json.dump(2) + "\n";
}

tl::expected<SweepSettings, LogError> read_settings(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return tl::unexpected(
        LogError{kExitUsage, fmt::format("can't read {}: {}; --resume goes on with a folder that "
                                         "an earlier sweep made",
                                         path, std::strerror(errno))});
  }
  const Json json = Json::parse(file, nullptr, false);
  SweepSettings settings;
  try {
    settings.scenarios = json.at("scenarios").get<std::vector<std::string>>();
    settings.first_seed = json.at("first_seed").get<uint64_t>();
    if (!json.at("last_seed").is_null()) settings.last_seed = json["last_seed"].get<uint64_t>();
    if (!json.at("time_s").is_null()) settings.time_s = json["time_s"].get<double>();
    const auto shard = parse_shard(json.at("shard").get<std::string>());
    if (!shard) return unreadable_log(path, shard.error());
    settings.shard = *shard;
    settings.exhaustive = json.at("exhaustive").get<bool>();
    settings.defects = json.at("defects").get<std::vector<std::string>>();
    settings.build = json.at("build").get<std::string>();
    settings.sqlite = json.at("sqlite").get<std::string>();
  } catch (const Json::exception& error) {
    return unreadable_log(path, error.what());
  }
  return settings;
}

tl::expected<void, LogError> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (!file) return io_error("write", path);
  return {};
}

}  // namespace

tl::expected<ResultLog, LogError> ResultLog::create(const std::string& folder,
                                                    const SweepSettings& settings) {
  ResultLog log(folder, settings);
  if (const auto made = create_folder(log.capsules_folder()); !made) {
    return tl::unexpected(LogError{kExitFailed, made.error() + "; name another --out"});
  }
  if (auto locked = log.lock_folder(); !locked) return tl::unexpected(locked.error());
  struct stat status {};
  const std::string results = folder + "/results.jsonl";
  if (stat(results.c_str(), &status) == 0 && status.st_size > 0) {
    return tl::unexpected(
        LogError{kExitUsage,
                 fmt::format("{} holds results already; go on with --resume or name another --out",
                             folder)});
  }
  if (auto written = write_file(folder + "/sweep.json", settings_text(settings)); !written) {
    return tl::unexpected(written.error());
  }
  if (auto opened = log.open_results(); !opened) return tl::unexpected(opened.error());
  return log;
}

tl::expected<ResultLog, LogError> ResultLog::resume(const std::string& folder) {
  auto settings = read_settings(folder + "/sweep.json");
  if (!settings) return tl::unexpected(settings.error());
  ResultLog log(folder, std::move(*settings));
  if (auto locked = log.lock_folder(); !locked) return tl::unexpected(locked.error());
  if (auto opened = log.open_results(); !opened) return tl::unexpected(opened.error());
  if (auto read = log.read_earlier(); !read) return tl::unexpected(read.error());
  return log;
}

ResultLog::ResultLog(ResultLog&& other) noexcept
    : folder_(std::move(other.folder_)),
      settings_(std::move(other.settings_)),
      earlier_(std::move(other.earlier_)),
      fd_(std::exchange(other.fd_, -1)),
      lock_fd_(std::exchange(other.lock_fd_, -1)) {}

ResultLog::~ResultLog() {
  if (fd_ >= 0) close(fd_);
  if (lock_fd_ >= 0) close(lock_fd_);
}

tl::expected<void, LogError> ResultLog::lock_folder() {
  lock_fd_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock_fd_ < 0) return io_error("open", folder_);
  // A file system that knows no locks is no reason not to sweep.
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return {};
  return tl::unexpected(LogError{
      kExitUsage,
      fmt::format("another sweep is at work in {}; wait for it or name another --out", folder_)});
}

tl::expected<void, LogError> ResultLog::open_results() {
  const std::string path = folder_ + "/results.jsonl";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ < 0) return io_error("open", path);
  return {};
}

tl::expected<void, LogError> ResultLog::read_earlier() {
  const std::string path = folder_ + "/results.jsonl";
  std::ifstream file(path);
  std::string line;
  off_t whole_bytes = 0;
  for (size_t number = 1; std::getline(file, line) && !file.eof(); ++number) {
    auto record = reports::parse_run_record(line);
    if (!record) return unreadable_log(path, fmt::format("line {}: {}", number, record.error()));
    whole_bytes += static_cast<off_t>(line.size()) + 1;
    earlier_.push_back(std::move(*record));
  }
  if (ftruncate(fd_, whole_bytes) != 0) return io_error("repair", path);
  return {};
}

tl::expected<void, LogError> ResultLog::append(const std::string& line) {
  const std::string text = line + "\n";
  const off_t before = lseek(fd_, 0, SEEK_END);
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = write(fd_, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int write_error = errno;
      // Where even that fails, the cut line is dropped when the sweep is resumed.
      if (done > 0) (void)!ftruncate(fd_, before);
      errno = write_error;
      return io_error("write", folder_ + "/results.jsonl");
    }
    done += static_cast<size_t>(n);
  }
  return {};
}

}  // namespace squall::commands
