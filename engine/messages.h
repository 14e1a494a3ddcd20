// The wire messages between a VFS and an engine node, as values. Their BARE encoding is in
// message_codec.h.
//
// Every request names the actor and the generation that its sender got from its takeover; a node
// answers from the store, so any node can answer. Requests are safe to send again: a takeover is
// known by its owner token, a commit by its id.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/page.h"
#include "engine/result.h"
#include "engine/shared_bytes.h"

namespace squall {

using ActorId = uint64_t;

// Who may write. The sequence is persisted by the control plane, the nonce is drawn by the process.
// Lower sequence: superseded. Same sequence and nonce: a replay. Anything else: a takeover.
struct Owner {
  uint64_t start_sequence = 0;
  uint64_t nonce = 0;
  friend bool operator==(const Owner&, const Owner&) = default;
};

// One logical commit of one session, the same in each of its attempts. 0/0 is no commit.
struct CommitId {
  uint64_t session = 0;   // the owner's nonce
  uint64_t sequence = 0;  // 1, 2, 3… within the session
  friend bool operator==(const CommitId&, const CommitId&) = default;
};

struct NumberedPage {
  uint32_t pgno = 0;
  PageRef page;  // in a reply, null: the page lies past the end
};

struct PageRange {
  uint32_t first_pgno = 0;
  uint32_t count = 0;
};

// --- requests ---

struct TakeoverRequest {
  Owner owner;
  // Pages to send along: always page 1, then these, up to max_preload_bytes of raw pages.
  std::vector<uint32_t> preload_pgnos;
  std::vector<PageRange> preload_ranges;
  uint32_t max_preload_bytes = 1 << 20;
};

struct GetPagesRequest {
  std::vector<uint32_t> pgnos;  // distinct, none 0
};

struct CommitRequest {
  uint64_t head_txid = 0;  // the head that the commit builds on
  CommitId commit_id;
  uint32_t size_pages = 0;          // of the database after the commit
  std::vector<NumberedPage> pages;  // strictly increasing pgno, none past size_pages
};

struct StageBeginRequest {
  uint64_t head_txid = 0;
  CommitId commit_id;
};

// Chunks may come again and in any order. Each blob is a whole LTX file of some of the commit's
// pages, with the header that delta_header (staging.h) gives; a page is in one chunk only.
struct StageRequest {
  uint64_t head_txid = 0;
  CommitId commit_id;
  uint32_t chunk = 0;
  SharedBytes blob;
};

struct FinalizeRequest {
  uint64_t head_txid = 0;
  CommitId commit_id;
  uint32_t size_pages = 0;
  uint32_t chunk_count = 0;
  uint64_t digest = 0;  // of the chunks' file checksums in order (staging.h)
};

struct Request {
  ActorId actor = 0;
  uint64_t generation = 0;  // 0 in a takeover
  std::variant<TakeoverRequest, GetPagesRequest, CommitRequest, StageBeginRequest, StageRequest,
               FinalizeRequest>
      body;
};

// --- replies ---

// The actor's head as the node saw it in the store transaction that answered. All zero where none
// was read.
struct HeadView {
  uint64_t generation = 0;
  uint64_t head_txid = 0;
  uint32_t size_pages = 0;
};

struct PagesReply {
  std::vector<NumberedPage> pages;  // in the order asked
};

// Takeover answers with the preloaded pages; commit, stage and finalize with nothing more.
struct DoneReply {};

struct Reply {
  HeadView head;
  std::variant<DoneReply, PagesReply, Error> body;
};

}  // namespace squall
