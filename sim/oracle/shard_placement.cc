#include "sim/oracle/shard_placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/ltx_decoder.h"
#include "sim/oracle/index_backed.h"

namespace squall::sim {
namespace {

constexpr auto kPlacement = Invariant::kShardPlacement;

class Assembly {
 public:
  Assembly(Judge& judge, StoredBlobReader& blobs, const PageBlame& blame, const ActorTruth& actor,
           const ScannedActor& scanned, std::vector<unsigned char>* database)
      : judge_(judge),
        blobs_(blobs),
        blame_(blame),
        actor_(actor),
        scanned_(scanned),
        database_(*database) {
    database_.assign(size_t{size_pages()} * kPageSizeBytes, 0);
    found_.assign(size_pages() + 1, false);
    index_.assign(size_pages() + 1, nullptr);
    for (const auto& [pgno, row] : scanned_.index) {
      if (pgno <= size_pages()) index_[pgno] = &row;
    }
  }

  bool run() {
    for (const auto& [name, blob] : scanned_.deltas) {
      if (is_named(name) && !read_delta(name, blob)) return false;
    }
    for (const auto& [shard, blob] : scanned_.shards) {
      if (!read_shard(shard, blob)) return false;
    }
    for (uint32_t pgno = 1; pgno <= size_pages(); ++pgno) {
      if (!found_[pgno] && pgno != kLockPage && !report_missing(pgno)) return false;
    }
    return true;
  }

 private:
  uint32_t size_pages() const { return actor_.image->size_pages(); }

  bool is_named(DeltaName name) const {
    return std::any_of(scanned_.index.begin(), scanned_.index.end(),
                       [&](const auto& row) { return row.second.delta() == name; });
  }

  // visit(pgno, page) for each page of the blob; the text says what is wrong with it.
  template <typename Visit>
  std::optional<std::string> read(const Key& key, const ScannedBlob& blob, Visit&& visit) {
    const auto file = blobs_.bytes(key, *blob.first_value);
    if (!file) return file.error();
    const auto decoded =
        ltx::decode(*file, [&](const ltx::PageEntry& entry, std::string_view page) {
          if (page.size() == kPageSizeBytes) visit(entry.pgno, page);
        });
    if (!decoded) return decoded.error().message();
    if (blob.size->last_pgno != decoded->pages.back().pgno)
      return "its size row names another last page";
    return std::nullopt;
  }

  bool read_delta(DeltaName name, const ScannedBlob& blob) {
    bool same = true;
    const auto problem =
        read(delta_key(actor_.actor, name), blob, [&](uint32_t pgno, std::string_view page) {
          if (same && pgno <= size_pages() && index_[pgno] != nullptr &&
              index_[pgno]->delta() == name) {
            same = place(pgno, page, fmt::format("delta {}/{}", name.txid, name.chunk));
          }
        });
    if (problem) {
      judge_.violated(
          kPlacement, "delta",
          fmt::format("actor {}: delta {}/{}: {}", actor_.actor, name.txid, name.chunk, *problem));
    }
    return same && !problem;
  }

  bool read_shard(uint32_t shard, const ScannedBlob& blob) {
    bool holds = true;
    const auto problem =
        read(shard_key(actor_.actor, shard), blob, [&](uint32_t pgno, std::string_view page) {
          holds = holds && judge_.expect(shard_of(pgno) == shard, kPlacement, "foreign-page", [&] {
            return fmt::format("actor {}: page {} lies in shard {}", actor_.actor, pgno, shard);
          });
          if (holds && pgno <= size_pages() && index_[pgno] == nullptr) {
            holds = place(pgno, page, fmt::format("shard {}", shard));
          }
        });
    if (problem) {
      judge_.violated(kPlacement, "shard",
                      fmt::format("actor {}: shard {}: {}", actor_.actor, shard, *problem));
    }
    return holds && !problem;
  }

  bool place(uint32_t pgno, std::string_view page, const std::string& where) {
    found_[pgno] = true;
    std::memcpy(database_.data() + size_t{pgno - 1} * kPageSizeBytes, page.data(), kPageSizeBytes);
    const PageHash expected = actor_.image->page(pgno);
    return judge_.expect(
        expected == kUnknownPage || hash_page(page.data()) == expected, Invariant::kPageImages,
        "stored", [&] {
          return fmt::format(
              "actor {} at head {}: page {}, stored in {}, has other bytes than SQLite "
              "wrote last: {}",
              actor_.actor, actor_.head->head_txid, pgno, where,
              blame_.of_stored(actor_, pgno, page.data()));
        });
  }

  bool report_missing(uint32_t pgno) {
    if (const IndexRow* row = index_[pgno]) {
      const bool there = scanned_.deltas.contains(row->delta());
      report_dangling(judge_, actor_.actor, pgno, row->delta(),
                      there ? "it does not hold the page" : "it is not there");
      return false;
    }
    return judge_.expect(false, kPlacement, "page-missing", [&] {
      return fmt::format(
          "actor {} at head {}: page {} of {} has no index row and does not lie in shard {}",
          actor_.actor, actor_.head->head_txid, pgno, size_pages(), shard_of(pgno));
    });
  }

  Judge& judge_;
  StoredBlobReader& blobs_;
  const PageBlame& blame_;
  const ActorTruth& actor_;
  const ScannedActor& scanned_;
  std::vector<unsigned char>& database_;
  std::vector<bool> found_;
  std::vector<const IndexRow*> index_;
};

}  // namespace

bool assemble_database(Judge& judge, StoredBlobReader& blobs, const PageBlame& blame,
                       const ActorTruth& actor, const ScannedActor& scanned,
                       std::vector<unsigned char>* database) {
  judge.evaluated(Invariant::kIndexBacked);
  judge.evaluated(kPlacement);
  return Assembly(judge, blobs, blame, actor, scanned, database).run();
}

}  // namespace squall::sim
