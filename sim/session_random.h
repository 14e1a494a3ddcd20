// random() and randomblob() of one connection, keyed by transaction, statement and call: a twin
// that runs the same statement draws the same, and no session disturbs another's draws.
#pragma once

#include <cstdint>

#include "sim/keyed_hash.h"

struct sqlite3;

namespace squall::sim {

class KeyedRandom {
 public:
  KeyedRandom() = default;
  KeyedRandom(const KeyedRandom&) = delete;
  KeyedRandom& operator=(const KeyedRandom&) = delete;

  // Takes the place of both functions on the connection, which does not outlive this object.
  void install(sqlite3* database);
  // A statement begins; its first draw is draw 0 of this key.
  void begin(uint64_t key) {
    key_ = key;
    draws_ = 0;
  }
  uint64_t draw() { return keyed_hash(key_, draws_++); }

 private:
  uint64_t key_ = 0;
  uint64_t draws_ = 0;
};

}  // namespace squall::sim
