// The pragmas that a session refuses, since SQLite would then acknowledge what never reaches the
// engine (synchronous=OFF, journal_mode=WAL or OFF), or would leave the profile's way of
// committing.
#pragma once

#include "vfs/options.h"

namespace squall {

// What xFileControl answers to SQLITE_FCNTL_PRAGMA: arguments as SQLite gives them, [1] the
// pragma's name, [2] its value or null, [0] takes the text of an error. SQLITE_NOTFOUND: SQLite
// carries it out itself.
int guard_pragma(Profile profile, char** arguments);

// The journal mode of each profile, as SQLite spells it.
const char* journal_mode_of(Profile profile);

}  // namespace squall
