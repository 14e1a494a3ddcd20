// The codec against what it is made of, on the same pages in the same run: encode and decode
// against LZ4 + CRC, one page of an opened blob against a whole decode. Pages of 4096 bytes, 64 of
// them, NoChecksum: text, index content, random.
#include <benchmark/benchmark.h>
#include <lz4.h>

#include <string>
#include <vector>

#include "engine/assert.h"
#include "engine/crc64.h"
#include "engine/ltx_blob.h"
#include "engine/ltx_encoder.h"

namespace squall::ltx {
namespace {

constexpr uint32_t kPages = 64;
constexpr uint32_t kPageBytes = 4096;

enum class Content : int64_t { kText, kIndex, kRandom };

uint64_t next_random(uint64_t* state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return *state >> 33;
}

std::string text_page(uint64_t* state) {
  constexpr const char* kWords[] = {"commit", "page",  "storage",  "engine", "of",  "the",
                                    "actor",  "value", "takeover", "delta",  "and", "shard",
                                    "index",  "is",    "a",        "reader"};
  std::string page;
  while (page.size() < kPageBytes) {
    page += kWords[next_random(state) % 16];
    page += next_random(state) % 8 == 0 ? std::to_string(next_random(state) % 100000) : " ";
  }
  page.resize(kPageBytes);
  return page;
}

// As SQLite lays out an index leaf: cell pointers in front, cells of key and rowid from the end.
std::string index_page(uint32_t number) {
  constexpr size_t kCells = 150;
  constexpr size_t kCellBytes = 20;
  std::string page(kPageBytes, '\0');
  for (size_t i = 0; i < kCells; ++i) {
    const size_t cell = kPageBytes - kCellBytes * (i + 1);
    page[8 + 2 * i] = static_cast<char>(cell >> 8);
    page[9 + 2 * i] = static_cast<char>(cell);
    const std::string key =
        "\x13\x03\x21\x02key-" + std::to_string(100000 + (number * kCells + i) * 7);
    page.replace(cell, key.size(), key);
    page[cell + key.size()] = static_cast<char>(i);
  }
  return page;
}

std::vector<std::string> make_pages(Content content) {
  std::vector<std::string> pages;
  uint64_t state = 1;
  for (uint32_t i = 0; i < kPages; ++i) {
    switch (content) {
      case Content::kText: pages.push_back(text_page(&state)); break;
      case Content::kIndex: pages.push_back(index_page(i)); break;
      case Content::kRandom:
        pages.emplace_back(kPageBytes, '\0');
        for (char& byte : pages.back()) byte = static_cast<char>(next_random(&state));
        break;
    }
  }
  return pages;
}

Header bench_header() {
  return {.flags = kFlagNoChecksum,
          .page_size_bytes = kPageBytes,
          .commit_pages = kPages,
          .min_txid = 2,
          .max_txid = 2};
}

std::string_view encode(Encoder& encoder, const std::vector<std::string>& pages, uint32_t count) {
  const auto begun = encoder.begin(bench_header());
  SQUALL_ASSERT(begun.has_value());
  for (uint32_t i = 0; i < count; ++i) {
    const auto added = encoder.add_page(i + 1, pages[i]);
    SQUALL_ASSERT(added.has_value());
  }
  const auto file = encoder.finish();
  SQUALL_ASSERT(file.has_value());
  return *file;
}

void lz4_and_crc_compress(benchmark::State& state) {
  const auto pages = make_pages(static_cast<Content>(state.range(0)));
  std::vector<char> tables(static_cast<size_t>(LZ4_sizeofState()));
  std::vector<char> block(static_cast<size_t>(LZ4_compressBound(kPageBytes)));
  for (auto _ : state) {
    uint64_t crc = 0;
    for (const std::string& page : pages) {
      benchmark::DoNotOptimize(LZ4_compress_fast_extState(
          tables.data(), page.data(), block.data(), kPageBytes, static_cast<int>(block.size()), 1));
      crc = crc64(crc, page);
    }
    benchmark::DoNotOptimize(crc);
  }
}

void encode_file(benchmark::State& state) {
  const auto pages = make_pages(static_cast<Content>(state.range(0)));
  Encoder encoder;
  for (auto _ : state) benchmark::DoNotOptimize(encode(encoder, pages, kPages).data());
  state.counters["bytes"] = static_cast<double>(encode(encoder, pages, kPages).size());
}

void encode_one_page_file(benchmark::State& state) {
  const auto pages = make_pages(static_cast<Content>(state.range(0)));
  Encoder encoder;
  for (auto _ : state) benchmark::DoNotOptimize(encode(encoder, pages, 1).data());
}

void lz4_and_crc_decompress(benchmark::State& state) {
  const auto pages = make_pages(static_cast<Content>(state.range(0)));
  std::vector<std::string> blocks;
  for (const std::string& page : pages) {
    std::string block(static_cast<size_t>(LZ4_compressBound(kPageBytes)), '\0');
    block.resize(static_cast<size_t>(LZ4_compress_default(page.data(), block.data(), kPageBytes,
                                                          static_cast<int>(block.size()))));
    blocks.push_back(std::move(block));
  }
  std::string page(kPageBytes, '\0');
  for (auto _ : state) {
    uint64_t crc = 0;
    for (const std::string& block : blocks) {
      LZ4_decompress_safe(block.data(), page.data(), static_cast<int>(block.size()), kPageBytes);
      crc = crc64(crc, page);
    }
    benchmark::DoNotOptimize(crc);
  }
}

SharedBytes encoded(Content content, uint32_t count) {
  Encoder encoder;
  return SharedBytes(encode(encoder, make_pages(content), count));
}

void decode_file(benchmark::State& state) {
  const SharedBytes file = encoded(static_cast<Content>(state.range(0)), kPages);
  for (auto _ : state) {
    const auto blob = OpenedBlob::open(file);
    SQUALL_ASSERT(blob.has_value());
    benchmark::DoNotOptimize(blob->file_checksum());
  }
}

void open_one_page_file(benchmark::State& state) {
  const SharedBytes file = encoded(static_cast<Content>(state.range(0)), 1);
  for (auto _ : state) benchmark::DoNotOptimize(OpenedBlob::open(file)->file_checksum());
}

void read_page_of_opened(benchmark::State& state) {
  const auto blob = OpenedBlob::open(encoded(static_cast<Content>(state.range(0)), kPages));
  std::string page(kPageBytes, '\0');
  uint32_t pgno = 0;
  for (auto _ : state) {
    const auto read = blob->read_page(*blob->find(pgno++ % kPages + 1), page.data());
    SQUALL_ASSERT(read.has_value());
    benchmark::DoNotOptimize(page.data());
  }
}

void all_contents(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("content");  // 0 text, 1 index, 2 random
  for (const Content content : {Content::kText, Content::kIndex, Content::kRandom}) {
    benchmark->Arg(static_cast<int64_t>(content));
  }
}

BENCHMARK(lz4_and_crc_compress)->Apply(all_contents);
BENCHMARK(encode_file)->Apply(all_contents);
BENCHMARK(lz4_and_crc_decompress)->Apply(all_contents);
BENCHMARK(decode_file)->Apply(all_contents);
BENCHMARK(read_page_of_opened)->Apply(all_contents);
BENCHMARK(encode_one_page_file)->Apply(all_contents);
BENCHMARK(open_one_page_file)->Apply(all_contents);

}  // namespace
}  // namespace squall::ltx

BENCHMARK_MAIN();
