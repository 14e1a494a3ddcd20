// A native in-memory SQLite that runs the same SQL, and what both must agree on.
#pragma once

#include <sqlite3.h>

#include <string>

namespace squall::test_support {

// Schema and rows of every table, as text.
inline std::string content_of(sqlite3* db) {
  std::string out;
  const auto append = [](void* result, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i)
      *static_cast<std::string*>(result) += (values[i] ? values[i] : "null") + std::string("|");
    *static_cast<std::string*>(result) += "\n";
    return 0;
  };
  for (const char* sql : {"SELECT type, name, sql FROM sqlite_schema ORDER BY name",
                          "SELECT id, k, length(v), hex(substr(v, 1, 8)) FROM t ORDER BY id"}) {
    const int rc = sqlite3_exec(db, sql, append, &out, nullptr);
    if (rc != SQLITE_OK) out += "error " + std::to_string(rc) + "\n";
  }
  return out;
}

class Twin {
 public:
  Twin() { sqlite3_open(":memory:", &db_); }
  Twin(const Twin&) = delete;
  Twin& operator=(const Twin&) = delete;
  ~Twin() { sqlite3_close(db_); }

  sqlite3* db() { return db_; }
  int sql(const std::string& text) {
    return sqlite3_exec(db_, text.c_str(), nullptr, nullptr, nullptr) & 0xFF;
  }
  std::string content() { return content_of(db_); }
  bool in_transaction() { return sqlite3_get_autocommit(db_) == 0; }

 private:
  sqlite3* db_ = nullptr;
};

}  // namespace squall::test_support
