// What the whole system is measured against: the least VFS on which SQLite commits by atomic
// batches. Databases are pages in memory; nothing is sent, kept or checked, and nothing can fail.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace squall::commands {

class BareVfs {
 public:
  BareVfs();
  ~BareVfs();
  BareVfs(const BareVfs&) = delete;
  BareVfs& operator=(const BareVfs&) = delete;

  // With the pragmas and limits of the product's default profile. The caller closes it before this
  // object goes.
  sqlite3* open(const std::string& name, int cache_pages);

  uint64_t atomic_commits() const { return atomic_commits_; }

  struct Database {
    std::vector<std::unique_ptr<char[]>> pages;
    uint64_t size_bytes = 0;
  };

 private:
  friend struct BareVfsMethods;

  sqlite3_vfs vfs_{};
  std::unordered_map<std::string, Database> databases_;
  uint64_t atomic_commits_ = 0;
};

}  // namespace squall::commands
