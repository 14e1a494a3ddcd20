#include "sim/oracle/round_trip_budget.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace squall::sim {

void check_commit(Judge& judge, const SessionTruth& session, const CommitRequest& request) {
  judge.expect(!request.pages.empty(), Invariant::kRoundTripBudget, "empty-commit", [&] {
    return fmt::format("actor {} (start {}, head {}): a commit without pages went to the engine",
                       session.actor, session.owner.start_sequence, session.head_txid);
  });
}

void check_tries(Judge& judge, SessionTruth& session, uint64_t sequence, int64_t most) {
  if (std::exchange(session.tried_sequence, sequence) != sequence) session.commit_tries = 0;
  ++session.commit_tries;
  const bool within = session.commit_tries <= static_cast<uint64_t>(most);
  judge.expect(within, Invariant::kRoundTripBudget, "tries", [&] {
    return fmt::format("{}: commit {} of the session is asked for the {}th time, {} may be",
                       describe(session), sequence, session.commit_tries, most);
  });
}

void check_staged(Judge& judge, const SessionTruth& session) {
  judge.expect(!session.chunks_missing, Invariant::kRoundTripBudget, "unstaged", [&] {
    return fmt::format("{}: it was told that chunks are missing, and asks for the finalize again",
                       describe(session));
  });
}

void check_asks(Judge& judge, const SessionTruth& session) {
  judge.expect(!session.fenced, Invariant::kRoundTripBudget, "after-fence", [&] {
    return fmt::format("{}: it was told that it is fenced, and goes on asking", describe(session));
  });
}

namespace {

void check_not_cached(Judge& judge, const SessionTruth& session, const GetPagesRequest& request) {
  const auto held = std::find_if(request.pgnos.begin(), request.pgnos.end(),
                                 [&](uint32_t pgno) { return session.cached.holds(pgno); });
  judge.expect(held == request.pgnos.end(), Invariant::kRoundTripBudget, "cached", [&] {
    return fmt::format("{}: page {} was fetched, and its cache has had room for it since it came",
                       describe(session), *held);
  });
}

void check_prefetch(Judge& judge, const SessionTruth& session, const GetPagesRequest& request) {
  const uint32_t next = session.cached.next_in_stride();
  if (next == 0 || next > session.pending.low_water_pages()) return;
  if (session.pending.find(next) != nullptr) return;
  const bool comes =
      std::find(request.pgnos.begin(), request.pgnos.end(), next) != request.pgnos.end();
  judge.expect(comes, Invariant::kRoundTripBudget, "prefetch", [&] {
    return fmt::format("{}: page {} was fetched after others in equal steps, and page {} was not",
                       describe(session), request.pgnos.empty() ? 0 : request.pgnos.front(), next);
  });
}

}  // namespace

void check_fetch(Judge& judge, const SessionTruth& session, const GetPagesRequest& request,
                 bool prefetches) {
  const bool sound =
      judge.expect(!session.inside_full_write, Invariant::kRoundTripBudget, "full-write", [&] {
        return fmt::format(
            "actor {} (start {}, head {}): page {} was fetched while SQLite overwrote a whole page",
            session.actor, session.owner.start_sequence, session.head_txid,
            request.pgnos.empty() ? 0 : request.pgnos.front());
      });
  const uint32_t size_pages = session.image->size_pages();
  const auto past_end = std::find_if(request.pgnos.begin(), request.pgnos.end(),
                                     [&](uint32_t pgno) { return pgno > size_pages; });
  if (sound && session.took_over && past_end != request.pgnos.end()) {
    judge.violated(Invariant::kRoundTripBudget, "past-end",
                   fmt::format("{}: page {} was fetched, and there are {}", describe(session),
                               *past_end, size_pages));
  }
  if (!session.took_over || session.superseded) return;
  check_not_cached(judge, session, request);
  if (prefetches) check_prefetch(judge, session, request);
}

void check_preload(Judge& judge, const SessionTruth& session, const TakeoverRequest& request,
                   const HeadView& head, const std::vector<NumberedPage>& pages,
                   uint64_t most_bytes) {
  judge.expect(request.max_preload_bytes <= most_bytes, Invariant::kRoundTripBudget,
               "preload-asked", [&] {
                 return fmt::format("{}: the takeover asks for {} bytes of pages, {} at most",
                                    describe(session), request.max_preload_bytes, most_bytes);
               });
  const uint64_t most_pages = std::max<uint64_t>(1, most_bytes / kPageSizeBytes);
  const auto sent = [&](uint64_t pgno) {
    return std::any_of(pages.begin(), pages.end(),
                       [&](const NumberedPage& page) { return page.pgno == pgno; });
  };
  uint64_t missing = 0;
  const auto want = [&](uint64_t pgno) {
    if (missing == 0 && pgno <= head.size_pages && !sent(pgno)) missing = pgno;
  };
  want(1);
  if (pages.size() < most_pages) {
    for (const uint32_t pgno : request.preload_pgnos) want(pgno);
    for (const PageRange& range : request.preload_ranges) {
      const uint64_t end = std::min<uint64_t>(range.count, head.size_pages);
      for (uint64_t i = 0; i < end; ++i) want(uint64_t{range.first_pgno} + i);
    }
  }
  judge.expect(missing == 0 && pages.size() <= most_pages, Invariant::kRoundTripBudget, "preload",
               [&] {
                 return fmt::format(
                     "{}: the takeover brought {} pages along, {} at most; page {} is missing",
                     describe(session), pages.size(), most_pages, missing);
               });
}

}  // namespace squall::sim
