#include "sim/storage_faults.h"

#include <algorithm>
#include <bit>

#include "engine/assert.h"
#include "sim/oracle/oracle.h"

namespace squall::sim {

namespace {

// Of the flips in reads that hold blobs and the head, one in so many is in the head.
constexpr uint64_t kHeadShare = 6;
// Where a stray value comes from: one of the first so many of its kind.
constexpr size_t kMostStrays = 16;

bool is_of_blob(ParsedKey::Kind kind) {
  using enum ParsedKey::Kind;
  return kind == kDelta || kind == kDeltaPiece || kind == kShard || kind == kShardPiece;
}

SharedBytes with_bit_flipped(const SharedBytes& value, uint64_t bit) {
  SQUALL_ASSERT(bit / 8 < value.size());
  return SharedBytes::build(value.size(), [&](char* out) {
    std::memcpy(out, value.data(), value.size());
    out[bit / 8] = static_cast<char>(out[bit / 8] ^ (1 << bit % 8));
  });
}

}  // namespace

bool StorageFaults::may_strike(const Plan& plan) {
  return sim::may_strike(plan, Fault::kReadBitFlip) || sim::may_strike(plan, Fault::kLostBlob) ||
         sim::may_strike(plan, Fault::kMisdirectedRead);
}

void StorageFaults::see(std::span<const std::string_view> keys,
                        std::span<std::optional<SharedBytes>> values) {
  blobs_.clear();
  rows_.clear();
  std::optional<Candidate> head;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (!values[i] || values[i]->empty()) continue;
    const std::optional<ParsedKey> key = parse_key(keys[i]);
    if (!key) continue;
    if (key->kind == ParsedKey::Kind::kHead) head = Candidate{i, *key};
    (is_of_blob(key->kind) ? blobs_ : rows_).push_back({i, *key});
  }
  if (!blobs_.empty()) strike_blobs(keys, values, head);
  if (rows_.size() > (head ? 1 : 0)) strike_rows(keys, values);
}

void StorageFaults::strike_blobs(std::span<const std::string_view> keys,
                                 std::span<std::optional<SharedBytes>> values,
                                 const std::optional<Candidate>& head) {
  const auto fault =
      core_.decisions.ask(site_id(WorldSite::kStoreBlobRead), core_.scheduler.context());
  if (!fault) return;
  const uint64_t draw = keyed_hash(static_cast<uint64_t>(fault->parameter));
  const bool bends_head = head && fault->fault == Fault::kReadBitFlip && draw % kHeadShare == 0;
  const Candidate& chosen = bends_head ? *head : blobs_[below(draw, blobs_.size())];
  do_to(chosen, *fault, draw, keys[chosen.index], &values[chosen.index]);
}

void StorageFaults::strike_rows(std::span<const std::string_view> keys,
                                std::span<std::optional<SharedBytes>> values) {
  const auto fault =
      core_.decisions.ask(site_id(WorldSite::kStoreRowRead), core_.scheduler.context());
  if (!fault) return;
  const uint64_t draw = keyed_hash(static_cast<uint64_t>(fault->parameter));
  const Candidate& chosen = choose_row(draw);
  do_to(chosen, *fault, draw, keys[chosen.index], &values[chosen.index]);
}

const StorageFaults::Candidate& StorageFaults::choose_row(uint64_t draw) const {
  uint32_t kinds = 0;
  for (const Candidate& row : rows_) kinds |= 1u << static_cast<uint32_t>(row.key.kind);
  for (uint64_t skip = below(draw, std::popcount(kinds)); skip > 0; --skip) kinds &= kinds - 1;
  const auto kind = static_cast<ParsedKey::Kind>(std::countr_zero(kinds));
  const auto is_it = [kind](const Candidate& row) { return row.key.kind == kind; };
  const auto count = static_cast<uint64_t>(std::count_if(rows_.begin(), rows_.end(), is_it));
  auto row = std::find_if(rows_.begin(), rows_.end(), is_it);
  for (uint64_t skip = below(keyed_hash(draw, 1), count); skip > 0; --skip)
    row = std::find_if(row + 1, rows_.end(), is_it);
  return *row;
}

void StorageFaults::do_to(const Candidate& chosen, const Perturbation& fault, uint64_t draw,
                          std::string_view key, std::optional<SharedBytes>* value) {
  trace_fault(core_, fault);
  if (fault.fault == Fault::kLostBlob) {
    store_.lose(key);
    value->reset();
    oracle_.blob_lost(chosen.key, key);
    return;
  }
  if (fault.fault == Fault::kReadBitFlip) {
    *value = with_bit_flipped(**value, below(keyed_hash(draw), (*value)->size() * 8));
  } else if (auto stray = stray_value(chosen.key, key, draw)) {
    *value = std::move(stray);
  } else {
    return;
  }
  oracle_.value_bent(chosen.key, key);
}

std::optional<SharedBytes> StorageFaults::stray_value(const ParsedKey& key,
                                                      std::string_view stored_key,
                                                      uint64_t draw) const {
  std::vector<SharedBytes> strays;
  const auto tag = static_cast<RowTag>(stored_key[kHeadKeyBytes - 1]);
  store_.scan(tag_key(key.actor, tag), tag_end_key(key.actor, tag),
              [&](std::string_view other_key, const SharedBytes& value) {
                const std::optional<ParsedKey> other = parse_key(other_key);
                if (other && other->kind == key.kind && other_key != stored_key)
                  strays.push_back(value);
                return strays.size() < kMostStrays;
              });
  if (strays.empty()) return std::nullopt;
  return strays[below(keyed_hash(draw, 2), strays.size())];
}

}  // namespace squall::sim
