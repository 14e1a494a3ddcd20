#include "sim/sqlite_memory.h"

#include <sqlite3.h>

#include "engine/assert.h"

namespace squall::sim {

namespace internal {
AllocationLimit* limit_in_force = nullptr;
}

namespace {

sqlite3_mem_methods usual_memory;

bool runs_out() {
  return internal::limit_in_force != nullptr && internal::limit_in_force->refuses();
}

void* allocate(int size_bytes) { return runs_out() ? nullptr : usual_memory.xMalloc(size_bytes); }

void* reallocate(void* memory, int size_bytes) {
  return runs_out() ? nullptr : usual_memory.xRealloc(memory, size_bytes);
}

}  // namespace

void hook_sqlite_memory() {
  static bool hooked = false;
  if (std::exchange(hooked, true)) return;
  sqlite3_shutdown();
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual_memory);
  sqlite3_mem_methods methods = usual_memory;
  methods.xMalloc = allocate;
  methods.xRealloc = reallocate;
  SQUALL_ASSERT(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK);
  SQUALL_ASSERT(sqlite3_initialize() == SQLITE_OK);
}

InsideSqlite::InsideSqlite(AllocationLimit* limit) : limited_(limit != nullptr) {
  if (!limited_) return;
  SQUALL_ASSERT(internal::limit_in_force == nullptr);
  internal::limit_in_force = limit;
}

}  // namespace squall::sim
