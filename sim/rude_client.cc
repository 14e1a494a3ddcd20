#include "sim/rude_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/error_mask.h"
#include "sim/rude_chunk.h"

namespace squall::sim {
namespace {

constexpr auto kChecked = Invariant::kRequestsChecked;

// The head may have moved since it was looked at, and anything may be down or damaged.
constexpr uint32_t kAlways =
    error_mask({ErrorCode::kFenced, ErrorCode::kUnavailable, ErrorCode::kCorrupt});

// A head or generation that no run comes to.
constexpr uint64_t kFar = UINT64_C(1) << 32;

SharedBytes chunk_of_page_1(uint64_t head_txid) {
  const std::string zeros(kPageSizeBytes, '\0');
  return make_chunk(head_txid, 1, {&zeros, 1}).blob;
}

struct Rude {
  Request request;
  uint32_t codes = 0;  // beside kAlways
};

// Makes up requests about one actor whose head is known.
class Rudeness {
 public:
  Rudeness(ActorId actor, const Head& head, int64_t max_delta_bytes, PagePool& pages)
      : head_(head), max_delta_bytes_(max_delta_bytes), pages_(pages) {
    request_.actor = actor;
    request_.generation = head.generation;
    commit_.head_txid = head.head_txid;
    commit_.commit_id = {head.owner.nonce, UINT64_C(1) << 40};
    commit_.size_pages = std::max(1u, head.size_pages);
    commit_.pages = {zero(1)};
  }

  Rude make(uint64_t kind) {
    const uint32_t size = head_.size_pages;
    switch (kind) {
      case 0:
        commit_.size_pages = size + 2;
        commit_.pages = {zero(size + 2)};
        return commit(error_mask({ErrorCode::kInvalidRequest}));
      case 1: commit_.pages = {zero(commit_.size_pages + 1)}; break;
      case 2: commit_.pages = {zero(1), zero(1)}; break;
      case 3: commit_.pages = {zero(0)}; break;
      case 4: commit_.size_pages = 0; break;
      case 5: commit_.commit_id = {}; break;
      case 6: return too_large();
      case 7: commit_.head_txid += head_.head_txid > 0 ? UINT64_MAX : kFar; return commit(0);
      case 8: commit_.head_txid += kFar; return commit(0);
      case 9: request_.generation += head_.generation > 1 ? UINT64_MAX : kFar; return commit(0);
      case 10: request_.generation += kFar; return read({1}, 0);
      case 11: return read({0}, error_mask({ErrorCode::kInvalidRequest}));
      case 12: return read({1, 1}, error_mask({ErrorCode::kInvalidRequest}));
      case 13: return read({size + 1}, 0);
      case 14: return stage(commit_.head_txid, error_mask({ErrorCode::kStageIncomplete}));
      case 15: return stage(commit_.head_txid + 1, error_mask({ErrorCode::kInvalidRequest}));
      case 16: return finalize(1, error_mask({ErrorCode::kStageIncomplete}));
      default: return finalize(0, error_mask({ErrorCode::kInvalidRequest}));
    }
    return commit(error_mask({ErrorCode::kInvalidRequest}));
  }
  static constexpr uint64_t kKinds = 18;

 private:
  NumberedPage zero(uint32_t pgno) const { return {pgno, pages_.zero()}; }

  Rude with(decltype(Request::body) body, uint32_t codes) {
    request_.body = std::move(body);
    return {std::move(request_), codes};
  }
  Rude commit(uint32_t codes) { return with(std::move(commit_), codes); }
  Rude read(std::vector<uint32_t> pgnos, uint32_t codes) {
    return with(GetPagesRequest{std::move(pgnos)}, codes);
  }
  // Nothing else is wrong with it. It stays small: where the largest delta is large, it is another.
  Rude too_large() {
    const int64_t pages = max_delta_bytes_ / kPageSizeBytes + 1;
    if (pages > 64) return make(0);
    commit_.pages.clear();
    for (uint32_t pgno = 1; pgno <= pages; ++pgno) commit_.pages.push_back(zero(pgno));
    for (auto pgno = static_cast<uint32_t>(pages) + 1; pgno <= head_.size_pages; ++pgno)
      commit_.pages.push_back(zero(pgno));
    commit_.size_pages = commit_.pages.back().pgno;
    return commit(error_mask({ErrorCode::kTooLarge}));
  }
  // A sound chunk by itself, of a stage that nobody has begun.
  Rude stage(uint64_t blob_head_txid, uint32_t codes) {
    return with(
        StageRequest{commit_.head_txid, commit_.commit_id, 0, chunk_of_page_1(blob_head_txid)},
        codes);
  }
  Rude finalize(uint32_t chunks, uint32_t codes) {
    return with(
        FinalizeRequest{commit_.head_txid, commit_.commit_id, commit_.size_pages, chunks, 0},
        codes);
  }

