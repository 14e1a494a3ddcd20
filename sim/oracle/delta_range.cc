#include "sim/oracle/delta_range.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/chunked_value.h"

namespace squall::sim {
namespace {

constexpr auto kRange = Invariant::kDeltaRange;

bool check_blob(Judge& judge, ActorId actor, const std::string& name, const ScannedBlob& blob) {
  const auto first = blob.first_value ? parse_first_value(*blob.first_value) : std::nullopt;
  const bool whole =
      judge.expect(blob.size && first && first->pieces == blob.pieces, kRange, "orphan-rows", [&] {
        return fmt::format("actor {}: {} has {}, {} and {} pieces", actor, name,
                           blob.first_value ? "its first value" : "no first value",
                           blob.size ? "a size row" : "no size row", blob.pieces);
      });
  if (!whole) return false;
  return judge.expect(
      blob.size->stored_bytes == blob.stored_bytes && blob.size->pieces == blob.pieces, kRange,
      "size-row", [&] {
        return fmt::format(
            "actor {}: the size row of {} says {} bytes in {} pieces; it takes {} in {}", actor,
            name, blob.size->stored_bytes, blob.size->pieces, blob.stored_bytes, blob.pieces);
      });
}

bool in_manifest(const ScannedActor& scanned, uint32_t chunk) {
  return std::any_of(scanned.stage_chunks.begin(), scanned.stage_chunks.end(),
                     [&](const auto& row) { return row.first == chunk; });
}

bool check_delta(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned,
                 DeltaName name) {
  const bool landed = name.txid > head.materialized_txid && name.txid <= head.head_txid;
  const bool staged =
      scanned.stage && name.txid == head.head_txid + 1 && in_manifest(scanned, name.chunk);
  return judge.expect(landed || staged, kRange, "scan", [&] {
    return fmt::format(
        "actor {}: delta {}/{} is there; the head is {}, all up to {} is materialized, {}", actor,
        name.txid, name.chunk, head.head_txid, head.materialized_txid,
        scanned.stage ? "a stage is open" : "no stage is open");
  });
}

bool check_stage(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned) {
  const bool rows = scanned.stage.has_value() || !scanned.stage_chunks.empty();
  if (!rows && !head.stage_open()) return true;
  bool backed = scanned.stage && head.stage_open() && scanned.stage->txid == head.head_txid + 1;
  for (const auto& chunk : scanned.stage_chunks) {
    backed = backed && scanned.deltas.contains({head.head_txid + 1, chunk.first});
  }
  return judge.expect(backed, kRange, "stage", [&] {
    return fmt::format(
        "actor {}: {} stage row, {} manifest rows, head {} next {}: they do not belong together",
        actor, scanned.stage ? "a" : "no", scanned.stage_chunks.size(), head.head_txid,
        head.next_txid);
  });
}

}  // namespace

bool check_delta_range(Judge& judge, ActorId actor, const Head& head, const ScannedActor& scanned) {
  for (const auto& [name, blob] : scanned.deltas) {
    if (!check_delta(judge, actor, head, scanned, name)) return false;
    if (!check_blob(judge, actor, fmt::format("delta {}/{}", name.txid, name.chunk), blob))
      return false;
  }
  for (const auto& [shard, blob] : scanned.shards) {
    if (!check_blob(judge, actor, fmt::format("shard {}", shard), blob)) return false;
  }
  return check_stage(judge, actor, head, scanned);
}

}  // namespace squall::sim
