#include "sim/oracle/shrink_clean.h"

#include <fmt/format.h>

#include <optional>

#include "engine/structure.h"

namespace squall::sim {
namespace {

std::optional<uint32_t> first_number(const SimulatedStore& store, const Key& begin,
                                     const Key& end) {
  std::optional<uint32_t> found;
  store.scan(begin, end, [&](std::string_view key, const SharedBytes&) {
    const std::optional<ParsedKey> parsed = parse_key(key);
    found = parsed ? parsed->number : 0;
    return false;
  });
  return found;
}

}  // namespace

bool check_nothing_past_end(Judge& judge, const SimulatedStore& store, ActorId actor,
                            uint32_t size_pages, std::string_view site) {
  // An empty database keeps no shard at all; else the boundary shard stays.
  const uint32_t first_shard = size_pages == 0 ? 0 : shard_of(size_pages) + 1;
  struct Part {
    const char* what;
    RowTag tag;
    uint32_t from;
  };
  const Part parts[] = {{"index row", RowTag::kIndex, size_pages + 1},
                        {"shard", RowTag::kShard, first_shard},
                        {"size row of shard", RowTag::kShardSize, first_shard}};
  for (const Part& part : parts) {
    const std::optional<uint32_t> left =
        first_number(store, numbered_key(actor, part.tag, part.from), tag_end_key(actor, part.tag));
    const bool holds = judge.expect(!left, Invariant::kShrinkClean, site, [&] {
      return fmt::format("actor {}: the database has {} pages, and the {} {} is still there", actor,
                         size_pages, part.what, *left);
    });
    if (!holds) return false;
  }
  return true;
}

}  // namespace squall::sim
