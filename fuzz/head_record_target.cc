// Any bytes as a head record: what decodes encodes to the same bytes; a byte more, a byte less, any
// flipped bit, or another actor, and it is refused.
#include <xxhash.h>

#include <string>

#include "engine/assert.h"
#include "engine/bare.h"
#include "engine/head.h"
#include "fuzz/message_samples.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

constexpr ActorId kActor = 7;
constexpr size_t kChecksumBytes = 8;

}  // namespace

void run_head_record(std::string_view input) {
  const auto head = decode_head(kActor, input);
  if (!head) {
    SQUALL_ASSERT(head.error().code == ErrorCode::kCorrupt);
    return;
  }
  const SharedBytes again = encode_head(kActor, *head);
  SQUALL_ASSERT(again.view() == input);
  SQUALL_ASSERT(!decode_head(kActor + 1, input).has_value());
  SQUALL_ASSERT(!decode_head(kActor, input.substr(0, input.size() - 1)).has_value());
  std::string changed(input);
  SQUALL_ASSERT(!decode_head(kActor, changed + '\0').has_value());
  for (size_t bit = 0; bit < 8 * input.size(); ++bit) {
    changed[bit / 8] ^= static_cast<char>(1 << bit % 8);
    SQUALL_ASSERT(!decode_head(kActor, changed).has_value());
    changed[bit / 8] = input[bit / 8];
  }
}

void mutate_head_record(std::string* input, uint64_t seed) {
  Dice dice(seed);
  if (input->size() < kHeadBytes || dice.one_in(16))
    *input = std::string(encode_head(kActor, make_head(dice)).view());
  if (dice.one_in(8)) return mutate_bytes(input, dice.next());
  const size_t at = kChecksumBytes + dice.below(kHeadBytes - kChecksumBytes);
  (*input)[at] = static_cast<char>(dice.pick({0, 1, 2, 0x80, 0xff, dice.below(256)}));
  const uint64_t checksum =
      XXH3_64bits_withSeed(input->data() + kChecksumBytes, input->size() - kChecksumBytes, kActor);
  bare::store(input->data(), checksum);
}

}  // namespace squall::fuzz