  const Head& head_;
  const int64_t max_delta_bytes_;
  PagePool& pages_;
  Request request_;
  CommitRequest commit_;
};

// A late copy of a request of the commit that landed last, with other pages in it.
Request landed_again(ActorId actor, const Head& head, uint64_t kind, PagePool& pages) {
  const CommitId& id = head.last_commit;
  const uint64_t base = head.head_txid - 1;
  Request request{actor, head.generation, {}};
  switch (kind % 4) {
    case 0: request.body = CommitRequest{base, id, head.size_pages, {{1, pages.zero()}}}; break;
    case 1: request.body = StageBeginRequest{base, id}; break;
    case 2: request.body = StageRequest{base, id, 0, chunk_of_page_1(base)}; break;
    default: request.body = FinalizeRequest{base, id, head.size_pages, 1, kind}; break;
  }
  return request;
}

// Nobody may have been told yet that this head landed; so a read version from before it is legal.
bool answered_from_before(const HeadView& head, const Reply& reply) {
  return reply.head.generation != 0 && std::tie(reply.head.generation, reply.head.head_txid) <
                                           std::tie(head.generation, head.head_txid);
}

}  // namespace

void RudeClient::next(int64_t number) {
  if (number > core_.plan.knobs.rude_requests) return;
  const uint64_t draw = keyed_hash(core_.plan.decision_key, 0x7D, static_cast<uint64_t>(number));
  // Some come close together, some after a while.
  const int64_t wait_us = int64_t{1000} << below(draw, 10);
  core_.scheduler.after(wait_us, draw, [this, number] {
    ask(number);
    next(number + 1);
  });
}

void RudeClient::ask(int64_t number) {
  const uint64_t draw = keyed_hash(core_.plan.decision_key, 0x7E, static_cast<uint64_t>(number));
  const ActorId actor = 1 + below(draw, core_.plan.workload.actors.size());
  EngineNode* node = choose_node_(keyed_hash(draw, 1));
  const auto stored = stored_head(store_, actor);
  if (node == nullptr || !stored) return;
  const Head head = stored->value_or(Head());
  if (head.last_commit != CommitId{} && below(keyed_hash(draw, 3), 4) == 0)
    return ask_again(actor, *node, head, number);
  Rude rude = Rudeness(actor, head, core_.plan.knobs.max_delta_bytes, pages_)
                  .make(below(keyed_hash(draw, 2), Rudeness::kKinds));
  const uint32_t codes = rude.codes | kAlways;
  node->ask(std::move(rude.request), static_cast<uint64_t>(number),
            [this, codes, known = head.view()](const Request& request, const Reply& reply) {
              check_rude(oracle_, known, request, codes, reply);
            });
}

void RudeClient::ask_again(ActorId actor, EngineNode& node, const Head& head, int64_t number) {
  const uint64_t kind = keyed_hash(core_.plan.decision_key, 0x84, static_cast<uint64_t>(number));
  node.ask(landed_again(actor, head, kind, pages_), static_cast<uint64_t>(number),
           [this, then = head](const Request& request, const Reply& reply) {
             const auto now = stored_head(store_, request.actor);
             if (now && *now && (*now)->last_commit == then.last_commit)
               check_landed_again(oracle_, then.view(), request, reply);
           });
}

void check_landed_again(Oracle& oracle, const HeadView& landed, const Request& request,
                        const Reply& reply) {
  if (oracle.violated() || answered_from_before(landed, reply)) return;
  oracle.evaluated(kChecked);
  const Error* error = std::get_if<Error>(&reply.body);
  const bool trouble = error != nullptr && (error->code == ErrorCode::kUnavailable ||
                                            error->code == ErrorCode::kCorrupt);
  if (trouble || std::holds_alternative<DoneReply>(reply.body)) return;
  oracle.report(kChecked, "again",
                fmt::format("actor {}: a request of kind {} of the commit that landed as {} came "
                            "once more and was answered with {}",
                            request.actor, request.body.index(), landed.head_txid,
                            error != nullptr ? error->message : "pages"));
}

void check_rude(Oracle& oracle, const HeadView& known, const Request& request,
                uint32_t allowed_codes, const Reply& reply) {
  if (oracle.violated()) return;
  oracle.evaluated(kChecked);
  // What is stale for the known head fits an older one: then its growth is what is wrong, or its
  // quota.
  if (answered_from_before(known, reply))
    allowed_codes |= error_mask({ErrorCode::kInvalidRequest, ErrorCode::kQuotaExceeded});
  const Error* error = std::get_if<Error>(&reply.body);
  if (error != nullptr && (allowed_codes & error_mask({error->code})) != 0) return;
  const auto* pages = std::get_if<PagesReply>(&reply.body);
  const bool past_end = pages != nullptr && pages->pages.size() == 1 &&
                        pages->pages[0].pgno > reply.head.size_pages && !pages->pages[0].page;
  // The database may have grown over the page since.
  const bool there = pages != nullptr && pages->pages.size() == 1 && pages->pages[0].pgno > 0 &&
                     pages->pages[0].pgno <= reply.head.size_pages && pages->pages[0].page &&
                     reply.head.generation == request.generation;
  if (past_end || there) return;
  oracle.report(
      kChecked, "reply",
      fmt::format("actor {}: a rude request of kind {} (generation {}) was answered with {}, at "
                  "generation {} head {}",
                  request.actor, request.body.index(), request.generation,
                  error != nullptr ? error->message : "success", reply.head.generation,
                  reply.head.head_txid));
}

}  // namespace squall::sim
