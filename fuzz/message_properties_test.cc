// Wire messages and head records: what is encoded decodes to the same, and a byte more or less is
// refused. The values are read off a tape of numbers; failures shrink the tape, and so the message.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "engine/head.h"
#include "engine/message_codec.h"
#include "fuzz/message_samples.h"
#include "fuzz/property.h"

namespace squall::fuzz {
namespace {

using Tape = std::vector<uint64_t>;

constexpr ActorId kActor = 42;

Tape draw_tape() { return *rc::gen::container<Tape>(rc::gen::arbitrary<uint64_t>()); }

SQUALL_PROPERTY(WireMessage, ARequestRoundTripsAndEveryOtherLengthIsRefused) {
  PagePool pool;
  const Tape tape = draw_tape();
  Dice dice(tape);
  std::string bytes;
  encode_request(make_request(dice, pool), &bytes);
  const auto decoded = decode_request(bytes, pool);
  if (!decoded) RC_FAIL(decoded.error().message);
  std::string again;
  encode_request(*decoded, &again);
  RC_ASSERT(again == bytes);
  for (size_t length = 0; length < bytes.size(); ++length) {
    RC_ASSERT(!decode_request(std::string_view(bytes).substr(0, length), pool).has_value());
  }
  RC_ASSERT(!decode_request(bytes + '\0', pool).has_value());
}

SQUALL_PROPERTY(WireMessage, AReplyRoundTripsAndEveryOtherLengthIsRefused) {
  PagePool pool;
  const Tape tape = draw_tape();
  Dice dice(tape);
  std::string bytes;
  encode_reply(make_reply(dice, pool), &bytes);
  const auto decoded = decode_reply(bytes, pool);
  if (!decoded) RC_FAIL(decoded.error().message);
  std::string again;
  encode_reply(*decoded, &again);
  RC_ASSERT(again == bytes);
  for (size_t length = 0; length < bytes.size(); ++length) {
    RC_ASSERT(!decode_reply(std::string_view(bytes).substr(0, length), pool).has_value());
  }
  RC_ASSERT(!decode_reply(bytes + '\0', pool).has_value());
}

SQUALL_PROPERTY(HeadRecord, RoundTripsAndEveryOtherLengthIsRefused) {
  const Tape tape = draw_tape();
  Dice dice(tape);
  const Head head = make_head(dice);
  const SharedBytes bytes = encode_head(kActor, head);
  const auto decoded = decode_head(kActor, bytes);
  if (!decoded) RC_FAIL(decoded.error().message);
  RC_ASSERT(*decoded == head);
  for (size_t length = 0; length < bytes.size(); ++length) {
    RC_ASSERT(!decode_head(kActor, bytes.view().substr(0, length)).has_value());
  }
  RC_ASSERT(!decode_head(kActor, std::string(bytes.view()) + '\0').has_value());
  RC_ASSERT(!decode_head(kActor + 1, bytes).has_value());
}

SQUALL_PROPERTY(HeadRecord, EveryFlippedBitIsRefused) {
  const Tape tape = draw_tape();
  Dice dice(tape);
  std::string bytes(encode_head(kActor, make_head(dice)).view());
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
    RC_ASSERT(!decode_head(kActor, bytes).has_value());
    bytes[bit / 8] ^= static_cast<char>(1 << bit % 8);
  }
}

}  // namespace
}  // namespace squall::fuzz
