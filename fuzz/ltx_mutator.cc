// Changes one thing of an LTX file and repairs what depends on it, most of the time.
#include <algorithm>
#include <string>

#include "engine/big_endian.h"
#include "engine/ltx_format.h"
#include "engine/lz4_block.h"
#include "fuzz/dice.h"
#include "fuzz/ltx_parts.h"
#include "fuzz/ltx_samples.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

constexpr size_t kMostFrames = 24;

std::string fresh_file(Dice& dice) {
  SampleChain chain(static_cast<uint32_t>(dice.pick({512, 512, 512, 1024})), dice.one_in(2),
                    dice.pick({1, 1, 2, 9}));
  for (uint64_t steps = dice.below(2) + 1; steps > 0; --steps) {
    chain.step(static_cast<uint32_t>(dice.below(5) + 1), dice.next(), dice.next());
  }
  return chain.files()[dice.below(chain.files().size())];
}

std::string compressed_page(Dice& dice, uint32_t page_size_bytes) {
  const auto kind = static_cast<PageKind>(dice.below(static_cast<uint64_t>(PageKind::kCount)));
  const std::string page = make_page(kind, dice.below(1000), page_size_bytes);
  std::string block(max_lz4_block_bytes(page.size()), '\0');
  block.resize(Lz4Compressor().compress(page, block.data()));
  return block;
}

void change_header(LtxParts* parts, Dice& dice) {
  constexpr size_t kWords = 20;
  switch (dice.below(8)) {
    case 0:
      parts->set_header_u32(ltx::kFlagsAt,
                            static_cast<uint32_t>(dice.pick({0, 2, 1, 4, 0x80000002})));
      break;
    case 1:
      parts->set_header_u32(
          ltx::kPageSizeAt,
          static_cast<uint32_t>(dice.pick({512, 1024, 4096, 65536, 256, 131072, 1000})));
      break;
    case 2:
      parts->set_header_u32(
          ltx::kCommitAt,
          static_cast<uint32_t>(dice.pick({0, 1, 3, 16, 0x200001, 0x200002, 0xffffffff})));
      break;
    case 3: parts->set_header_u64(ltx::kMinTxidAt, dice.pick({0, 1, 2, 9, ~uint64_t{0}})); break;
    case 4:
      parts->set_header_u64(ltx::kMaxTxidAt, dice.pick({0, 1, 2, 9, 10, ~uint64_t{0}}));
      break;
    default:
      parts->set_header_u32(
          4 * (dice.below(kWords) + 5),
          static_cast<uint32_t>(dice.pick({0, 0, 1, 0x7fffffff, 0x80000000, 0xffffffff})));
      break;
  }
}

void change_frames(LtxParts* parts, Dice& dice) {
  auto& frames = parts->frames;
  const size_t at = dice.below(frames.size());
  if (frames.size() < kMostFrames && (frames.empty() || dice.one_in(4))) {
    const uint32_t pgno = frames.empty() ? 1 : frames[at].pgno + 1;
    const auto where = frames.begin() + static_cast<ptrdiff_t>(frames.empty() ? 0 : at + 1);
    frames.insert(where, {pgno, 1, compressed_page(dice, parts->page_size_bytes())});
    return;
  }
  FrameParts& frame = frames[at];
  switch (dice.below(7)) {
    case 0: frames.erase(frames.begin() + static_cast<ptrdiff_t>(at)); break;
    case 1: std::swap(frame, frames[dice.below(frames.size())]); break;
    case 2: {
      const uint64_t commit = parts->header_u32(ltx::kCommitAt);
      const uint64_t lock = ltx::lock_pgno(parts->page_size_bytes());
      frame.pgno = static_cast<uint32_t>(
          dice.pick({1, 2, 64, 127, 128, commit, commit + 1, lock - 1, lock, lock + 1}));
      break;
    }
    case 3:
      frame.flags = static_cast<uint16_t>(dice.pick({0, 2, 0x0100, 0xffff}));
      if (dice.one_in(2)) {
        frame.flags = 0;
        frame.block.insert(0, "\x04\x22\x4d\x18");
      }
      break;
    case 4:
      frame.block = compressed_page(
          dice, static_cast<uint32_t>(dice.pick({parts->page_size_bytes(), 512, 511, 1024})));
      break;
    default: mutate_bytes(&frame.block, dice.next()); break;
  }
}

// The parts become a snapshot, or a delta, with all that goes with it.
void change_kind(LtxParts* parts, Dice& dice) {
  const bool checksums = dice.one_in(2);
  const bool snapshot = dice.one_in(2);
  parts->set_header_u32(ltx::kFlagsAt, checksums ? 0 : ltx::kFlagNoChecksum);
  parts->set_header_u64(ltx::kMinTxidAt, snapshot ? 1 : 2);
  parts->set_header_u64(ltx::kMaxTxidAt, dice.pick({2, 3}));
  constexpr size_t kPreApplyAt = 40;
  parts->set_header_u64(kPreApplyAt, checksums && !snapshot ? ltx::kChecksumBit | 5 : 0);
  parts->post_apply_checksum = checksums ? ltx::kChecksumBit | 7 : 0;
  if (!snapshot) return;
  uint64_t checksum = 0;
  for (size_t i = 0; i < parts->frames.size(); ++i) {
    FrameParts& frame = parts->frames[i];
    frame.pgno = static_cast<uint32_t>(i + 1);
    checksum ^= ltx::page_checksum(frame.pgno, parts->page(frame));
  }
  parts->set_header_u32(ltx::kCommitAt, static_cast<uint32_t>(parts->frames.size()));
  if (checksums) parts->post_apply_checksum = ltx::kChecksumBit | checksum;
}

// Something between the frames and the file checksum, sealed again.
void change_end(const LtxParts& parts, std::string* file, Dice& dice) {
  size_t frames_end = ltx::kHeaderBytes;
  for (const FrameParts& frame : parts.frames)
    frames_end += ltx::kFrameLeadBytes + frame.block.size();
  std::string end = file->substr(frames_end, file->size() - 8 - frames_end);
  mutate_bytes(&end, dice.next());
  *file = file->substr(0, frames_end) + end + std::string(8, '\0');
  seal(parts, file);
}

}  // namespace

void mutate_ltx_file(std::string* input, uint64_t seed) {
  Dice dice(seed);
  if (input->size() < ltx::kHeaderBytes || dice.one_in(50)) {
    *input = fresh_file(dice);
    return;
  }
  if (dice.one_in(8)) return mutate_bytes(input, dice.next());
  LtxParts parts = take_apart(*input);
  bool end = false;
  switch (dice.below(8)) {
    case 0:
    case 1: change_header(&parts, dice); break;
    case 2: change_kind(&parts, dice); break;
    case 3:
      parts.post_apply_checksum = dice.pick({0, 1, ltx::kChecksumBit, ltx::kChecksumBit | 1});
      break;
    case 4: end = true; break;
    default: change_frames(&parts, dice); break;
  }
  *input = put_together(parts);
  if (end) change_end(parts, input, dice);
  if (dice.one_in(16))
    put_u64(input->data() + input->size() - 8, dice.pick({0, 1, ltx::kChecksumBit}));
}

}  // namespace squall::fuzz
