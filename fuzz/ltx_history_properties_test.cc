// What holds of histories: many LTX files of one database that grows, shrinks and changes.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "engine/ltx_compactor.h"
#include "engine/ltx_database.h"
#include "fuzz/ltx_generators.h"
#include "fuzz/memory_sink.h"
#include "fuzz/property.h"

namespace squall::fuzz {
namespace {

constexpr uint32_t kPageBytes = 512;

struct History {
  bool checksums;
  std::vector<Step> steps;

  SampleChain chain(uint64_t first_txid) const {
    SampleChain result(kPageBytes, checksums, first_txid);
    for (const Step& step : steps) result.step(step.size_pages, step.rewrite, step.seed);
    return result;
  }
};

std::ostream& operator<<(std::ostream& out, const History& history) {
  out << (history.checksums ? "checksums" : "no checksums");
  for (const Step& step : history.steps) out << " " << step;
  return out;
}

rc::Gen<History> gen_history() {
  return rc::gen::construct<History>(
      rc::gen::arbitrary<bool>(),
      rc::gen::nonEmpty(rc::gen::resize(8, rc::gen::container<std::vector<Step>>(gen_step()))));
}

std::vector<ltx::OpenedBlob> open_all(const std::vector<std::string>& files) {
  std::vector<ltx::OpenedBlob> blobs;
  for (const std::string& file : files) {
    auto blob = ltx::OpenedBlob::open(SharedBytes(file));
    RC_ASSERT(blob.has_value());
    blobs.push_back(std::move(*blob));
  }
  return blobs;
}

std::string compacted(std::span<const ltx::OpenedBlob> files) {
  ltx::Encoder encoder;
  const auto file = ltx::compact(files, files.front().header().flags, encoder);
  if (!file) RC_FAIL(file.error().message());
  return std::string(*file);
}

std::string restored(const std::vector<std::string>& files) {
  MemorySink sink(kPageBytes);
  ltx::Restorer restorer(sink);
  for (const auto& file : open_all(files)) {
    const auto applied = restorer.apply(file);
    if (!applied) RC_FAIL(applied.error().message());
  }
  return sink.bytes();
}

std::string joined(const std::vector<std::string>& pages) {
  std::string bytes;
  for (const std::string& page : pages) bytes += page;
  return bytes;
}

SQUALL_PROPERTY(LtxHistory, RestoringGivesTheDatabase) {
  const SampleChain chain = (*gen_history()).chain(1);
  RC_ASSERT(restored(chain.files()) == joined(chain.database()));
}

SQUALL_PROPERTY(LtxHistory, CompactingEqualsApplyingInOrder) {
  const SampleChain chain = (*gen_history()).chain(1);
  RC_ASSERT(restored({compacted(open_all(chain.files()))}) == joined(chain.database()));
}

SQUALL_PROPERTY(LtxHistory, CompactingIsAssociative) {
  const uint64_t first_txid = *rc::gen::element<uint64_t>(1, 2);
  const SampleChain chain = (*gen_history()).chain(first_txid);
  const auto files = open_all(chain.files());
  const std::string whole = compacted(files);
  for (size_t cut = 1; cut < files.size(); ++cut) {
    const std::span<const ltx::OpenedBlob> all(files);
    const auto halves = open_all({compacted(all.first(cut)), compacted(all.subspan(cut))});
    RC_ASSERT(compacted(halves) == whole);
  }
}

SQUALL_PROPERTY(LtxHistory, ASnapshotOfTheDatabaseIsTheCompactedHistory) {
  const SampleChain chain = (*gen_history()).chain(1);
  std::string database = joined(chain.database());
  database.replace(0, 16, std::string_view("SQLite format 3\0", 16));
  database[16] = kPageBytes >> 8;
  database[17] = 0;
  ltx::Encoder encoder;
  const auto snapshot = ltx::encode_snapshot(database, {}, encoder);
  RC_ASSERT(snapshot.has_value());
  RC_ASSERT(restored({std::string(*snapshot)}) == database);
}

// One of a file's new pages is taken away: no result is better than one that lacks it, or that
// brings an old page back.
SQUALL_PROPERTY(LtxHistory, GrowthThatMissesAPageIsRefused) {
  SampleChain chain(kPageBytes, false, 1);
  const uint32_t before = *rc::gen::inRange<uint32_t>(1, 8);
  const uint32_t after = before + *rc::gen::inRange<uint32_t>(1, 8);
  chain.step(before, 0, 1);
  const uint32_t missing = *rc::gen::inRange<uint32_t>(before + 1, after + 1);
  Sample sample;
  sample.header = chain.last_header();
  sample.header.min_txid = sample.header.max_txid = 2;
  sample.header.commit_pages = after;
  for (uint32_t pgno = before + 1; pgno <= after; ++pgno) {
    if (pgno != missing) sample.pages.push_back({pgno, PageKind::kText, pgno});
  }
  const auto files = open_all({chain.files().front(), encode_sample(sample)});
  ltx::Encoder encoder;
  const auto result = ltx::compact(files, ltx::kFlagNoChecksum, encoder);
  RC_ASSERT(!result.has_value());
  RC_ASSERT(result.error().error.rule == ltx::Rule::kGrowthIncomplete);
  RC_ASSERT(result.error().input == 1u);
  MemorySink sink(kPageBytes);
  ltx::Restorer restorer(sink);
  RC_ASSERT(restorer.apply(files[0]).has_value());
  RC_ASSERT(restorer.apply(files[1]).error().rule == ltx::Rule::kGrowthIncomplete);
}

}  // namespace
}  // namespace squall::fuzz
