// A process that serves one actor over a fake engine, and short SQL helpers.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <string>
#include <vector>

#include "vfs/actor_vfs.h"
#include "vfs/connection.h"
#include "vfs/session.h"
#include "vfs/testing/fake_engine.h"
#include "vfs/testing/fake_world.h"

namespace squall::test_support {

// One process's life of an actor, with an open connection.
class Process {
 public:
  Process(FakeEngine& engine, PagePool& pool, ActorId actor, VfsOptions options,
          PreloadHints hints = {}, uint32_t sqlite_cache_pages = 200)
      : transport(engine, runtime),
        options_(options),
        actor_(actor),
        cache_pages_(sqlite_cache_pages) {
    const Owner owner{engine.actor(actor).owner.start_sequence + 1, 77};
    Result<SessionStart> start = take_over(actor, owner, hints, transport, runtime, options.retry);
    if (!start) {
      error = start.error();
      return;
    }
    vfs = std::make_unique<ActorVfs>(options, std::move(*start), transport, runtime, pool);
    open();
  }
  ~Process() { connection.reset(); }

  void open() {
    ConnectionOptions connection_options;
    connection_options.profile = options_.profile;
    connection_options.sqlite_cache_pages = cache_pages_;
    connection_options.random_bytes = [this](char* bytes, size_t size_bytes) {
      for (size_t i = 0; i < size_bytes; ++i) bytes[i] = static_cast<char>(runtime.random() >> 33);
    };
    auto opened = Connection::open(vfs->sqlite_vfs(), actor_, connection_options);
    if (opened) {
      connection = std::move(*opened);
    } else {
      error = opened.error();
    }
  }
  void close() { connection.reset(); }

  sqlite3* db() { return connection->db(); }
  // SQLite's result code, primary part.
  int sql(const std::string& text) {
    return sqlite3_exec(db(), text.c_str(), nullptr, nullptr, nullptr) & 0xFF;
  }
  // All values of all rows, each followed by '|'; "error N" when it fails.
  std::string query(const std::string& text) {
    std::string out;
    const auto append = [](void* result, int columns, char** values, char**) {
      for (int i = 0; i < columns; ++i)
        *static_cast<std::string*>(result) += (values[i] ? values[i] : "null") + std::string("|");
      return 0;
    };
    const int rc = sqlite3_exec(db(), text.c_str(), append, &out, nullptr);
    return rc == SQLITE_OK ? out : "error " + std::to_string(rc & 0xFF);
  }

  FakeRuntime runtime;
  FakeTransport transport;
  Error error{ErrorCode::kUnavailable, ""};
  std::unique_ptr<ActorVfs> vfs;
  std::unique_ptr<Connection> connection;

 private:
  VfsOptions options_;
  ActorId actor_;
  uint32_t cache_pages_;
};

inline const char* name_of(Profile profile) {
  switch (profile) {
    case Profile::kDefault: return "Default";
    case Profile::kOriginal: return "Original";
    case Profile::kFallback: return "Fallback";
  }
  return "";
}

// A fake engine and processes on it, for each profile.
class ProfileTest : public ::testing::TestWithParam<Profile> {
 protected:
  VfsOptions options() const {
    VfsOptions result;
    result.profile = GetParam();
    return result;
  }
  std::unique_ptr<Process> start(ActorId actor = 1) { return start(actor, options()); }
  std::unique_ptr<Process> start(ActorId actor, const VfsOptions& options,
                                 uint32_t sqlite_cache_pages = 200) {
    return std::make_unique<Process>(engine, pool, actor, options, PreloadHints{},
                                     sqlite_cache_pages);
  }

  PagePool pool;
  FakeEngine engine{pool};
};

#define SQUALL_ALL_PROFILES(Suite)                                                  \
  INSTANTIATE_TEST_SUITE_P(                                                         \
      Profiles, Suite,                                                              \
      ::testing::Values(Profile::kDefault, Profile::kOriginal, Profile::kFallback), \
      [](const auto& param_info) { return std::string(name_of(param_info.param)); })

}  // namespace squall::test_support
