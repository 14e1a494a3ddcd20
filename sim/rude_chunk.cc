#include "sim/rude_chunk.h"

#include <utility>

#include "engine/assert.h"
#include "engine/ltx_encoder.h"
#include "engine/staging.h"

namespace squall::sim {

Result<std::optional<Head>> stored_head(const SimulatedStore& store, ActorId actor) {
  const StoreValue stored = store.peek(head_key(actor));
  if (!stored) return std::nullopt;
  auto head = decode_head(actor, *stored);
  if (!head) return Failure(std::move(head.error()));
  return std::move(*head);
}

Chunk make_chunk(uint64_t head_txid, uint32_t first_pgno, std::span<const std::string> pages) {
  ltx::Encoder encoder;
  uint32_t pgno = first_pgno;
  const auto size_pages = static_cast<uint32_t>(first_pgno + pages.size() - 1);
  const auto begun = encoder.begin(delta_header(head_txid, size_pages, 0));
  SQUALL_ASSERT(begun);
  for (const std::string& page : pages) {
    const auto added = encoder.add_page(pgno++, page);
    SQUALL_ASSERT(added);
  }
  const auto file = encoder.finish();
  SQUALL_ASSERT(file);
  return {SharedBytes(*file), encoder.file_checksum()};
}

}  // namespace squall::sim
