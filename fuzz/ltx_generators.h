// RapidCheck generators of LTX files and histories, made of few readable numbers, so that failures
// shrink to something that a person can read.
#pragma once

#include <rapidcheck.h>

#include <ostream>
#include <set>
#include <vector>

#include "fuzz/ltx_samples.h"

namespace squall::fuzz {

inline rc::Gen<PageKind> gen_page_kind() {
  return rc::gen::map(rc::gen::inRange<int>(0, static_cast<int>(PageKind::kCount)),
                      [](int kind) { return static_cast<PageKind>(kind); });
}

inline rc::Gen<uint32_t> gen_page_size() {
  return rc::gen::weightedOneOf<uint32_t>(
      {{8, rc::gen::just<uint32_t>(512)},
       {2, rc::gen::element<uint32_t>(1024, 2048, 4096)},
       {1, rc::gen::element<uint32_t>(8192, 16384, 32768, 65536)}});
}

inline std::ostream& operator<<(std::ostream& out, const SamplePage& page) {
  return out << "page " << page.pgno << " kind " << static_cast<int>(page.kind) << " seed "
             << page.seed;
}

inline std::ostream& operator<<(std::ostream& out, const Sample& sample) {
  out << "flags " << sample.header.flags << " page size " << sample.header.page_size_bytes
      << " commit " << sample.header.commit_pages << " txids " << sample.header.min_txid << ".."
      << sample.header.max_txid << ":";
  for (const SamplePage& page : sample.pages) out << " [" << page << "]";
  return out;
}

// A delta of some pages anywhere in a database of any size, or a small snapshot, with or without
// checksums.
inline rc::Gen<Sample> gen_sample(rc::Gen<uint32_t> page_sizes = gen_page_size()) {
  return rc::gen::exec([page_sizes] {
    Sample sample;
    ltx::Header& header = sample.header;
    const bool snapshot = *rc::gen::arbitrary<bool>();
    const bool checksums = *rc::gen::arbitrary<bool>();
    header.flags = checksums ? 0 : ltx::kFlagNoChecksum;
    header.page_size_bytes = *page_sizes;
    header.min_txid = snapshot ? 1 : *rc::gen::inRange<uint64_t>(2, 1000);
    header.max_txid = header.min_txid + *rc::gen::inRange<uint64_t>(0, 3);
    header.timestamp_ms = *rc::gen::arbitrary<int64_t>();
    header.node_id = *rc::gen::arbitrary<uint64_t>();
    if (checksums && !snapshot)
      header.pre_apply_checksum = ltx::kChecksumBit | *rc::gen::arbitrary<uint64_t>();
    if (checksums) sample.post_apply_checksum = ltx::kChecksumBit | *rc::gen::arbitrary<uint64_t>();

    std::set<uint32_t> pgnos;
    if (snapshot) {
      const uint32_t count = *rc::gen::inRange<uint32_t>(1, 6);
      for (uint32_t pgno = 1; pgno <= count; ++pgno) pgnos.insert(pgno);
      header.commit_pages = count;
    } else {
      const uint32_t most = *rc::gen::element<uint32_t>(8, 200, 20000, UINT32_MAX - 1);
      pgnos = *rc::gen::container<std::set<uint32_t>>(rc::gen::inRange<uint32_t>(1, most));
      pgnos.erase(ltx::lock_pgno(header.page_size_bytes));
      const uint32_t last = pgnos.empty() ? 1 : *pgnos.rbegin();
      header.commit_pages = last + *rc::gen::inRange<uint32_t>(0, 2);
    }
    for (const uint32_t pgno : pgnos) {
      sample.pages.push_back({pgno, *gen_page_kind(), *rc::gen::inRange<uint64_t>(0, 1000)});
    }
    return sample;
  });
}

struct Step {
  uint32_t size_pages;
  uint64_t rewrite;
  uint64_t seed;
};

inline std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << "[size " << step.size_pages << " rewrite " << step.rewrite << " seed " << step.seed
             << "]";
}

inline rc::Gen<Step> gen_step() {
  return rc::gen::construct<Step>(rc::gen::inRange<uint32_t>(1, 12),
                                  rc::gen::inRange<uint64_t>(0, 4096),
                                  rc::gen::inRange<uint64_t>(0, 1000));
}

}  // namespace squall::fuzz
