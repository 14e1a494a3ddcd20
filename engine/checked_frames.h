// What one process remembers of the LTX frames that it has checked: a blob that is read again, or a
// shard that holds copies of frames seen before, needs no second decompression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/ltx_scan.h"

namespace squall {

// Knows a frame by a 128-bit hash of all its bytes: changed bytes are another frame, and are
// checked anew. Bounded: a newer frame takes the place of an older one.
class CheckedFrames : public ltx::FrameMemory {
 public:
  // The most frames that it remembers, a power of two; each takes 24 bytes once there is any.
  static constexpr size_t kMostFrames = 2048;

  std::optional<uint64_t> recall(std::string_view frame) override;
  // Right after a recall of the same frame.
  void learn(std::string_view frame, uint64_t checksum, std::string_view page) override;

 private:
  struct Known {
    uint64_t low = 0;
    uint64_t high = 0;
    uint64_t checksum = 0;
  };
  Known& place() { return known_[asked_.low % kMostFrames]; }

  std::vector<Known> known_;  // empty until something is learned
  Known asked_;               // the hash of the frame that was asked for last
};

}  // namespace squall
