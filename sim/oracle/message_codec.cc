#include "sim/oracle/message_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

namespace squall::sim {

namespace {

bool same_page(const NumberedPage& a, const NumberedPage& b) {
  if (a.pgno != b.pgno || !a.page != !b.page) return false;
  return !a.page || a.page.data() == b.page.data() || a.page.view() == b.page.view();
}

bool same_pages(const std::vector<NumberedPage>& a, const std::vector<NumberedPage>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_page);
}

bool same_ranges(const std::vector<PageRange>& a, const std::vector<PageRange>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.first_pgno == y.first_pgno && x.count == y.count;
  });
}

bool same(const TakeoverRequest& a, const TakeoverRequest& b) {
  return a.owner == b.owner && a.preload_pgnos == b.preload_pgnos &&
         same_ranges(a.preload_ranges, b.preload_ranges) &&
         a.max_preload_bytes == b.max_preload_bytes;
}
bool same(const GetPagesRequest& a, const GetPagesRequest& b) { return a.pgnos == b.pgnos; }
bool same(const CommitRequest& a, const CommitRequest& b) {
  return a.head_txid == b.head_txid && a.commit_id == b.commit_id && a.size_pages == b.size_pages &&
         same_pages(a.pages, b.pages);
}
bool same(const StageBeginRequest& a, const StageBeginRequest& b) {
  return a.head_txid == b.head_txid && a.commit_id == b.commit_id;
}
bool same(const StageRequest& a, const StageRequest& b) {
  return a.head_txid == b.head_txid && a.commit_id == b.commit_id && a.chunk == b.chunk &&
         a.blob == b.blob;
}
bool same(const FinalizeRequest& a, const FinalizeRequest& b) {
  return a.head_txid == b.head_txid && a.commit_id == b.commit_id && a.size_pages == b.size_pages &&
         a.chunk_count == b.chunk_count && a.digest == b.digest;
}
bool same(const DoneReply&, const DoneReply&) { return true; }
bool same(const PagesReply& a, const PagesReply& b) { return same_pages(a.pages, b.pages); }
bool same(const Error& a, const Error& b) { return a.code == b.code && a.message == b.message; }

template <typename Body>
bool same_body(const Body& a, const Body& b) {
  if (a.index() != b.index()) return false;
  return std::visit(
      [&](const auto& body) { return same(body, std::get<std::decay_t<decltype(body)>>(b)); }, a);
}

}  // namespace

bool same_message(const Request& a, const Request& b) {
  return a.actor == b.actor && a.generation == b.generation && same_body(a.body, b.body);
}

bool same_message(const Reply& a, const Reply& b) {
  return a.head.generation == b.head.generation && a.head.head_txid == b.head.head_txid &&
         a.head.size_pages == b.head.size_pages && same_body(a.body, b.body);
}

void check_message(Judge& judge, std::string_view sent, std::string_view again,
                   const std::string& problem) {
  judge.expect(problem.empty() && sent == again, Invariant::kMessageCodec, "message", [&] {
    if (!problem.empty())
      return fmt::format("a message of {} bytes did not come through: {}", sent.size(), problem);
    const auto differs = std::mismatch(sent.begin(), sent.end(), again.begin(), again.end());
    return fmt::format(
        "a message of {} bytes came back as one of {}; the first difference is at byte {}",
        sent.size(), again.size(), differs.first - sent.begin());
  });
}

}  // namespace squall::sim
