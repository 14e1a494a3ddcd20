#include "sim/oracle/page_images.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace squall::sim {
namespace {

constexpr auto kImages = Invariant::kPageImages;

bool all_zero(const char* bytes, size_t size_bytes) {
  return std::all_of(bytes, bytes + size_bytes, [](char byte) { return byte == 0; });
}

void check_page_read(Judge& judge, const SessionTruth& session, const char* bytes, uint32_t pgno,
                     ExplainPage explain) {
  const PageHash expected = session.pending.expected(*session.image, pgno);
  if (expected == kUnknownPage) return;
  const PageHash found = hash_page(bytes);
  judge.expect(found == expected, kImages, "read", [&] {
    return fmt::format(
        "{}: SQLite read page {} of {} with other bytes than it wrote last ({}){}: {}",
        describe(session), pgno, session.pending.size_pages(),
        session.pending.find(pgno) ? "uncommitted" : "committed",
        found == zero_page_hash() ? ", all zeros" : "", explain(pgno));
  });
}

// Every page that was written, or that must become zeros, is there: what differs from the base
// image.
bool check_nothing_missing(Judge& judge, const SessionTruth& session, uint64_t txid,
                           std::span<const PendingPage> landed, uint32_t size_pages,
                           ExplainPage explain) {
  const auto contains = [&](uint32_t pgno) {
    const auto place = std::lower_bound(
        landed.begin(), landed.end(), pgno,
        [](const PendingPage& page, uint32_t wanted) { return page.pgno < wanted; });
    return place != landed.end() && place->pgno == pgno;
  };
  const auto changed = [&](uint32_t pgno, PageHash hash) {
    return pgno > session.image->size_pages() || session.image->page(pgno) != hash;
  };
  const auto expect_there = [&](uint32_t pgno, const char* what) {
    return judge.expect(contains(pgno), kImages, "landing", [&] {
      return fmt::format("{}: commit {} landed without page {}, which SQLite {}: {}",
                         describe(session), txid, pgno, what, explain(pgno));
    });
  };
  for (const PendingPage& page : session.pending.pages()) {
    if (page.pgno > size_pages) break;
    if (changed(page.pgno, page.hash) && !expect_there(page.pgno, "wrote")) return false;
  }
  const uint32_t old_end = std::min(size_pages, session.image->size_pages());
  for (uint32_t pgno = session.pending.low_water_pages() + 1; pgno <= old_end; ++pgno) {
    if (session.pending.find(pgno) != nullptr || !changed(pgno, zero_page_hash())) continue;
    if (!expect_there(pgno, "cut off and grew over again")) return false;
  }
  return true;
}

}  // namespace

void check_read(Judge& judge, const SessionTruth& session, const char* bytes, size_t size_bytes,
                int64_t offset_bytes, bool short_read, ExplainPage explain) {
  const auto end = int64_t{session.pending.size_pages()} * kPageSizeBytes;
  const auto read_end = offset_bytes + static_cast<int64_t>(size_bytes);
  if (offset_bytes >= end) {
    judge.expect(short_read && all_zero(bytes, size_bytes), kImages, "read-past-end", [&] {
      return fmt::format("{}: SQLite read bytes at {}, past the end of its database of {} pages",
                         describe(session), offset_bytes, session.pending.size_pages());
    });
    return;
  }
  if (!judge.expect(!short_read, kImages, "short-read", [&] {
        return fmt::format("{}: a read at {} found the end of a database of {} pages",
                           describe(session), offset_bytes, session.pending.size_pages());
      })) {
    return;
  }
  if (size_bytes == kPageSizeBytes && offset_bytes % kPageSizeBytes == 0) {
    return check_page_read(judge, session, bytes,
                           static_cast<uint32_t>(offset_bytes / kPageSizeBytes) + 1, explain);
  }
  const bool page_1_known = session.pending.expected(*session.image, 1) != kUnknownPage;
  if (read_end > static_cast<int64_t>(kDatabaseHeaderBytes) || !page_1_known) return;
  judge.expect(std::memcmp(bytes, session.pending.header().data() + offset_bytes, size_bytes) == 0,
               kImages, "header", [&] {
                 return fmt::format(
                     "{}: bytes {} to {} of the database header are not what SQLite wrote",
                     describe(session), offset_bytes, read_end);
               });
}

void check_file_size(Judge& judge, const SessionTruth& session, int64_t size_bytes) {
  const int64_t expected = int64_t{session.pending.size_pages()} * kPageSizeBytes;
  judge.expect(size_bytes == expected, kImages, "file-size", [&] {
    return fmt::format("{}: the file is {} bytes long, SQLite left it at {}", describe(session),
                       size_bytes, expected);
  });
}

void report_corrupt_reply(Judge& judge, const SessionTruth& session, const std::string& text) {
  judge.violated(
      kImages, "corrupt-reply",
      fmt::format("{}: the engine says that it is corrupt: {}", describe(session), text));
}

bool check_landed_pages(Judge& judge, const SessionTruth& session, uint64_t txid,
                        std::span<const PendingPage> landed, uint32_t size_pages,
                        ExplainPage explain) {
  const PendingWrites& pending = session.pending;
  // Where the transaction wrote the header it decides: SQLite may cut the file later.
  const uint32_t stated = header_size_pages(pending.header());
  const bool decides = pending.find(1) != nullptr && stated != 0;
  const uint32_t size_due = decides ? std::min(stated, pending.size_pages()) : pending.size_pages();
  const bool size_holds = judge.expect(size_pages == size_due, kImages, "landing", [&] {
    return fmt::format(
        "{}: commit {} landed with {} pages; SQLite's file has {}, its header says {}",
        describe(session), txid, size_pages, pending.size_pages(), stated);
  });
  if (!size_holds) return false;
  for (const PendingPage& page : landed) {
    const PageHash expected = pending.expected(*session.image, page.pgno);
    const bool holds =
        judge.expect(page.hash == expected || expected == kUnknownPage, kImages, "landing", [&] {
          return fmt::format("{}: commit {} landed with other bytes of page {} than SQLite {}: {}",
                             describe(session), txid, page.pgno,
                             pending.find(page.pgno) ? "wrote" : "had there without writing it",
                             explain(page.pgno));
        });
    if (!holds) return false;
  }
  return check_nothing_missing(judge, session, txid, landed, size_pages, explain);
}

}  // namespace squall::sim
