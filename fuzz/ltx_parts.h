// An LTX file taken apart, however broken, and put together again with its lengths, index and
// checksums right: so a mutator can change one thing and still get past the checks in front of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace squall::fuzz {

struct FrameParts {
  uint32_t pgno = 0;
  uint16_t flags = 1;
  std::string block;
};

struct LtxParts {
  std::string header;  // 100 bytes
  std::vector<FrameParts> frames;
  uint64_t post_apply_checksum = 0;

  uint32_t page_size_bytes() const;  // the header's if it is a legal one, else 512
  uint32_t header_u32(size_t offset) const;
  void set_header_u32(size_t offset, uint32_t value);
  void set_header_u64(size_t offset, uint64_t value);
  // The block's page; zeros where the block doesn't say.
  std::string page(const FrameParts& frame) const;
};

LtxParts take_apart(std::string_view file);
std::string put_together(const LtxParts& parts);
// Puts the right file checksum into the last 8 bytes of a file that was put together from parts and
// then changed outside of its frames.
void seal(const LtxParts& parts, std::string* file);

}  // namespace squall::fuzz
