// An engine for the VFS's tests: a page map for each actor with the rules of generation, head and
// commit id, and no store behind it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <variant>

#include "engine/ltx_blob.h"
#include "engine/messages.h"
#include "engine/page.h"
#include "engine/staging.h"

namespace squall::test_support {

struct FakeActor {
  Owner owner;
  HeadView head;
  CommitId last_commit;
  std::map<uint32_t, PageRef> pages;
  CommitId staged_commit;
  std::map<uint32_t, ltx::OpenedBlob> chunks;
};

class FakeEngine {
 public:
  explicit FakeEngine(PagePool& pool) : pool_(pool) {}

  uint32_t quota_pages = UINT32_MAX;
  size_t max_delta_bytes = 8 << 20;
  std::set<uint32_t> corrupt_pages;
  int lose_chunks = 0;                // this many chunks vanish
  uint32_t most_chunks = UINT32_MAX;  // in a stage

  struct Counts {
    int commits = 0;  // requests that became a new head
    int replays = 0;  // of commits that had landed
    int page_requests = 0;
    int pages_sent = 0;
    int largest_commit_pages = 0;
  } counts;

  FakeActor& actor(ActorId id) { return actors_[id]; }

  Reply handle(const Request& request) {
    FakeActor& actor = actors_[request.actor];
    if (auto* takeover = std::get_if<TakeoverRequest>(&request.body))
      return take_over(actor, *takeover);
    return std::visit([&](const auto& body) { return serve(actor, request.generation, body); },
                      request.body);
  }

 private:
  static Reply error(const FakeActor& actor, ErrorCode code, std::string text) {
    return {actor.head, Error{code, std::move(text)}};
  }

  Reply take_over(FakeActor& actor, const TakeoverRequest& request) {
    if (request.owner.start_sequence < actor.owner.start_sequence) {
      return error(actor, ErrorCode::kSuperseded, "an older start");
    }
    if (actor.owner != request.owner) {
      actor.owner = request.owner;
      ++actor.head.generation;
      actor.staged_commit = {};
      actor.chunks.clear();
    }
    PagesReply reply;
    const auto add = [&](uint32_t pgno) {
      auto page = actor.pages.find(pgno);
      if (page != actor.pages.end()) reply.pages.push_back({pgno, page->second});
    };
    add(1);
    for (uint32_t pgno : request.preload_pgnos) add(pgno);
    for (PageRange range : request.preload_ranges) {
      for (uint32_t i = 0; i < range.count; ++i) add(range.first_pgno + i);
    }
    return {actor.head, reply};
  }

  Reply serve(FakeActor& actor, uint64_t, const TakeoverRequest& request) {
    return take_over(actor, request);
  }

  Reply serve(FakeActor& actor, uint64_t generation, const GetPagesRequest& request) {
    if (generation != actor.head.generation) return error(actor, ErrorCode::kFenced, "fenced");
    ++counts.page_requests;
    PagesReply reply;
    for (uint32_t pgno : request.pgnos) {
      if (pgno == 0) return error(actor, ErrorCode::kInvalidRequest, "page 0");
      if (corrupt_pages.contains(pgno)) {
        return error(actor, ErrorCode::kCorrupt, "page " + std::to_string(pgno) + " is corrupt");
      }
      auto page = actor.pages.find(pgno);
      reply.pages.push_back({pgno, page == actor.pages.end() ? PageRef() : page->second});
      ++counts.pages_sent;
    }
    return {actor.head, reply};
  }

  Reply serve(FakeActor& actor, uint64_t generation, const CommitRequest& request) {
    if (request.pages.size() * kPageSizeBytes > max_delta_bytes) {
      return error(actor, ErrorCode::kTooLarge, "too large");
    }
    return land(actor, generation, request.head_txid, request.commit_id, request.size_pages,
                request.pages);
  }

  Reply serve(FakeActor& actor, uint64_t generation, const StageBeginRequest& request) {
    if (fenced(actor, generation, request.head_txid))
      return error(actor, ErrorCode::kFenced, "fenced");
    if (actor.staged_commit == request.commit_id) return {actor.head, DoneReply{}};
    actor.staged_commit = request.commit_id;
    actor.chunks.clear();
    return {actor.head, DoneReply{}};
  }

