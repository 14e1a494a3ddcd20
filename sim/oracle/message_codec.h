// message-codec: a message that goes through its encoding and back is the message that it was.
//
// Does not check: messages of runs without the message_codec knob; bytes that no encoder made (the
// fuzz targets do).
#pragma once

#include <string>
#include <string_view>

#include "engine/messages.h"
#include "sim/oracle/judge.h"

namespace squall::sim {

// A message was encoded as `sent`, decoded, and encoded again as `again`; problem: why it could not
// be decoded, or was another one, or empty.
void check_message(Judge& judge, std::string_view sent, std::string_view again,
                   const std::string& problem);

// Field by field: what an encoding leaves out, it leaves out twice.
bool same_message(const Request& a, const Request& b);
bool same_message(const Reply& a, const Reply& b);

}  // namespace squall::sim
