#include "vfs/staged_commit.h"

#include <algorithm>
#include <utility>

#include "engine/ltx_encoder.h"
#include "engine/staging.h"

namespace squall {

namespace {

Request with_body(const Request& envelope, decltype(Request::body) body) {
  return {envelope.actor, envelope.generation, std::move(body)};
}

}  // namespace

Result<Reply> StagedCommit::run(Request envelope, uint64_t head_txid, CommitId id,
                                const std::vector<NumberedPage>& pages, uint32_t size_pages,
                                Patience& patience) {
  if (Result<void> encoded = encode(head_txid, pages, size_pages); !encoded)
    return Failure(encoded.error());
  const uint64_t digest = stage_digest(file_checksums_);
  const auto chunk_count = static_cast<uint32_t>(chunks_.size());
  bool first_attempt = true;
  bool chunks_wanted = true;
  for (;;) {
    Result<Reply> reply = call_patiently(transport_, patience, [&] {
      if (!std::exchange(first_attempt, false)) ++statistics_.retries;
      if (std::exchange(chunks_wanted, false)) post_chunks(envelope, head_txid, id);
      return with_body(envelope, FinalizeRequest{head_txid, id, size_pages, chunk_count, digest});
    });
    if (reply) return reply;
    const ErrorCode code = reply.error().code;
    const bool refused = code == ErrorCode::kQuotaExceeded || code == ErrorCode::kTooLarge;
    const bool again = code == ErrorCode::kStageIncomplete || (refused && patience.saw_unknown());
    if (!again) return reply;
    chunks_wanted = code == ErrorCode::kStageIncomplete;
    if (chunks_wanted) probe(runtime_, Probe::kVfsStagesAgain);
    if (Result<void> waited = patience.back_off(reply.error()); !waited) {
      return fail(ErrorCode::kUnavailable, waited.error().message + ", and no attempt is left");
    }
  }
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

void StagedCommit::post_chunks(const Request& envelope, uint64_t head_txid, CommitId id) {
  transport_.post(with_body(envelope, StageBeginRequest{head_txid, id}));
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    transport_.post(with_body(envelope, StageRequest{head_txid, id, chunk, chunks_[chunk]}));
  }
}

}  // namespace squall
