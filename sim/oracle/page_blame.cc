#include "sim/oracle/page_blame.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/chunked_value.h"
#include "sim/oracle/stored_actor.h"

namespace squall::sim {
namespace {

// The bytes that the page should have, as far as they were kept; empty: they were not.
std::string_view wanted_bytes(const SessionTruth& session, uint32_t pgno) {
  const PendingPage* pending = session.pending.find(pgno);
  if (pending != nullptr) return pending->page ? pending->page.view() : std::string_view();
  return session.image->kept_page(pgno);
}

std::string difference(std::string_view wanted, std::string_view found) {
  if (wanted.empty() || found.empty()) return "its right bytes were not kept";
  const auto at = std::mismatch(wanted.begin(), wanted.end(), found.begin(), found.end());
  if (at.first == wanted.end()) return "no byte differs now";
  return fmt::format("byte {} is {:#04x} instead of {:#04x}", at.first - wanted.begin(),
                     static_cast<unsigned char>(*at.second), static_cast<unsigned char>(*at.first));
}

std::string last_writer(const ActorTruth& actor, const PageImage& image, uint32_t pgno) {
  const uint64_t txid = pgno <= image.writers.size() ? image.writers[pgno - 1] : 0;
  if (txid == 0) return "no commit wrote it";
  uint64_t start = 0;
  for (const ActorTruth::Takeover& takeover : actor.takeovers) {
    if (takeover.head_txid < txid) start = takeover.start_sequence;
  }
  return fmt::format("commit {} of start {} wrote it last", txid, start);
}

std::string_view page_of(const std::vector<NumberedPage>& pages, uint32_t pgno) {
  for (const NumberedPage& page : pages) {
    if (page.pgno == pgno) return page.page.view();
  }
  return {};
}

// What the session's last commit request carried.
std::string sent_page(const SessionTruth& session, uint32_t pgno) {
  std::string page(page_of(session.sent_pages, pgno));
  for (const SharedBytes& chunk : session.sent_chunks) {
    if (page.empty()) page = page_in_file(chunk, pgno);
  }
  return page;
}

// What the engine handed to the store, when it is one value of this transaction.
std::string written_page(const AppliedCommit& commit, const Key& key, uint32_t pgno) {
  for (const StoreMutation& mutation : commit.mutations) {
    if (mutation.key.view() != key.view()) continue;
    const auto first = parse_first_value(mutation.operand);
    if (first && first->pieces == 0)
      return page_in_file(mutation.operand.view().substr(kMarkerBytes), pgno);
  }
  return {};
}

}  // namespace

std::string PageBlame::stored_page(ActorId actor, uint32_t pgno) {
  const std::optional<IndexRow> row = stored_index_row(store_, actor, pgno);
  return blobs_.page(row ? delta_key(actor, row->delta()) : shard_key(actor, shard_of(pgno)), pgno);
}

std::string PageBlame::of_read(const ActorTruth& actor, const SessionTruth& session, uint32_t pgno,
                               const char* found) {
  const std::string_view wanted = wanted_bytes(session, pgno);
  const std::string differs = difference(wanted, {found, kPageSizeBytes});
  if (session.pending.find(pgno) != nullptr) {
    return fmt::format("the VFS gives back other bytes than SQLite wrote in this transaction: {}",
                       differs);
  }
  if (pgno > session.image->size_pages())
    return "the VFS shows bytes in a page that was never written";
  const std::string_view replied = pgno <= session.replied.size() && session.replied[pgno - 1]
                                       ? session.replied[pgno - 1].view()
                                       : std::string_view();
  const char* layer = "the VFS changed it behind the engine's reply";
  if (!session.superseded && stored_page(actor.actor, pgno) != wanted) {
    layer = "it lies in the store like that";
  } else if (!replied.empty() && replied != wanted) {
    layer = "the engine answered with it";
  }
  return fmt::format("{}: {}; {}", layer, differs, last_writer(actor, *session.image, pgno));
}

std::string PageBlame::of_landing(const ActorTruth& actor, const SessionTruth& session,
                                  const AppliedCommit& commit, uint64_t txid, uint32_t pgno) {
  const std::string_view wanted = wanted_bytes(session, pgno);
  const std::string sent = sent_page(session, pgno);
  const std::string written = written_page(commit, delta_key(actor.actor, {txid, 0}), pgno);
  const std::string stored = stored_page(actor.actor, pgno);
  const std::string& right = sent.empty() ? std::string(wanted) : sent;
  const char* layer = "the engine wrote other bytes than the request carried";
  if (sent.empty()) {
    layer = "the VFS's request does not carry it";
  } else if (!wanted.empty() && sent != wanted) {
    layer = "the VFS's request carries other bytes than SQLite wrote";
  } else if (!written.empty() && written == right && stored != written) {
    layer = "the store keeps other bytes than it was given";
  }
  const char* writer =
      session.pending.find(pgno) != nullptr ? "SQLite wrote it in this transaction" : nullptr;
  return fmt::format("{}: {}; {}", layer, difference(wanted, stored),
                     writer != nullptr ? writer : last_writer(actor, *session.image, pgno));
}

std::string PageBlame::of_stored(const ActorTruth& actor, uint32_t pgno, const char* found) const {
  return fmt::format("{}; {}",
                     difference(actor.image->kept_page(pgno), {found, kPageSizeBytes}),
                     last_writer(actor, *actor.image, pgno));
}

std::string PageBlame::of_blob(const ActorTruth& actor, const Key& key, uint32_t pgno) {
  const std::string found = blobs_.page(key, pgno);
  return fmt::format("{}; {}", difference(actor.image->kept_page(pgno), found),
                     last_writer(actor, *actor.image, pgno));
}

}  // namespace squall::sim
