#include "vfs/aux_files.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

namespace squall {

int AuxFile::read(char* out, size_t size_bytes, uint64_t offset_bytes) const {
  const uint64_t there = offset_bytes < bytes_.size() ? bytes_.size() - offset_bytes : 0;
  const size_t part = static_cast<size_t>(std::min<uint64_t>(there, size_bytes));
  if (part > 0) std::memcpy(out, bytes_.data() + offset_bytes, part);
  if (part == size_bytes) return SQLITE_OK;
  std::memset(out + part, 0, size_bytes - part);
  return SQLITE_IOERR_SHORT_READ;
}

void AuxFile::write(const char* bytes, size_t size_bytes, uint64_t offset_bytes) {
  const uint64_t end = offset_bytes + size_bytes;
  if (end > bytes_.capacity()) bytes_.reserve(std::max<uint64_t>(end, bytes_.capacity() * 2));
  if (end > bytes_.size()) bytes_.resize(end);
  if (size_bytes > 0) std::memcpy(bytes_.data() + offset_bytes, bytes, size_bytes);
}

void AuxFile::truncate(uint64_t size_bytes) {
  if (size_bytes < bytes_.size()) bytes_.resize(size_bytes);
}

std::shared_ptr<AuxFile> AuxFiles::open(std::string_view path) {
  auto file = files_.find(path);
  if (file == files_.end())
    file = files_.emplace(std::string(path), std::make_shared<AuxFile>()).first;
  return file->second;
}

bool AuxFiles::remove(std::string_view path) {
  auto file = files_.find(path);
  if (file == files_.end()) return false;
  files_.erase(file);
  return true;
}

}  // namespace squall
