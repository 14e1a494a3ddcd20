#include "sim/oracle/quota_kept.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/page.h"

namespace squall::sim {
namespace {

constexpr auto kQuota = Invariant::kQuotaKept;

int64_t room_bytes(const Head& head) {
  return static_cast<int64_t>(head.storage_max) - static_cast<int64_t>(head.storage_used);
}

// A page that doesn't compress, its frame, its entries in the blob's index and in the actor's, and
// the keys of its pieces; and once the header, the trailer and the size row.
int64_t most_bytes(const AskedCommit& asked) {
  constexpr uint64_t kMostPageBytes = kPageSizeBytes + 256;
  constexpr uint64_t kMostOtherBytes = 1024;
  return static_cast<int64_t>(asked.pages * kMostPageBytes + kMostOtherBytes);
}

bool was_asked_for(const ActorTruth& actor, uint64_t quota) {
  return std::find(actor.quotas_asked.begin(), actor.quotas_asked.end(), quota) !=
         actor.quotas_asked.end();
}

bool check_first(Judge& judge, const ActorTruth& actor, const Head& after, uint64_t first_quota) {
  return judge.expect(after.storage_max == first_quota, kQuota, "first", [&] {
    return fmt::format("actor {}: it began with a quota of {} bytes, and is due {}", actor.actor,
                       after.storage_max, first_quota);
  });
}

// A quota moves by the operator's hand only, which changes nothing else.
bool check_set(Judge& judge, const ActorTruth& actor, const Head& after) {
  Head otherwise = *actor.head;
  otherwise.storage_max = after.storage_max;
  const bool holds = after.storage_max == actor.head->storage_max ||
                     (otherwise == after && was_asked_for(actor, after.storage_max));
  return judge.expect(holds, kQuota, "set", [&] {
    return fmt::format(
        "actor {}: the quota went from {} to {} bytes, and no operator had a hand in it (head {}, "
        "generation {} to {})",
        actor.actor, actor.head->storage_max, after.storage_max, after.head_txid,
        actor.head->generation, after.generation);
  });
}

}  // namespace

bool check_quota_kept(Judge& judge, ActorTruth& actor, const Head& after, uint64_t first_quota) {
  const int64_t room = room_bytes(after);
  if (!actor.head) {
    actor.least_room_bytes = room;
    return check_first(judge, actor, after, first_quota);
  }
  const Head& before = *actor.head;
  const bool new_head = after.head_txid != before.head_txid || after.owner != before.owner;
  actor.least_room_bytes = new_head ? room : std::min(actor.least_room_bytes, room);
  if (!check_set(judge, actor, after)) return false;
  const bool grew = after.head_txid != before.head_txid && after.size_pages > before.size_pages;
  if (!grew) return true;
  return judge.expect(room >= 0, kQuota, "landing", [&] {
    return fmt::format(
        "actor {}: commit {} grew the database from {} to {} pages, and now it takes {} bytes of a "
        "quota of {}",
        actor.actor, after.head_txid, before.size_pages, after.size_pages, after.storage_used,
        after.storage_max);
  });
}

void check_quota_refusal(Judge& judge, const ActorTruth& actor, const SessionTruth& session,
                         const AskedCommit& asked) {
  // Whether an earlier attempt landed, a node may not have seen yet.
  const bool sole_owner = session.took_over && !session.superseded && !session.attempt_landed;
  if (!sole_owner || asked.size_pages == 0) return;
  const uint32_t size_pages = session.image->size_pages();
  const bool grows = asked.size_pages > size_pages;
  const bool earned = grows && actor.least_room_bytes < most_bytes(asked);
  judge.expect(earned, kQuota, "refusal", [&] {
    return fmt::format(
        "actor {} (start {}, head {}): a commit of {} pages that leaves {} of {} was refused for "
        "the quota, and never had less than {} bytes of room",
        session.actor, session.owner.start_sequence, session.head_txid, asked.pages,
        asked.size_pages, size_pages, actor.least_room_bytes);
  });
}

}  // namespace squall::sim
