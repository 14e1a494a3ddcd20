#include "vfs/staged_commit.h"

#include <algorithm>
#include <utility>

#include "engine/ltx_encoder.h"
#include "engine/staging.h"

namespace squall {

namespace {

// A node holds a bounded number of requests for a connection, and refuses those beyond it.
constexpr uint32_t kHeardEvery = 32;

Request with_body(const Request& envelope, decltype(Request::body) body) {
  return {envelope.actor, envelope.generation, std::move(body)};
}

bool may_come_yet(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kStageIncomplete;
}

}  // namespace

Result<Reply> StagedCommit::run(Request envelope, uint64_t head_txid, CommitId id,
                                const std::vector<NumberedPage>& pages, uint32_t size_pages,
                                Patience& patience) {
  if (Result<void> encoded = encode(head_txid, pages, size_pages); !encoded)
    return Failure(encoded.error());
  const uint64_t digest = stage_digest(file_checksums_);
  const auto chunk_count = static_cast<uint32_t>(chunks_.size());
  if (Result<void> staged = stage(envelope, head_txid, id, kHeardEvery); !staged)
    return Failure(staged.error());
  bool first_attempt = true;
  for (;;) {
    Result<Reply> reply = call_patiently(transport_, patience, [&] {
      if (!std::exchange(first_attempt, false)) ++statistics_.retries;
      return with_body(envelope, FinalizeRequest{head_txid, id, size_pages, chunk_count, digest});
    });
    if (reply) return reply;
    const ErrorCode code = reply.error().code;
    const bool again =
        code == ErrorCode::kStageIncomplete || (is_refusal(code) && patience.saw_unknown());
    if (!again) return reply;
    if (code == ErrorCode::kStageIncomplete) {
      probe(runtime_, Probe::kVfsStagesAgain);
      Result<void> staged = stage(envelope, head_txid, id, 1);
      const bool doubtful = patience.saw_unknown() && !staged && is_refusal(staged.error().code);
      if (!staged && !doubtful) return Failure(staged.error());
    }
    if (Result<void> waited = patience.back_off(reply.error()); !waited) {
      return fail(ErrorCode::kUnavailable, waited.error().message + ", and no attempt is left");
    }
  }
}

// Once an answer that is waited for does not come, the rest is only sent: the finalize will tell.
Result<void> StagedCommit::stage(const Request& envelope, uint64_t head_txid, CommitId id,
                                 uint32_t heard_every) {
  bool heard = true;
  bool process_dead = false;
  for (uint32_t sent = 0; sent <= chunks_.size() && !process_dead; ++sent) {
    Request request = with_body(envelope, StageBeginRequest{head_txid, id});
    if (sent > 0) request.body = StageRequest{head_txid, id, sent - 1, chunks_[sent - 1]};
    if (!heard || (sent + 1) % heard_every != 0) {
      transport_.post(std::move(request));
      continue;
    }
    const Result<Reply> reply = call_once(transport_, std::move(request), &process_dead);
    heard = reply.has_value();
    if (!heard && !may_come_yet(reply.error().code)) return Failure(reply.error());
  }
  return {};
}

Result<void> StagedCommit::encode(uint64_t head_txid, const std::vector<NumberedPage>& pages,
                                  uint32_t size_pages) {
  const ltx::Header header = delta_header(head_txid, size_pages, runtime_.wall_us());
  const size_t pages_per_chunk = std::max<size_t>(1, options_.stage_chunk_bytes / kPageSizeBytes);
  ltx::Encoder encoder(options_.lz4_acceleration);
  for (size_t first = 0; first < pages.size(); first += pages_per_chunk) {
    ltx::LtxResult<void> written = encoder.begin(header);
    const size_t end = std::min(pages.size(), first + pages_per_chunk);
    for (size_t i = first; written && i < end; ++i)
      written = encoder.add_page(pages[i].pgno, pages[i].page.view());
    if (!written)
      return fail(ErrorCode::kInvalidRequest, "encoding a chunk: " + written.error().message());
    ltx::LtxResult<std::string_view> file = encoder.finish();
    if (!file)
      return fail(ErrorCode::kInvalidRequest, "encoding a chunk: " + file.error().message());
    chunks_.emplace_back(*file);
    file_checksums_.push_back(encoder.file_checksum());
  }
  return {};
}

}  // namespace squall
