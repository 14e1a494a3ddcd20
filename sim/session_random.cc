#include "sim/session_random.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>

#include "engine/assert.h"

namespace squall::sim {
namespace {

KeyedRandom& random_of(sqlite3_context* context) {
  return *static_cast<KeyedRandom*>(sqlite3_user_data(context));
}

void sql_random(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_result_int64(context, static_cast<sqlite3_int64>(random_of(context).draw()));
}

// As SQLite's own: at least one byte.
void sql_randomblob(sqlite3_context* context, int, sqlite3_value** arguments) {
  const sqlite3_int64 size = std::max<sqlite3_int64>(1, sqlite3_value_int64(arguments[0]));
  if (size > sqlite3_limit(sqlite3_context_db_handle(context), SQLITE_LIMIT_LENGTH, -1)) {
    return sqlite3_result_error_toobig(context);
  }
  auto* bytes = static_cast<char*>(sqlite3_malloc64(static_cast<sqlite3_uint64>(size)));
  if (bytes == nullptr) return sqlite3_result_error_nomem(context);
  const uint64_t key = random_of(context).draw();
  for (sqlite3_int64 at = 0; at < size; at += 8) {
    const uint64_t word = mix64(key, static_cast<uint64_t>(at));
    std::memcpy(bytes + at, &word, static_cast<size_t>(std::min<sqlite3_int64>(8, size - at)));
  }
  sqlite3_result_blob64(context, bytes, static_cast<sqlite3_uint64>(size), sqlite3_free);
}

}  // namespace

void KeyedRandom::install(sqlite3* database) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_INNOCUOUS;
  int rc = sqlite3_create_function_v2(database, "random", 0, kFlags, this, sql_random, nullptr,
                                      nullptr, nullptr);
  SQUALL_ASSERT(rc == SQLITE_OK);
  rc = sqlite3_create_function_v2(database, "randomblob", 1, kFlags, this, sql_randomblob, nullptr,
                                  nullptr, nullptr);
  SQUALL_ASSERT(rc == SQLITE_OK);
}

}  // namespace squall::sim
