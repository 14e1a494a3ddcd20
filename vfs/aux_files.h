// Journals and temporary files: in memory, by path, for one open session. They are never needed by
// another process, since the engine never sees half a transaction.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace squall {

class AuxFile {
 public:
  // SQLite's result codes; a read past the end is filled with zeros.
  int read(char* out, size_t size_bytes, uint64_t offset_bytes) const;
  void write(const char* bytes, size_t size_bytes, uint64_t offset_bytes);
  void truncate(uint64_t size_bytes);
  uint64_t size_bytes() const { return bytes_.size(); }

 private:
  std::vector<char> bytes_;
};

class AuxFiles {
 public:
  // The file of that path, made where there is none. An open file survives its deletion.
  std::shared_ptr<AuxFile> open(std::string_view path);
  bool exists(std::string_view path) const { return files_.find(path) != files_.end(); }
  // False where there is none.
  bool remove(std::string_view path);
  void clear() { files_.clear(); }

 private:
  std::map<std::string, std::shared_ptr<AuxFile>, std::less<>> files_;
};

}  // namespace squall
