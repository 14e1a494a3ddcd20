// What the oracle knows of one actor: the state that the landings so far add up to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/head.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// A start command that reached a host which already ran the actor under it.
struct ReplayedStart {
  uint64_t start_sequence = 0;
  uint32_t host = 0;
  std::string_view why;  // a clause
  int64_t at_us = 0;
};

struct ActorTruth {
  explicit ActorTruth(ActorId id) : actor(id) {}

  const ActorId actor;
  std::optional<Head> head;  // as stored
  int64_t stored_bytes = 0;  // of all its rows
  std::vector<uint64_t> quotas_asked;  // by its operator, ever
  // Between usage and quota, while nobody committed or took over.
  int64_t least_room_bytes = 0;
  uint64_t bent_values = 0;  // of its rows: by the store, on the way to a reader or for good
  std::shared_ptr<PageImage> image = std::make_shared<PageImage>();  // at the head
  std::shared_ptr<SessionTruth> owner;  // whose takeover landed last; null: none yet
  std::vector<std::shared_ptr<SessionTruth>> sessions;  // announced and alive, and the owner
  std::vector<Owner> announced;                         // all that may ever take over
  struct Takeover {
    uint64_t head_txid;  // that it found
    uint64_t start_sequence;
  };
  std::vector<Takeover> takeovers;
  // Commits that landed while compaction had more to fold than its threshold, and when that began.
  uint64_t lag_commits = 0;
  int64_t lag_since_us = 0;
  CommitTally tally;
  std::optional<ReplayedStart> replayed_start;  // the newest
  bool changed = false;                         // since it was last scanned

  SessionTruth* find(Owner wanted) const {
    for (const auto& session : sessions) {
      if (session->owner == wanted) return session.get();
    }
    return nullptr;
  }
  bool is_announced(Owner wanted) const {
    return std::find(announced.begin(), announced.end(), wanted) != announced.end();
  }
};

}  // namespace squall::sim
