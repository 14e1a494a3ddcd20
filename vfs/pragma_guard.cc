#include "vfs/pragma_guard.h"

#include <sqlite3.h>

#include <initializer_list>

#include "engine/planted.h"

namespace squall {

namespace {

bool is_any_of(const char* value, std::initializer_list<const char*> allowed) {
  for (const char* candidate : allowed) {
    if (sqlite3_stricmp(value, candidate) == 0) return true;
  }
  return false;
}

bool is_allowed(Profile profile, const char* name, const char* value) {
  if (sqlite3_stricmp(name, "journal_mode") == 0) {
    if (planted(Defect::kWalAllowed) && is_any_of(value, {"wal"})) return true;
    return is_any_of(value, {journal_mode_of(profile)});
  }
  if (sqlite3_stricmp(name, "synchronous") == 0) {
    if (planted(Defect::kSynchronousOffAllowed)) return true;
    return is_any_of(value, {"1", "2", "3", "normal", "full", "extra"});
  }
  if (sqlite3_stricmp(name, "page_size") == 0) return is_any_of(value, {"4096"});
  if (sqlite3_stricmp(name, "cache_spill") == 0 && profile == Profile::kDefault) {
    return is_any_of(value, {"0", "off", "no", "false"});
  }
  return true;
}

}  // namespace

const char* journal_mode_of(Profile profile) {
  return profile == Profile::kDefault ? "memory" : "delete";
}

int guard_pragma(Profile profile, char** arguments) {
  const char* name = arguments[1];
  const char* value = arguments[2];
  if (value == nullptr || is_allowed(profile, name, value)) return SQLITE_NOTFOUND;
  arguments[0] = sqlite3_mprintf(
      "%s=%s is refused: its commits would not reach the engine as this profile needs", name,
      value);
  return SQLITE_ERROR;
}

}  // namespace squall
