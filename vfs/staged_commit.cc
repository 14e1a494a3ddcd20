#include "vfs/staged_commit.h"

#include <algorithm>
#include <utility>

#include "engine/ltx_encoder.h"
#include "engine/staging.h"

namespace squall {

namespace {

// A node holds a bounded number of requests for a connection, and refuses those beyond it.
constexpr uint32_t kMostUnheardChunks = 32;

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
  if (Result<void> posted = post_chunks(envelope, head_txid, id); !posted)
    return Failure(posted.error());
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
      Result<void> staged = stage_again(envelope, head_txid, id);
      const bool doubtful = patience.saw_unknown() && !staged && is_refusal(staged.error().code);
      if (!staged && !doubtful) return Failure(staged.error());
    }
    if (Result<void> waited = patience.back_off(reply.error()); !waited) {
      return fail(ErrorCode::kUnavailable, waited.error().message + ", and no attempt is left");
    }
  }
}

// Hears each answer: a chunk that is too large for the stage will never be there. Once one does not
// come, the others are only sent: the finalize will tell.
Result<void> StagedCommit::stage_again(const Request& envelope, uint64_t head_txid, CommitId id) {
  bool process_dead = false;
  Result<Reply> reply =
      call_once(transport_, with_body(envelope, StageBeginRequest{head_txid, id}), &process_dead);
  for (uint32_t chunk = 0; chunk < chunks_.size() && !process_dead; ++chunk) {
    if (!reply && !may_come_yet(reply.error().code)) return Failure(std::move(reply.error()));
    Request request = with_body(envelope, StageRequest{head_txid, id, chunk, chunks_[chunk]});
    if (reply) {
      reply = call_once(transport_, std::move(request), &process_dead);
    } else {
      transport_.post(std::move(request));
    }
  }
  if (reply || may_come_yet(reply.error().code)) return {};
  return Failure(std::move(reply.error()));
}

Result<void> StagedCommit::encode(uint64_t head_txid, const std::vector<NumberedPage>& pages,
                                  uint32_t size_pages) {
  const ltx::Header header = delta_header(head_txid, size_pages, runtime_.wall_us());
  const size_t pages_per_chunk = std::max<size_t>(1, options_.stage_chunk_bytes / kPageSizeBytes);
  ltx::Encoder encoder;
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

// Once a chunk that is waited for does not come, the others are only sent: the finalize will tell.
Result<void> StagedCommit::post_chunks(const Request& envelope, uint64_t head_txid, CommitId id) {
  transport_.post(with_body(envelope, StageBeginRequest{head_txid, id}));
  bool heard = true;
  bool process_dead = false;
  for (uint32_t chunk = 0; chunk < chunks_.size() && !process_dead; ++chunk) {
    Request request = with_body(envelope, StageRequest{head_txid, id, chunk, chunks_[chunk]});
    if (!heard || chunk % kMostUnheardChunks != kMostUnheardChunks - 1) {
      transport_.post(std::move(request));
      continue;
    }
    Result<Reply> reply = call_once(transport_, std::move(request), &process_dead);
    heard = reply.has_value();
    if (!reply && !may_come_yet(reply.error().code)) return Failure(std::move(reply.error()));
  }
  return {};
}

}  // namespace squall
