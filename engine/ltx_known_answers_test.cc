// Known answers of the official implementation: checksums, names, encoder and compactor verdicts,
// LZ4 blocks.
#include <gtest/gtest.h>

#include <sstream>

#include "engine/crc64.h"
#include "engine/ltx_compactor.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_encoder.h"
#include "engine/ltx_file_name.h"
#include "engine/lz4_block.h"
#include "engine/testing/ltx_vectors.h"

namespace squall::ltx {
namespace {

using test_support::Json;
using test_support::LtxVectors;
using test_support::parse_hex;

std::string unhex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

TEST_F(LtxVectors, Crc64) {
  for (const auto& [text, answer] : manifest_["known_answers"]["crc64_go_iso"].items()) {
    std::string bytes = text;
    if (text == "<512 zero bytes>") bytes.assign(512, '\0');
    if (text == "<4096 zero bytes>") bytes.assign(4096, '\0');
    EXPECT_EQ(crc64(0, bytes), parse_hex(answer)) << text;
  }
}

TEST_F(LtxVectors, PageChecksums) {
  for (const auto& [text, answer] : manifest_["known_answers"]["page_checksum"].items()) {
    unsigned page_size = 0;
    unsigned pgno = 0;
    char kind[16];
    unsigned seed = 0;
    ASSERT_EQ(sscanf(text.c_str(), "ps=%u pgno=%u %15s seed=%u", &page_size, &pgno, kind, &seed), 4)
        << text;
    EXPECT_EQ(page_checksum(pgno, test_support::vector_page(kind, seed, pgno, page_size)),
              parse_hex(answer))
        << text;
  }
}

TEST_F(LtxVectors, LockPages) {
  for (const auto& [size, answer] : manifest_["known_answers"]["lock_pgno"].items()) {
    EXPECT_EQ(lock_pgno(static_cast<uint32_t>(std::stoul(size))), answer.get<uint32_t>());
  }
}

TEST_F(LtxVectors, FileNames) {
  const auto range_of = [](const std::string& text) {
    const size_t comma = text.find(',');
    return TxidRange{std::stoull(text.substr(0, comma)), std::stoull(text.substr(comma + 1))};
  };
  for (const auto& [range, name] : manifest_["known_answers"]["format_filename"].items()) {
    EXPECT_EQ(format_file_name(range_of(range)), name.get<std::string>());
  }
  for (const auto& [name, answer] : manifest_["known_answers"]["parse_filename"].items()) {
    const auto parsed = parse_file_name(name);
    const auto expected = answer.get<std::string>();
    if (expected.starts_with("error")) {
      EXPECT_FALSE(parsed.has_value()) << name;
    } else {
      EXPECT_EQ(parsed, range_of(expected)) << name;
    }
  }
}

TEST_F(LtxVectors, Contiguity) {
  for (const auto& [text, answer] : manifest_["known_answers"]["is_contiguous"].items()) {
    unsigned long long previous = 0;
    unsigned long long min = 0;
    unsigned long long max = 0;
    ASSERT_EQ(sscanf(text.c_str(), "prevMax=%llu min=%llu max=%llu", &previous, &min, &max), 3)
        << text;
    EXPECT_EQ(is_contiguous(previous, min, max), answer.get<bool>()) << text;
  }
}

TEST_F(LtxVectors, IndexVarints) {
  for (const auto& [number, answer] : manifest_["known_answers"]["uvarint"].items()) {
    char triple[3 * kMaxVarintBytes];
    const std::string expected = unhex(answer.get<std::string>());
    const char* end = write_index_entry({0, std::stoull(number), 1}, triple);
    EXPECT_EQ(std::string_view(triple, static_cast<size_t>(end - triple)),
              std::string("\0", 1) + expected + "\x01")
        << number;
  }
}

// Encodes what a row of encoder_rejects asks for and says whether each step was accepted.
bool encodes(const Json& row) {
  Header header;
  header.flags = row["flags"].get<uint32_t>();
  header.page_size_bytes = row["page_size"].get<uint32_t>();
  header.commit_pages = row["commit"].get<uint32_t>();
  header.min_txid = std::stoull(row["min_txid"].get<std::string>());
  header.max_txid = std::stoull(row["max_txid"].get<std::string>());
  header.pre_apply_checksum = parse_hex(row["pre_apply"]);
  const auto desc = row["desc"].get<std::string>();
  if (desc == "wal offset negative") header.wal_offset = -1;
  if (desc == "wal size negative") header.wal_size = -1;
  if (desc == "wal size without offset") header.wal_size = 1;
  Encoder encoder;
  if (!encoder.begin(header)) return false;
  const auto list = row["pgnos"].get<std::string>();
  std::istringstream pgnos(list.substr(1, list.size() - 2));
  const std::string page(row["page_len"].get<size_t>(), 'x');
  for (uint32_t pgno = 0; pgnos >> pgno;) {
    if (!encoder.add_page(pgno, page)) return false;
  }
  return encoder.finish(parse_hex(row["post_apply"])).has_value();
}

TEST_F(LtxVectors, EncoderRefusesWhatTheOfficialRefusesAndWhatItMisses) {
  for (const Json& row : manifest_["encoder_rejects"]) {
    const auto desc = row["desc"].get<std::string>();
    const bool missed = desc.find("NOT detected") != std::string::npos;
    const bool expected = row["result"] == "accept" && !missed;
    EXPECT_EQ(encodes(row), expected) << desc;
  }
}

std::vector<OpenedBlob> open_all(const Json& names) {
  std::vector<OpenedBlob> blobs;
  for (const Json& name : names) {
    auto blob = OpenedBlob::open(SharedBytes(test_support::read_vector(name)));
    EXPECT_TRUE(blob) << name;
    if (blob) blobs.push_back(std::move(*blob));
  }
  return blobs;
}

void expect_same_content(std::string_view ours, const std::string& official) {
  const auto a = decode_pages(ours);
  const auto b = decode_pages(official);
  ASSERT_TRUE(a) << a.error().message();
  ASSERT_TRUE(b) << b.error().message();
  EXPECT_EQ(a->file.header, b->file.header);
  EXPECT_EQ(a->file.post_apply_checksum, b->file.post_apply_checksum);
  ASSERT_EQ(a->pages.size(), b->pages.size());
  for (size_t i = 0; i < a->pages.size(); ++i) {
    EXPECT_EQ(a->pages[i].pgno, b->pages[i].pgno);
    EXPECT_EQ(a->pages[i].bytes, b->pages[i].bytes);
  }
}

TEST_F(LtxVectors, CompactionGivesTheOfficialResultWhereItIsSound) {
  int same = 0;
  int refused = 0;
  for (const Json& row : manifest_["valid"]) {
    if (!row.contains("inputs")) continue;
    const auto name = row["file"].get<std::string>();
    SCOPED_TRACE(name);
    const auto inputs = open_all(row["inputs"]);
    Encoder encoder;
    const auto compacted = compact(inputs, row["header"]["flags"].get<uint32_t>(), encoder);
    if (name.find("quirk_regrow") != std::string::npos) {
      ASSERT_FALSE(compacted);
      EXPECT_EQ(compacted.error().error.rule, Rule::kGrowthIncomplete);
      EXPECT_EQ(compacted.error().input, inputs.size() - 1);
      ++refused;
    } else if (name.find("compact_gap") != std::string::npos) {
      ASSERT_FALSE(compacted);  // the official result needs an option that ours doesn't have
      EXPECT_EQ(compacted.error().error.rule, Rule::kNotContiguous);
      ++refused;
    } else {
      ASSERT_TRUE(compacted) << compacted.error().message();
      expect_same_content(*compacted, test_support::read_vector(name));
      ++same;
    }
  }
  printf("compaction: %d as the official result, %d refused by our stricter rules\n", same,
         refused);
  EXPECT_GT(same, 0);
}

TEST_F(LtxVectors, CompactorRefusesWhatTheOfficialRefuses) {
  for (const Json& row : manifest_["compactor_rejects"]) {
    if (!row.contains("inputs")) continue;  // described without files: in ltx_compactor_test.cc
    const auto inputs = open_all(row["inputs"]);
    Encoder encoder;
    EXPECT_FALSE(compact(inputs, row["header_flags"].get<uint32_t>(), encoder)) << row["desc"];
  }
}

TEST_F(LtxVectors, Lz4Blocks) {
  for (const Json& row : manifest_["lz4_blocks"]) {
    const auto page_size = row["page_size"].get<uint32_t>();
    std::string block;
    if (row.contains("block_hex")) {
      block = unhex(row["block_hex"].get<std::string>());
    } else {
      const std::string file = test_support::read_vector(row["file"].get<std::string>());
      block = file.substr(kHeaderBytes + kFrameLeadBytes, row["block_len"].get<size_t>());
    }
    std::string page(page_size, '?');
    const bool accepted = decompress_lz4_page(block, page_size, page.data()) == Lz4Verdict::kOk;
    const bool liblz4_accepts =
        row["liblz4_decompress_safe"].get<int>() == static_cast<int>(page_size);
    const bool expected = row["expect"] == "either" ? liblz4_accepts : row["expect"] == "accept";
    EXPECT_EQ(accepted, expected) << row["desc"];
  }
}

}  // namespace
}  // namespace squall::ltx
