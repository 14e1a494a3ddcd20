// Every file of the official vectors: what the official encoder writes is accepted with the same
// header and pages, what a strict decoder must refuse is refused.
#include <gtest/gtest.h>
#include <xxhash.h>

#include <map>

#include "engine/ltx_blob.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_format.h"
#include "engine/testing/ltx_plain_reader.h"
#include "engine/testing/ltx_vectors.h"

namespace squall::ltx {
namespace {

using test_support::Json;
using test_support::LtxVectors;
using test_support::parse_hex;

constexpr const char* kFramesVector = "valid/legacy_v0.5.1_frames_nochk.ltx";
constexpr const char* kZeroTrailerVector = "malformed/rivet_style_zero_trailer.ltx";

void expect_header(const Header& header, const Json& expected) {
  EXPECT_EQ(header.flags, expected["flags"].get<uint32_t>());
  EXPECT_EQ(header.page_size_bytes, expected["page_size"].get<uint32_t>());
  EXPECT_EQ(header.commit_pages, expected["commit"].get<uint32_t>());
  EXPECT_EQ(header.min_txid, parse_hex(expected["min_txid"]));
  EXPECT_EQ(header.max_txid, parse_hex(expected["max_txid"]));
  EXPECT_EQ(header.timestamp_ms, expected["timestamp_ms"].get<int64_t>());
  EXPECT_EQ(header.pre_apply_checksum, parse_hex(expected["pre_apply_checksum"]));
  EXPECT_EQ(header.wal_offset, expected["wal_offset"].get<int64_t>());
  EXPECT_EQ(header.wal_size, expected["wal_size"].get<int64_t>());
  EXPECT_EQ(header.wal_salt1, expected["wal_salt1"].get<uint32_t>());
  EXPECT_EQ(header.wal_salt2, expected["wal_salt2"].get<uint32_t>());
  EXPECT_EQ(header.node_id, parse_hex(expected["node_id"]));
  EXPECT_EQ(header.is_snapshot(), expected["is_snapshot"].get<bool>());
}

void expect_page(const Json& row, const Json& page, const PageEntry& entry,
                 std::string_view bytes) {
  EXPECT_EQ(entry.pgno, page["pgno"].get<uint32_t>());
  EXPECT_EQ(entry.offset_bytes, page["offset"].get<uint64_t>());
  EXPECT_EQ(entry.size_bytes, page["size"].get<uint64_t>());
  EXPECT_EQ(XXH64(bytes.data(), bytes.size(), 0), parse_hex(page["xxh64"]));
  EXPECT_EQ(page_checksum(entry.pgno, bytes), parse_hex(page["ltx_checksum"]));
  const std::string pgno = std::to_string(entry.pgno);
  if (!row.contains("contents") || !row["contents"].contains(pgno)) return;
  const auto kind = row["contents"][pgno].get<std::string>();
  EXPECT_EQ(bytes, test_support::vector_page(kind, row.value("seed", uint64_t{0}), entry.pgno,
                                             bytes.size()));
}

// Everything that the manifest says of a file that is to be accepted.
void expect_accepted(const Json& row, const std::string& file) {
  size_t pages = 0;
  uint64_t checksum = 0;
  const auto decoded = decode(file, [&](const PageEntry& entry, std::string_view page) {
    if (row.contains("pages")) expect_page(row, row["pages"][pages], entry, page);
    checksum ^= page_checksum(entry.pgno, page);
    ++pages;
  });
  ASSERT_TRUE(decoded) << decoded.error().message();
  expect_header(decoded->header, row["header"]);
  EXPECT_EQ(decoded->post_apply_checksum, parse_hex(row["trailer"]["post_apply_checksum"]));
  EXPECT_EQ(decoded->file_checksum, parse_hex(row["trailer"]["file_checksum"]));
  EXPECT_EQ(pages, row["page_n"].get<size_t>());
  EXPECT_EQ(decoded->index_offset_bytes, row["index_start"].get<uint64_t>());
  EXPECT_EQ(decoded->trailer_offset_bytes - decoded->index_offset_bytes,
            row["index_size"].get<uint64_t>() + kIndexLengthBytes);
  if (row.contains("snapshot_rolling_checksum")) {
    EXPECT_EQ(kChecksumBit | checksum, parse_hex(row["snapshot_rolling_checksum"]));
  }
}

struct Tally {
  std::map<std::string, std::map<std::string, int>> rows;  // expected, got

