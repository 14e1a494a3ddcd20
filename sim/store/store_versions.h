// The store's versions: they follow virtual time at a million a second, commits are strictly above
// everything that anyone has read, and reads never go back behind what anyone has been told.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/store.h"

namespace squall::sim {

class StoreVersions {
 public:
  struct Stamp {
    int64_t version;
    uint16_t batch_index;
  };

  int64_t latest(int64_t now_us) const { return std::max(newest_, kFirst + now_us); }
  // Reads below it fail.
  int64_t oldest(int64_t now_us) const { return latest(now_us) - kMaxTransactionAgeVersions; }

  // What a read version that is asked for now must at least cover: acknowledged commits, earlier
  // read versions.
  int64_t told() const { return told_; }
  void tell(int64_t version) { told_ = std::max(told_, version); }

  // A read version that lags behind the newest by lag_us, but covers `floor` (told() at the
  // request).
  int64_t read_version(int64_t now_us, int64_t lag_us, int64_t floor) {
    const int64_t version = std::max(latest(now_us) - lag_us, floor);
    newest_ = std::max(newest_, version);
    newest_read_ = std::max(newest_read_, version);
    tell(version);
    return version;
  }

  // Of the next commit to be applied. Commits of the same microsecond may share a version, as
  // transactions of one batch do, as long as nobody has read at it; `draw` is random.
  Stamp next_commit(int64_t now_us, uint64_t draw) {
    const bool shares = now_us == last_commit_us_ && newest_read_ < last_commit_.version &&
                        last_commit_.batch_index < UINT16_MAX && (draw & 1) != 0;
    if (shares) {
      ++last_commit_.batch_index;
      return last_commit_;
    }
    newest_ = latest(now_us) + 1 + static_cast<int64_t>((draw >> 1) % kMaxStep);
    last_commit_ = {newest_, 0};
    last_commit_us_ = now_us;
    return last_commit_;
  }
  int64_t last_commit() const { return last_commit_.version; }

 private:
  static constexpr int64_t kFirst = 10'000'000;  // so that a window's length before it is above 0
  static constexpr uint64_t kMaxStep = 16;       // small: versions must not run away from the clock

  int64_t newest_ = 0;  // the highest that anyone has seen
  int64_t newest_read_ = 0;
  int64_t told_ = 0;
  Stamp last_commit_{0, 0};
  int64_t last_commit_us_ = -1;
};

}  // namespace squall::sim
