// Any bytes as a request and as a reply: what decodes encodes to the same bytes, and is refused
// with a byte more or less.
#include <string>

#include "engine/assert.h"
#include "engine/message_codec.h"
#include "fuzz/message_samples.h"
#include "fuzz/targets.h"

namespace squall::fuzz {
namespace {

void check_request_bytes(std::string_view input, PagePool& pool) {
  const auto request = decode_request(input, pool);
  if (!request) {
    SQUALL_ASSERT(request.error().code == ErrorCode::kInvalidRequest);
    return;
  }
  std::string again;
  encode_request(*request, &again);
  SQUALL_ASSERT(again == input);
  SQUALL_ASSERT(!decode_request(input.substr(0, input.size() - 1), pool).has_value());
  SQUALL_ASSERT(!decode_request(again + '\0', pool).has_value());
}

void check_reply_bytes(std::string_view input, PagePool& pool) {
  const auto reply = decode_reply(input, pool);
  if (!reply) {
    SQUALL_ASSERT(reply.error().code == ErrorCode::kInvalidRequest);
    return;
  }
  std::string again;
  encode_reply(*reply, &again);
  SQUALL_ASSERT(again == input);
  SQUALL_ASSERT(!decode_reply(input.substr(0, input.size() - 1), pool).has_value());
  SQUALL_ASSERT(!decode_reply(again + '\0', pool).has_value());
}

}  // namespace

void run_wire_message(std::string_view input) {
  PagePool pool;
  check_request_bytes(input, pool);
  check_reply_bytes(input, pool);
  SQUALL_ASSERT(pool.live_pages() == 0);
}

void mutate_wire_message(std::string* input, uint64_t seed) {
  Dice dice(seed);
  if (!input->empty() && !dice.one_in(4)) return mutate_bytes(input, dice.next());
  PagePool pool;
  input->clear();
  if (dice.one_in(2)) {
    encode_request(make_request(dice, pool), input);
  } else {
    encode_reply(make_reply(dice, pool), input);
  }
}

}  // namespace squall::fuzz
