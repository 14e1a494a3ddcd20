#include "sim/oracle/storage_damage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "engine/blob_cache.h"
#include "engine/ltx_format.h"
#include "engine/rows.h"
#include "sim/oracle/stored_actor.h"

namespace squall::sim {

namespace {

bool is_delta(const ParsedKey& key) {
  return key.kind == ParsedKey::Kind::kDelta || key.kind == ParsedKey::Kind::kDeltaPiece;
}

std::string name_of(const ParsedKey& key, std::string_view stored_key) {
  using enum ParsedKey::Kind;
  switch (key.kind) {
    case kHead: return fmt::format("head record of actor {}", key.actor);
    case kDelta:
    case kDeltaPiece: return describe_blob(delta_key(key.actor, key.delta));
    case kShard:
    case kShardPiece: return describe_blob(shard_key(key.actor, key.number));
    default: return describe_row(key.actor, stored_key);
  }
}

// "actor 1" is not named by "actor 12".
bool names(std::string_view text, std::string_view damaged) {
  for (size_t at = text.find(damaged); at != std::string_view::npos;
       at = text.find(damaged, at + 1)) {
    const size_t end = at + damaged.size();
    if (end == text.size() || std::isdigit(static_cast<unsigned char>(text[end])) == 0) return true;
  }
  return false;
}

}  // namespace

void StorageDamage::bent(const ParsedKey& key, std::string_view stored_key) {
  damages_.push_back({key.actor, name_of(key, stored_key), key, {}, ++clock_});
}

void StorageDamage::lost(const ParsedKey& key, std::string_view stored_key) {
  damages_.push_back({key.actor, name_of(key, stored_key), key, std::string(stored_key), ++clock_});
}

uint64_t StorageDamage::mark_request() {
  if (damages_.empty()) return 0;
  ++clock_;
  for (Damage& damage : damages_) {
    const bool is_gone =
        !damage.lost_key.empty() && damage.gone_since == 0 && !store_.is_lost(damage.lost_key);
    if (is_gone) damage.gone_since = clock_;
  }
  return clock_;
}

bool StorageDamage::explains(ActorId actor, std::string_view text, uint64_t request_mark) const {
  return std::any_of(damages_.begin(), damages_.end(), [&](const Damage& damage) {
    const bool lasted =
        !damage.lost_key.empty() && (damage.gone_since == 0 || damage.gone_since > request_mark);
    return damage.actor == actor && (lasted || damage.number > request_mark) &&
           names(text, damage.name);
  });
}

std::optional<std::string> StorageDamage::quarantine(ActorId actor, const Head& head) const {
  for (const Damage& damage : damages_) {
    if (damage.actor != actor || damage.lost_key.empty() || !store_.is_lost(damage.lost_key))
      continue;
    const uint32_t pgno = page_in(damage.key, head);
    if (pgno != 0) return fmt::format("{} is lost, and page {} lies in it", damage.name, pgno);
  }
  return std::nullopt;
}

uint32_t StorageDamage::page_in(const ParsedKey& blob, const Head& head) const {
  const bool in_delta = is_delta(blob);
  const uint32_t first = in_delta ? 1 : std::max(1u, blob.number * kPagesPerShard);
  const uint32_t last =
      in_delta ? head.size_pages
               : std::min(head.size_pages, blob.number * kPagesPerShard + kPagesPerShard - 1);
  for (uint32_t pgno = first; pgno <= last; ++pgno) {
    const std::optional<IndexRow> row = stored_index_row(store_, blob.actor, pgno);
    const bool lies_there = in_delta ? row && row->delta() == blob.delta
                                     : !row && pgno != ltx::lock_pgno(kPageSizeBytes);
    if (lies_there) return pgno;
  }
  return 0;
}

}  // namespace squall::sim
