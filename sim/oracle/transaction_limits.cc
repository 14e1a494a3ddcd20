#include "sim/oracle/transaction_limits.h"

#include <fmt/format.h>

#include <absl/container/btree_set.h>
#include <algorithm>
#include <optional>

#include "engine/keys.h"
#include "engine/page.h"
#include "engine/rows.h"
#include "engine/structure.h"
#include "sim/store/store_limits.h"

namespace squall::sim {
namespace {

constexpr auto kLimits = Invariant::kTransactionLimits;

bool is_blob(std::string_view key) {
  if (key.size() < kHeadKeyBytes || key[0] != static_cast<char>(kActorKeyByte)) return false;
  return key[kHeadKeyBytes - 1] >= static_cast<char>(RowTag::kDelta);
}

// Of a compaction, by the index rows that it cleared.
struct PassInput {
  size_t shards = 0;
  uint64_t bytes = 0;  // stored bytes of the deltas
};

uint64_t size_of_delta(const SimulatedStore& store, ActorId actor, DeltaName name,
                       std::span<const StoreRow> rows) {
  const Key key = delta_size_key(actor, name);
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const StoreRow& each) {
    return each.key.view() == key.view();
  });
  const StoreValue value = row != rows.end() ? row->before : store.peek(key);
  const auto size = value ? decode_size_row(actor, key, *value) : Result<SizeRow>(SizeRow());
  return size ? size->stored_bytes : 0;
}

PassInput input_of_pass(const SimulatedStore& store, ActorId actor,
                        std::span<const StoreRow> rows) {
  absl::btree_set<uint32_t> shards;
  absl::btree_set<DeltaName> deltas;
  for (const StoreRow& row : rows) {
    const std::optional<ParsedKey> key = parse_key(row.key.view());
    if (!key || key->kind != ParsedKey::Kind::kIndex || row.after || !row.before) continue;
    const Result<IndexRow> index = decode_index_row(actor, row.key.view(), *row.before);
    if (!index) continue;
    shards.insert(shard_of(key->number));
    deltas.insert(index->delta());
  }
  PassInput input{shards.size(), 0};
  if (input.shards < 2) return input;
  for (const DeltaName& delta : deltas) input.bytes += size_of_delta(store, actor, delta, rows);
  return input;
}

}  // namespace

void check_too_large(Judge& judge, const SessionTruth& session, uint64_t pages,
                     const Knobs& knobs) {
  const auto largest = static_cast<uint64_t>(knobs.max_delta_bytes);
  judge.expect(pages * kPageSizeBytes > largest, kLimits, "too-large", [&] {
    return fmt::format("{}: a commit of {} pages was refused as too large; {} bytes are allowed",
                       describe(session), pages, largest);
  });
}

void check_stage_too_large(Judge& judge, const SessionTruth& session, const Knobs& knobs) {
  // Rows, keys and pieces of a blob take less than a quarter of it and a few hundred bytes; and a
  // stranger may have put some chunks of a page into the stage.
  constexpr uint64_t kMostOtherBytes = 64 << 10;
  const uint64_t most = session.most_staged_bytes * 5 / 4 + kMostOtherBytes;
  const auto bound = static_cast<uint64_t>(knobs.max_staged_bytes);
  judge.expect(most > bound, kLimits, "stage-too-large", [&] {
    return fmt::format(
        "{}: a chunk of a staged commit of {} bytes was refused as too large; a "
        "stage may take {}",
        describe(session), session.most_staged_bytes, bound);
  });
}

uint64_t TransactionLimits::largest_value_bytes(std::string_view key) const {
  if (!is_blob(key)) return kMaxValueBytes;
  const bool delta = key[kHeadKeyBytes - 1] == static_cast<char>(RowTag::kDelta);
  const bool piece = key.size() > (delta ? kDeltaKeyBytes : kShardKeyBytes);
  return static_cast<uint64_t>(piece ? knobs_.value_piece_bytes : knobs_.inline_value_bytes);
}

bool TransactionLimits::check(const AppliedCommit& commit) const {
  uint64_t bytes = 0;
  for (const StoreMutation& mutation : commit.mutations) {
    bytes += mutation_bytes(mutation.key.size(), mutation.operand.size());
    const uint64_t largest = largest_value_bytes(mutation.key.view());
    if (mutation.key.size() <= kMaxKeyBytes && mutation.operand.size() <= largest) [[likely]]
      continue;
    return judge_.expect(false, kLimits, "value", [&] {
      return fmt::format(
          "a value of {} bytes was written under a key of {}; the limits here are {} and {}",
          mutation.operand.size(), mutation.key.size(), largest, kMaxKeyBytes);
    });
  }
  for (const StoreKeyRange& range : commit.read_ranges) {
    bytes += conflict_range_bytes(range.begin.size(), range.end.size());
  }
  return judge_.expect(bytes <= kMaxTransactionBytes, kLimits, "transaction", [&] {
    return fmt::format("a transaction of {} bytes landed; the limit is {}", bytes,
                       kMaxTransactionBytes);
  });
}

void TransactionLimits::over_limit(StoreCode code, uint64_t size_bytes) const {
  judge_.expect(false, kLimits, "refused", [&] {
    return fmt::format("the store had to refuse {} bytes: {}", size_bytes, to_string(code));
  });
}

bool TransactionLimits::check_plain(ActorId actor, uint64_t txid, size_t pages) const {
  const auto largest = static_cast<uint64_t>(knobs_.max_delta_bytes);
  return judge_.expect(pages * uint64_t{kPageSizeBytes} <= largest, kLimits, "plain-commit", [&] {
    return fmt::format(
        "actor {}: commit {} of {} pages landed in one delta; the largest is {} bytes", actor, txid,
        pages, largest);
  });
}

bool TransactionLimits::check_pass(const SimulatedStore& store, ActorId actor,
                                   std::span<const StoreRow> rows) const {
  const auto is_shard = [](const StoreRow& row) {
    const std::string_view key = row.key.view();
    return key.size() == kShardKeyBytes &&
           key[kHeadKeyBytes - 1] == static_cast<char>(RowTag::kShard);
  };
  const auto shards = std::count_if(rows.begin(), rows.end(), is_shard);
  const bool few = judge_.expect(shards <= knobs_.shards_per_pass, kLimits, "pass", [&] {
    return fmt::format("actor {}: one pass of compaction changed {} shards; {} is the most", actor,
                       shards, knobs_.shards_per_pass);
  });
  if (!few || shards < 2) return few;
  // One shard may read any number of bytes.
  const PassInput input = input_of_pass(store, actor, rows);
  const auto most = static_cast<uint64_t>(knobs_.pass_input_bytes);
  return judge_.expect(input.shards < 2 || input.bytes <= most, kLimits, "pass-input", [&] {
    return fmt::format("actor {}: one pass of compaction folded {} bytes of deltas; {} is the most",
                       actor, input.bytes, most);
  });
}

bool TransactionLimits::check_finalize(ActorId actor, uint64_t txid,
                                       std::span<const StoreRow> rows) const {
  uint64_t data_bytes = 0;
  for (const StoreRow& row : rows) {
    if (row.after && is_blob(row.key.view())) data_bytes += row.after->size();
  }
  return judge_.expect(data_bytes == 0, kLimits, "finalize", [&] {
    return fmt::format("actor {}: the finalize of commit {} wrote {} bytes of its data again",
                       actor, txid, data_bytes);
  });
}

}  // namespace squall::sim