  void count(const std::string& expected, bool accepted) {
    ++rows[expected][accepted ? "accepted" : "refused"];
  }
  void print(const char* set) const {
    for (const auto& [expected, got] : rows) {
      for (const auto& [outcome, count] : got) {
        printf("%-9s expect %-6s: %3d %s\n", set, expected.c_str(), count, outcome.c_str());
      }
    }
  }
};

// The pages of files that unpack to a gigabyte are looked at once.
bool accepted(const std::string& name, const std::string& file) {
  return name.ends_with(".gz") || OpenedBlob::open(SharedBytes(file)).has_value();
}

TEST_F(LtxVectors, ValidFilesAreAcceptedWithTheSamePages) {
  Tally tally;
  for (const Json& row : manifest_["valid"]) {
    const auto name = row["file"].get<std::string>();
    SCOPED_TRACE(name);
    const std::string file = test_support::read_vector(name);
    ASSERT_FALSE(file.empty());
    if (row["expect"] == "accept") expect_accepted(row, file);
    const bool opened = accepted(name, file);
    EXPECT_TRUE(opened || row["expect"] != "accept");
    tally.count(row["expect"], opened);
  }
  tally.print("valid");
  EXPECT_GT(tally.rows["accept"]["accepted"], 0);
}

TEST_F(LtxVectors, MalformedFilesMeetTheirVerdict) {
  Tally tally;
  for (const Json& row : manifest_["malformed"]) {
    const auto name = row["file"].get<std::string>();
    SCOPED_TRACE(name + ": " + row["desc"].get<std::string>());
    const std::string file = test_support::read_vector(name);
    const auto opened = OpenedBlob::open(SharedBytes(file));
    tally.count(row["expect"], opened.has_value());
    if (row["expect"] == "accept") expect_accepted(row, file);
    EXPECT_TRUE(!opened.has_value() || row["expect"] != "reject");
    EXPECT_TRUE(opened.has_value() || opened.error().offset_bytes <= file.size());
  }
  tally.print("malformed");
  EXPECT_GT(tally.rows["reject"]["refused"], 0);
}

TEST_F(LtxVectors, ThePlainReaderComesToTheSameVerdicts) {
  for (const char* set : {"valid", "malformed"}) {
    for (const Json& row : manifest_[set]) {
      const auto name = row["file"].get<std::string>();
      if (name.ends_with(".gz")) continue;  // a gigabyte of pages is too much for slow and simple
      SCOPED_TRACE(name);
      const std::string file = test_support::read_vector(name);
      EXPECT_EQ(test_support::plain_read(file).ok(),
                OpenedBlob::open(SharedBytes(file)).has_value());
    }
  }
}

// Where the vectors leave it open, these are our choices.
TEST_F(LtxVectors, OpenVerdictsAreDecided) {
  const auto rule_of = [](const std::string& name) -> std::string {
    const auto opened = OpenedBlob::open(SharedBytes(test_support::read_vector(name)));
    return opened ? "accepted" : std::string(to_string(opened.error().rule));
  };
  EXPECT_EQ(rule_of(kFramesVector), "lz4-frame");
  EXPECT_EQ(rule_of("malformed/header/reserved_80.ltx"), "accepted");
  EXPECT_EQ(rule_of("malformed/index/varint_overlong_term.ltx"), "index");
  EXPECT_EQ(rule_of("malformed/lz4/endrule_tail4.ltx"), "block-malformed");
  EXPECT_EQ(rule_of("malformed/lz4/endrule_tail1.ltx"), "block-malformed");
  EXPECT_EQ(rule_of("malformed/lz4/endrule_tail0.ltx"), "block-malformed");
  EXPECT_EQ(rule_of("malformed/lz4/endrule_nofinal.ltx"), "block-malformed");
}

TEST_F(LtxVectors, TheZeroTrailerIsReadOnRequestOnly) {
  const SharedBytes file(test_support::read_vector(kZeroTrailerVector));
  const auto strict = OpenedBlob::open(file);
  ASSERT_FALSE(strict.has_value());
  EXPECT_EQ(strict.error().rule, Rule::kFileChecksumAbsent);
  const auto lenient = OpenedBlob::open(file, 0, TrailerForm::kChecksumOrZero);
  ASSERT_TRUE(lenient) << lenient.error().message();
  EXPECT_EQ(lenient->file_checksum(), 0u);
}

}  // namespace
}  // namespace squall::ltx
