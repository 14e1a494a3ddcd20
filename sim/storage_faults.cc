#include "sim/storage_faults.h"

#include "sim/oracle/oracle.h"

namespace squall::sim {

namespace {

// Of the flips in reads that hold the head as well, one in so many is in the head.
constexpr uint64_t kHeadShare = 6;

bool is_of_blob(const ParsedKey& key) {
  using enum ParsedKey::Kind;
  return key.kind == kDelta || key.kind == kDeltaPiece || key.kind == kShard ||
         key.kind == kShardPiece;
}

SharedBytes with_bit_flipped(const SharedBytes& value, uint64_t bit) {
  return SharedBytes::build(value.size(), [&](char* out) {
    std::memcpy(out, value.data(), value.size());
    out[bit / 8] = static_cast<char>(out[bit / 8] ^ (1 << bit % 8));
  });
}

}  // namespace

bool StorageFaults::may_strike(const Plan& plan) {
  return sim::may_strike(plan, Fault::kReadBitFlip) || sim::may_strike(plan, Fault::kLostBlob);
}

void StorageFaults::see(std::span<const std::string_view> keys,
                        std::span<std::optional<SharedBytes>> values) {
  candidates_.clear();
  std::optional<Candidate> head;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!values[i] || values[i]->empty()) continue;
    const std::optional<ParsedKey> key = parse_key(keys[i]);
    if (key && is_of_blob(*key)) candidates_.push_back({i, *key});
    if (key && key->kind == ParsedKey::Kind::kHead) head = Candidate{i, *key};
  }
  if (candidates_.empty()) return;
  const auto fault =
      core_.decisions.ask(site_id(WorldSite::kStoreBlobRead), core_.scheduler.context());
  if (!fault) return;
  trace_fault(core_, *fault);
  const uint64_t draw = keyed_hash(static_cast<uint64_t>(fault->parameter));
  const bool bends_head = head && fault->fault == Fault::kReadBitFlip && draw % kHeadShare == 0;
  const Candidate& chosen = bends_head ? *head : candidates_[below(draw, candidates_.size())];
  std::optional<SharedBytes>& value = values[chosen.index];
  if (fault->fault == Fault::kLostBlob) {
    store_.lose(keys[chosen.index]);
    value.reset();
    oracle_.blob_lost(chosen.key, keys[chosen.index]);
  } else {
    value = with_bit_flipped(*value, below(keyed_hash(draw), value->size() * 8));
    oracle_.blob_flipped(chosen.key);
  }
}

}  // namespace squall::sim
