#include "sim/oracle/message_codec.h"

#include <fmt/format.h>

#include <algorithm>

namespace squall::sim {

void check_message(Judge& judge, std::string_view sent, std::string_view again,
                   const std::string& problem) {
  judge.expect(problem.empty() && sent == again, Invariant::kMessageCodec, "message", [&] {
    if (!problem.empty())
      return fmt::format("a message of {} bytes can't be decoded: {}", sent.size(), problem);
    const auto differs = std::mismatch(sent.begin(), sent.end(), again.begin(), again.end());
    return fmt::format(
        "a message of {} bytes came back as one of {}; the first difference is at byte {}",
        sent.size(), again.size(), differs.first - sent.begin());
  });
}

}  // namespace squall::sim
