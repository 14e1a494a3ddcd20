#include "fuzz/ltx_list.h"

#include <algorithm>

#include "engine/big_endian.h"
#include "engine/ltx_format.h"
#include "fuzz/dice.h"
#include "fuzz/ltx_parts.h"
#include "fuzz/ltx_samples.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

constexpr size_t kLengthBytes = 2;
constexpr size_t kMostFiles = 6;

std::vector<std::string> fresh_chain(Dice& dice) {
  SampleChain chain(512, dice.one_in(2), dice.pick({1, 1, 1, 2}));
  for (uint64_t steps = dice.below(4) + 1; steps > 0; --steps) {
    chain.step(static_cast<uint32_t>(dice.below(6) + 1), dice.next(), dice.next());
  }
  return chain.files();
}

// A delta right behind the last file, made of its pages under other numbers.
std::string follow_up(const std::string& last, Dice& dice) {
  LtxParts parts = take_apart(last);
  const uint64_t txid = get_u64(parts.header.data() + ltx::kMaxTxidAt) + dice.pick({1, 1, 1, 0, 2});
  parts.set_header_u64(ltx::kMinTxidAt, txid);
  parts.set_header_u64(ltx::kMaxTxidAt, txid + dice.below(2));
  parts.set_header_u64(ltx::kPreApplyAt, parts.post_apply_checksum);
  const uint32_t commit = parts.header_u32(ltx::kCommitAt) % 16;
  const uint32_t grown = commit + static_cast<uint32_t>(dice.below(3));
  parts.set_header_u32(ltx::kCommitAt, grown);
  const std::string block =
      parts.frames.empty() ? std::string("\0", 1) : parts.frames.front().block;
  parts.frames.clear();
  for (uint32_t pgno = 1; pgno <= grown; ++pgno) {
    if (pgno > commit || dice.one_in(2)) parts.frames.push_back({pgno, 1, block});
  }
  return put_together(parts);
}

}  // namespace

std::vector<std::string> split_list(std::string_view input) {
  std::vector<std::string> files;
  while (input.size() >= kLengthBytes && files.size() < kMostFiles) {
    const size_t length = std::min<size_t>(get_u16(input.data()), input.size() - kLengthBytes);
    files.emplace_back(input.substr(kLengthBytes, length));
    input.remove_prefix(kLengthBytes + length);
  }
  return files;
}

std::string join_list(const std::vector<std::string>& files) {
  std::string input;
  for (const std::string& file : files) {
    char length[kLengthBytes];
    put_u16(length, static_cast<uint16_t>(std::min<size_t>(file.size(), UINT16_MAX)));
    input.append(length, sizeof length);
    input += file.substr(0, UINT16_MAX);
  }
  return input;
}

void mutate_ltx_files(std::string* input, uint64_t seed) {
  Dice dice(seed);
  std::vector<std::string> files = split_list(*input);
  if (files.empty() || dice.one_in(20)) {
    *input = join_list(fresh_chain(dice));
    return;
  }
  const size_t at = dice.below(files.size());
  switch (dice.below(8)) {
    case 0: files.erase(files.begin() + static_cast<ptrdiff_t>(at)); break;
    case 1: std::swap(files[at], files[dice.below(files.size())]); break;
    case 2: files.push_back(files[at]); break;
    case 3:
    case 4: files.push_back(follow_up(files.back(), dice)); break;
    default: mutate_ltx_file(&files[at], dice.next()); break;
  }
  *input = join_list(files);
}

}  // namespace squall::fuzz
