#include "engine/message_check.h"

#include <algorithm>

#include "engine/rows.h"

namespace squall {
namespace {

Failure invalid(const char* why) { return fail(ErrorCode::kInvalidRequest, why); }

Result<void> check_commit_id(const CommitId& id) {
  if (id == CommitId{}) return invalid("a commit without an id");
  return {};
}

Result<void> check(const TakeoverRequest& request) {
  for (const uint32_t pgno : request.preload_pgnos) {
    if (pgno == 0) return invalid("a preload hint of page 0");
  }
  for (const PageRange& range : request.preload_ranges) {
    if (range.first_pgno == 0) return invalid("a preload range that begins at page 0");
  }
  return {};
}

Result<void> check(const GetPagesRequest& request) {
  if (std::is_sorted(request.pgnos.begin(), request.pgnos.end(), std::less_equal<>())) {
    if (!request.pgnos.empty() && request.pgnos.front() == 0) return invalid("page 0 asked for");
    return {};
  }
  std::vector<uint32_t> sorted = request.pgnos;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() == 0) return invalid("page 0 asked for");
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    return invalid("a page asked for twice");
  return {};
}

Result<void> check(const CommitRequest& request) {
  if (request.size_pages == 0) return invalid("a commit that leaves no page");
  uint32_t last = 0;
  for (const NumberedPage& numbered : request.pages) {
    if (numbered.pgno == 0) return invalid("a commit of page 0");
    if (numbered.pgno <= last) return invalid("the pages of a commit don't rise");
    if (!numbered.page) return invalid("a commit page without bytes");
    last = numbered.pgno;
  }
  if (last > request.size_pages) return invalid("a commit page past the size");
  return check_commit_id(request.commit_id);
}

Result<void> check(const StageBeginRequest& request) { return check_commit_id(request.commit_id); }

Result<void> check(const StageRequest& request) {
  if (request.chunk >= kMaxChunks) return invalid("a chunk number beyond 65535");
  return check_commit_id(request.commit_id);
}

Result<void> check(const FinalizeRequest& request) {
  if (request.size_pages == 0) return invalid("a commit that leaves no page");
  if (request.chunk_count == 0 || request.chunk_count > kMaxChunks) {
    return invalid("a finalize of no chunks, or of more than 65536");
  }
  return check_commit_id(request.commit_id);
}

}  // namespace

Result<void> check_request(const Request& request) {
  return std::visit([](const auto& body) { return check(body); }, request.body);
}

}  // namespace squall
