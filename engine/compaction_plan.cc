#include "engine/compaction_plan.h"

#include <absl/container/btree_set.h>

#include <algorithm>

#include "engine/planted.h"

namespace squall {
namespace {

struct Candidate {
  uint64_t oldest_txid = UINT64_MAX;
  ShardFold fold;
};

std::vector<Candidate> candidates(const ActorRows& rows) {
  std::vector<Candidate> found;
  for (const auto& [pgno, row] : rows.index.rows()) {
    if (pgno > rows.head.size_pages) break;
    if (found.empty() || found.back().fold.shard != shard_of(pgno)) {
      found.emplace_back().fold.shard = shard_of(pgno);
    }
    found.back().oldest_txid = std::min(found.back().oldest_txid, row.txid);
    found.back().fold.pages.push_back({pgno, row});
  }
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return a.oldest_txid < b.oldest_txid;
  });
  return found;
}

const SizeRow* find_shard(const ActorRows& rows, uint32_t shard) {
  const auto found = rows.shards.find(shard);
  return found == rows.shards.end() ? nullptr : &found->second;
}

// Bytes of the deltas that the fold reads and no fold before it.
uint64_t new_input_bytes(const ActorRows& rows, const ShardFold& fold,
                         absl::btree_set<DeltaName>* read) {
  uint64_t bytes = 0;
  for (const FoldedPage& page : fold.pages) {
    const auto delta = rows.deltas.find(page.from.delta());
    if (delta != rows.deltas.end() && read->insert(delta->first).second)
      bytes += delta->second.stored_bytes;
  }
  return bytes;
}

void pick_folds(const ActorRows& rows, const EngineOptions& options, CompactionPlan* plan) {
  absl::btree_set<DeltaName> read;
  uint64_t input_bytes = 0;
  for (Candidate& candidate : candidates(rows)) {
    if (plan->folds.size() >= options.shards_per_pass) return;
    input_bytes += new_input_bytes(rows, candidate.fold, &read);
    if (!plan->folds.empty() && input_bytes > options.pass_input_bytes) return;
    candidate.fold.old = find_shard(rows, candidate.fold.shard);
    plan->folds.push_back(std::move(candidate.fold));
  }
}

void add_boundary_shard(const ActorRows& rows, const EngineOptions& options, CompactionPlan* plan) {
  if (planted(Defect::kShardKeepsPagesPastEnd)) return;
  const uint32_t boundary = shard_of(rows.head.size_pages);
  const SizeRow* old = find_shard(rows, boundary);
  if (old == nullptr || old->last_pgno <= rows.head.size_pages) return;
  // With newer pages in deltas it is picked, or waits for them: its header covers what they hold.
  const auto& index = rows.index.rows();
  const bool has_newer = index.lower_bound(boundary * kPagesPerShard) != index.end();
  if (has_newer || plan->folds.size() >= options.shards_per_pass) return;
  plan->folds.push_back({boundary, {}, old});
}

// The deltas that index rows name which the folds leave in place.
absl::btree_set<DeltaName> still_referenced(const ActorRows& rows, const CompactionPlan& plan) {
  absl::btree_set<uint32_t> folded_shards;
  for (const ShardFold& fold : plan.folds) folded_shards.insert(fold.shard);
  absl::btree_set<DeltaName> referenced;
  for (const auto& [pgno, row] : rows.index.rows()) {
    const bool folded = planted(Defect::kCompactionOverstatesCoverage) ||
                        (pgno <= rows.head.size_pages && folded_shards.contains(shard_of(pgno)));
    if (!folded) referenced.insert(row.delta());
  }
  return referenced;
}

}  // namespace

CompactionPlan plan_compaction(const ActorRows& rows, const EngineOptions& options) {
  CompactionPlan plan;
  pick_folds(rows, options, &plan);
  add_boundary_shard(rows, options, &plan);
  const auto referenced = still_referenced(rows, plan);
  plan.materialized_txid = rows.head.head_txid;
  bool delta_remains = false;
  for (const auto& [name, size] : rows.deltas) {
    // The chunks of an open stage lie above the head, where nothing refers to them yet.
    const bool open_stage = name.txid > rows.head.head_txid;
    if (open_stage && !planted(Defect::kCompactionDeletesOpenStage)) break;
    if (!referenced.contains(name)) {
      plan.dead.emplace_back(name, size);
      continue;
    }
    if (!delta_remains)
      plan.materialized_txid = std::max(name.txid - 1, rows.head.materialized_txid);
    delta_remains = true;
    ++plan.remaining_deltas;
    plan.remaining_bytes += size.stored_bytes;
  }
  return plan;
}

}  // namespace squall
