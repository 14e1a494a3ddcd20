#include "sim/oracle/aux_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace squall::sim {
namespace {
constexpr auto kFiles = Invariant::kApiContract;
}  // namespace

void AuxTruth::File::write(const void* bytes, size_t size_bytes, uint64_t offset_bytes) {
  if (bytes_.size() < offset_bytes + size_bytes) bytes_.resize(offset_bytes + size_bytes);
  std::memcpy(bytes_.data() + offset_bytes, bytes, size_bytes);
}

void AuxTruth::File::truncate(uint64_t size_bytes) {
  if (size_bytes < bytes_.size()) bytes_.resize(size_bytes);
}

void AuxTruth::File::check_read(Judge& judge, const SessionTruth& session, const void* bytes,
                                size_t size_bytes, uint64_t offset_bytes, bool short_read) const {
  const size_t begin = std::min<uint64_t>(offset_bytes, bytes_.size());
  const size_t there = std::min(size_bytes, bytes_.size() - begin);
  const auto* given = static_cast<const char*>(bytes);
  const bool rest_zero =
      std::all_of(given + there, given + size_bytes, [](char byte) { return byte == 0; });
  const bool same = std::memcmp(given, bytes_.data() + begin, there) == 0;
  judge.expect(same && rest_zero && short_read == (there < size_bytes), kFiles, "aux-read", [&] {
    return fmt::format(
        "{}: a read of {} bytes at {} of a journal or temporary file of {} bytes {}{}",
        describe(session), size_bytes, offset_bytes, bytes_.size(),
        same && rest_zero ? "gave the right ones" : "gave other bytes than SQLite wrote",
        short_read ? ", and was said to pass its end" : "");
  });
}

void AuxTruth::File::check_size(Judge& judge, const SessionTruth& session,
                                uint64_t size_bytes) const {
  judge.expect(size_bytes == bytes_.size(), kFiles, "aux-size", [&] {
    return fmt::format("{}: a journal or temporary file is {} bytes long, SQLite left it at {}",
                       describe(session), size_bytes, bytes_.size());
  });
}

std::shared_ptr<AuxTruth::File> AuxTruth::open(const char* name) {
  if (name == nullptr) return std::make_shared<File>();
  std::shared_ptr<File>& file = files_[name];
  if (file == nullptr) file = std::make_shared<File>();
  return file;
}

void AuxTruth::check_exists(Judge& judge, const SessionTruth& session, std::string_view name,
                            bool exists) const {
  judge.expect(exists == files_.contains(name), kFiles, "aux-exists", [&] {
    return fmt::format("{}: SQLite is told that {} {} there", describe(session), name,
                       exists ? "is" : "is not");
  });
}

}  // namespace squall::sim
