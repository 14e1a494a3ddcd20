#include "fuzz/message_samples.h"

#include "fuzz/ltx_samples.h"

namespace squall::fuzz {
namespace {

constexpr uint64_t kLargest = ~uint64_t{0};

// Small numbers, the edges of varints, and anything.
uint64_t number(Dice& dice) {
  return dice.pick(
      {dice.below(4), dice.below(300), uint64_t{1} << dice.below(64), kLargest, dice.next()});
}
uint32_t positive_u32(Dice& dice) {
  const auto value = static_cast<uint32_t>(number(dice));
  return value == 0 ? 1 : value;
}
CommitId commit_id(Dice& dice) { return {number(dice) | 1, number(dice)}; }

PageRef page(Dice& dice, PagePool& pool) {
  const auto kind = static_cast<PageKind>(dice.below(static_cast<uint64_t>(PageKind::kCount)));
  return pool.copy(make_page(kind, dice.below(100), kPageSizeBytes).data());
}

std::vector<uint32_t> rising_pgnos(Dice& dice) {
  std::vector<uint32_t> pgnos;
  uint32_t last = 0;
  for (uint64_t left = dice.below(4); left > 0; --left) {
    last += static_cast<uint32_t>(dice.below(200) + 1);
    pgnos.push_back(last);
  }
  return pgnos;
}

TakeoverRequest takeover(Dice& dice) {
  TakeoverRequest request;
  request.owner = {number(dice), number(dice)};
  for (uint64_t left = dice.below(4); left > 0; --left)
    request.preload_pgnos.push_back(positive_u32(dice));
  for (uint64_t left = dice.below(3); left > 0; --left) {
    request.preload_ranges.push_back({positive_u32(dice), static_cast<uint32_t>(number(dice))});
  }
  request.max_preload_bytes = static_cast<uint32_t>(number(dice));
  return request;
}

CommitRequest commit(Dice& dice, PagePool& pool) {
  CommitRequest request;
  request.head_txid = number(dice);
  request.commit_id = commit_id(dice);
  for (const uint32_t pgno : rising_pgnos(dice)) request.pages.push_back({pgno, page(dice, pool)});
  const uint32_t last = request.pages.empty() ? 1 : request.pages.back().pgno;
  request.size_pages = last + static_cast<uint32_t>(dice.below(100));
  return request;
}

StageRequest stage(Dice& dice) {
  StageRequest request;
  request.head_txid = number(dice);
  request.commit_id = commit_id(dice);
  request.chunk = static_cast<uint32_t>(dice.below(100));
  request.blob = SharedBytes(std::string(dice.below(300), static_cast<char>(dice.next())));
  return request;
}

FinalizeRequest finalize(Dice& dice) {
  FinalizeRequest request;
  request.head_txid = number(dice);
  request.commit_id = commit_id(dice);
  request.size_pages = positive_u32(dice);
  request.chunk_count = static_cast<uint32_t>(dice.below(100) + 1);
  request.digest = number(dice);
  return request;
}

}  // namespace

Request make_request(Dice& dice, PagePool& pool) {
  Request request;
  request.actor = number(dice);
  request.generation = number(dice);
  switch (dice.below(6)) {
    case 0: request.body = takeover(dice); break;
    case 1: request.body = GetPagesRequest{rising_pgnos(dice)}; break;
    case 2: request.body = commit(dice, pool); break;
    case 3: request.body = StageBeginRequest{number(dice), commit_id(dice)}; break;
    case 4: request.body = stage(dice); break;
    default: request.body = finalize(dice); break;
  }
  return request;
}

Reply make_reply(Dice& dice, PagePool& pool) {
  Reply reply;
  reply.head = {number(dice), number(dice), static_cast<uint32_t>(number(dice))};
  switch (dice.below(3)) {
    case 0: reply.body = DoneReply{}; break;
    case 1: {
      PagesReply pages;
      for (const uint32_t pgno : rising_pgnos(dice)) {
        pages.pages.push_back({pgno, dice.one_in(4) ? PageRef() : page(dice, pool)});
      }
      reply.body = std::move(pages);
      break;
    }
    default:
      reply.body = Error{
          static_cast<ErrorCode>(dice.below(static_cast<uint64_t>(ErrorCode::kUnavailable) + 1)),
          std::string(dice.below(40), 'e')};
      break;
  }
  return reply;
}

Head make_head(Dice& dice) {
  Head head;
  head.owner = {number(dice), number(dice)};
  head.generation = number(dice) | 1;
  head.head_txid = dice.below(kLargest - 2);
  if (dice.one_in(4)) head.head_txid = 0;
  if (head.head_txid != 0) head.last_commit = commit_id(dice);
  head.next_txid = head.head_txid + 1 + dice.below(2);
  head.materialized_txid = dice.below(head.head_txid + 1);
  head.last_shrink_txid = dice.below(head.head_txid + 1);
  head.compaction_epoch = number(dice);
  head.creation_ts_ms = static_cast<int64_t>(number(dice));
  head.storage_used = number(dice);
  head.storage_max = number(dice);
  head.size_pages = static_cast<uint32_t>(number(dice));
  return head;
}

}  // namespace squall::fuzz
