// Are the rows that a commit left what its mutations ask for? An evaluation of its own, independent
// of the store's.
#pragma once

#include <string>
#include <string_view>

#include "sim/store/store_observer.h"

namespace squall::sim {

// The short answer for the usual commit: sets and clears without atomics, each set kept verbatim.
// False means "look closer", not "wrong".
bool rows_are_plain_writes(const AppliedCommit& commit);

// The full answer: what is wrong, or nothing.
std::string find_wrong_row(const AppliedCommit& commit);

// A key for people: printable ASCII as it is, all else as \xNN.
std::string printable(std::string_view key);

// What an atomic operation other than a versionstamp's makes of a value, worked out by other means
// than the store does.
StoreValue after_atomic(AtomicOp op, const StoreValue& before, const SharedBytes& operand);

}  // namespace squall::sim
