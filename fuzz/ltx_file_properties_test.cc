// What holds of every single LTX file.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "engine/ltx_blob.h"
#include "engine/ltx_decoder.h"
#include "engine/ltx_encoder.h"
#include "engine/testing/ltx_plain_reader.h"
#include "fuzz/ltx_generators.h"
#include "fuzz/property.h"

namespace squall::fuzz {
namespace {

std::string page_of(const Sample& sample, size_t i) {
  return make_page(sample.pages[i].kind, sample.pages[i].seed, sample.header.page_size_bytes);
}

bool inside_a_block(const ltx::OpenedBlob& blob, size_t byte) {
  for (const ltx::PageEntry& entry : blob.pages()) {
    if (byte >= entry.offset_bytes + ltx::kFrameLeadBytes &&
        byte < entry.offset_bytes + entry.size_bytes)
      return true;
  }
  return false;
}

// A file so small that every bit of it can be tried.
rc::Gen<Sample> gen_small_sample() {
  return rc::gen::map(gen_sample(rc::gen::just<uint32_t>(512)), [](Sample sample) {
    for (SamplePage& page : sample.pages) {
      if (page.kind != PageKind::kZeros) page.kind = PageKind::kText;
    }
    if (!sample.header.is_snapshot() && sample.pages.size() > 2) sample.pages.resize(2);
    return sample;
  });
}

SQUALL_PROPERTY(LtxFile, WhatWeWriteObeysEveryRuleAndReadsBack) {
  const Sample sample = *gen_sample();
  const auto plain = test_support::plain_read(encode_sample(sample));
  RC_ASSERT(plain.broken_rule == std::string());
  RC_ASSERT(plain.commit == sample.header.commit_pages);
  RC_ASSERT(plain.min_txid == sample.header.min_txid);
  RC_ASSERT(plain.max_txid == sample.header.max_txid);
  RC_ASSERT(plain.pages.size() == sample.pages.size());
  for (size_t i = 0; i < sample.pages.size(); ++i) {
    RC_ASSERT(plain.pages[i].first == sample.pages[i].pgno);
    RC_ASSERT(plain.pages[i].second == page_of(sample, i));
  }
}

SQUALL_PROPERTY(LtxFile, RandomAccessEqualsWholeDecode) {
  const Sample sample = *gen_sample();
  const std::string file = encode_sample(sample);
  const auto decoded = ltx::decode_pages(file);
  const auto blob = ltx::OpenedBlob::open(SharedBytes(file));
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(blob.has_value());
  RC_ASSERT(blob->header() == sample.header);
  RC_ASSERT(blob->pages().size() == decoded->pages.size());
  std::string page(sample.header.page_size_bytes, '\0');
  for (const auto& [pgno, bytes] : decoded->pages) {
    const ltx::PageEntry* entry = blob->find(pgno);
    RC_ASSERT(entry != nullptr);
    RC_ASSERT(blob->read_page(*entry, page.data()).has_value());
    RC_ASSERT(page == bytes);
  }
}

SQUALL_PROPERTY(LtxFile, EncodingWhatWasDecodedGivesTheSameBytes) {
  const std::string file = encode_sample(*gen_sample());
  const auto decoded = ltx::decode_pages(file);
  RC_ASSERT(decoded.has_value());
  ltx::Encoder encoder;
  RC_ASSERT(encoder.begin(decoded->file.header).has_value());
  for (const auto& [pgno, bytes] : decoded->pages)
    RC_ASSERT(encoder.add_page(pgno, bytes).has_value());
  const auto again = encoder.finish(decoded->file.post_apply_checksum);
  RC_ASSERT(again.has_value());
  RC_ASSERT(*again == file);
}

// The compressed bytes are protected through the page that they give: bits of them that don't
// matter to it, and no others, may flip unseen.
SQUALL_PROPERTY(LtxFile, EveryFlippedBitIsRefusedOrWithoutEffect) {
  const std::string file = encode_sample(*gen_small_sample());
  const auto original = ltx::OpenedBlob::open(SharedBytes(file));
  RC_ASSERT(original.has_value());
  const auto pages = ltx::decode_pages(file);
  for (size_t bit = 0; bit < 8 * file.size(); ++bit) {
    std::string flipped = file;
    flipped[bit / 8] ^= static_cast<char>(1 << bit % 8);
    const auto decoded = ltx::decode_pages(flipped);
    if (!decoded) continue;
    RC_LOG() << "bit " << bit << " of " << file.size() << " bytes flipped unseen\n";
    RC_ASSERT(inside_a_block(*original, bit / 8));
    RC_ASSERT(decoded->pages.size() == pages->pages.size());
    for (size_t i = 0; i < pages->pages.size(); ++i)
      RC_ASSERT(decoded->pages[i].bytes == pages->pages[i].bytes);
  }
}

SQUALL_PROPERTY(LtxFile, EveryTruncationAndEveryLongerFileIsRefused) {
  const std::string file = encode_sample(*gen_small_sample());
  for (size_t length = 0; length < file.size(); ++length) {
    const auto opened = ltx::OpenedBlob::open(SharedBytes(file.substr(0, length)));
    RC_ASSERT(!opened.has_value());
    RC_ASSERT(opened.error().offset_bytes <= length);
  }
  RC_ASSERT(!ltx::OpenedBlob::open(SharedBytes(file + '\0')).has_value());
  RC_ASSERT(!ltx::OpenedBlob::open(SharedBytes(file + file)).has_value());
}

}  // namespace
}  // namespace squall::fuzz