  Reply serve(FakeActor& actor, uint64_t generation, const StageRequest& request) {
    if (fenced(actor, generation, request.head_txid))
      return error(actor, ErrorCode::kFenced, "fenced");
    if (actor.staged_commit != request.commit_id)
      return error(actor, ErrorCode::kStageIncomplete, "no stage");
    if (lose_chunks > 0) {
      --lose_chunks;
      return error(actor, ErrorCode::kUnavailable, "chunk lost");
    }
    if (request.chunk >= most_chunks)
      return error(actor, ErrorCode::kTooLarge, "the stage is full");
    auto blob = ltx::OpenedBlob::open(request.blob);
    if (!blob || blob->header().min_txid != blob_txid(request.head_txid + 1) ||
        blob->header().page_size_bytes != kPageSizeBytes) {
      return error(actor, ErrorCode::kInvalidRequest, "bad chunk");
    }
    actor.chunks.insert_or_assign(request.chunk, *blob);
    return {actor.head, DoneReply{}};
  }

  Reply serve(FakeActor& actor, uint64_t generation, const FinalizeRequest& request) {
    if (actor.last_commit == request.commit_id)
      return land(actor, generation, request.head_txid, request.commit_id, 0, {});
    if (fenced(actor, generation, request.head_txid))
      return error(actor, ErrorCode::kFenced, "fenced");
    std::vector<uint64_t> checksums;
    std::vector<NumberedPage> pages;
    for (const auto& [chunk, blob] : actor.chunks) {
      checksums.push_back(blob.file_checksum());
      for (const ltx::PageEntry& entry : blob.pages()) {
        pages.push_back({entry.pgno, pool_.build([&](char* out) {
                           (void)blob.read_page(entry, out).has_value();
                         })});
      }
    }
    if (actor.staged_commit != request.commit_id || actor.chunks.size() != request.chunk_count ||
        stage_digest(checksums) != request.digest) {
      return error(actor, ErrorCode::kStageIncomplete, "chunks are missing");
    }
    return land(actor, generation, request.head_txid, request.commit_id, request.size_pages, pages);
  }

  static bool fenced(const FakeActor& actor, uint64_t generation, uint64_t head_txid) {
    return generation != actor.head.generation || head_txid != actor.head.head_txid;
  }

  Reply land(FakeActor& actor, uint64_t generation, uint64_t head_txid, CommitId id,
             uint32_t size_pages, const std::vector<NumberedPage>& pages) {
    if (actor.last_commit == id) {
      ++counts.replays;
      return {actor.head, DoneReply{}};
    }
    if (fenced(actor, generation, head_txid)) return error(actor, ErrorCode::kFenced, "fenced");
    uint32_t last = 0;
    uint32_t new_pages = 0;
    for (const NumberedPage& page : pages) {
      if (page.pgno <= last || page.pgno > size_pages || !page.page) {
        return error(actor, ErrorCode::kInvalidRequest, "bad pages");
      }
      last = page.pgno;
      if (page.pgno > actor.head.size_pages) ++new_pages;
    }
    if (size_pages > actor.head.size_pages && new_pages != size_pages - actor.head.size_pages) {
      return error(actor, ErrorCode::kInvalidRequest, "growth is not explicit");
    }
    if (size_pages > actor.head.size_pages && size_pages > quota_pages) {
      return error(actor, ErrorCode::kQuotaExceeded, "over quota");
    }
    for (const NumberedPage& page : pages) actor.pages[page.pgno] = page.page;
    actor.pages.erase(actor.pages.upper_bound(size_pages), actor.pages.end());
    actor.last_commit = id;
    actor.staged_commit = {};
    actor.chunks.clear();
    ++actor.head.head_txid;
    actor.head.size_pages = size_pages;
    ++counts.commits;
    counts.largest_commit_pages =
        std::max<int>(counts.largest_commit_pages, static_cast<int>(pages.size()));
    return {actor.head, DoneReply{}};
  }

  PagePool& pool_;
  std::map<ActorId, FakeActor> actors_;
};

}  // namespace squall::test_support
