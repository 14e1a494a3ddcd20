// The journals and temporary files of one session as SQLite left them: what it must find when it
// looks. A rollback lives by them, and they never leave the process.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

class AuxTruth {
 public:
  // A file that is open; it goes on without its name.
  class File {
   public:
    void write(const void* bytes, size_t size_bytes, uint64_t offset_bytes);
    void truncate(uint64_t size_bytes);
    // A read gave this, and said that the file ends before, or not; a look at the length gave that.
    void check_read(Judge& judge, const SessionTruth& session, const void* bytes, size_t size_bytes,
                    uint64_t offset_bytes, bool short_read) const;
    void check_size(Judge& judge, const SessionTruth& session, uint64_t size_bytes) const;

   private:
    std::string bytes_;
  };

  // name: null for a file that nobody else will open.
  std::shared_ptr<File> open(const char* name);
  void remove(std::string_view name) { files_.erase(std::string(name)); }
  void remove_all() { files_.clear(); }

  // SQLite asked whether there is such a file; to delete it, and whether it was there.
  void check_exists(Judge& judge, const SessionTruth& session, std::string_view name,
                    bool exists) const;

 private:
  std::map<std::string, std::shared_ptr<File>, std::less<>> files_;
};

}  // namespace squall::sim
