// How a VFS reaches an engine node. Requests of one host travel in order over one connection, which
// may drop with requests or replies in flight; nothing that was sent is ever sent again by the
// transport itself.
#pragma once

#include <cstdint>
#include <tl/expected.hpp>

#include "engine/messages.h"

namespace squall {

enum class TransportError : uint8_t {
  kUnknown,  // the connection dropped or the reply took too long: the request may or may not have
             // been served
  kProcessDead,  // this process was killed: give up at once, unwind, touch nothing
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Waits for the reply.
  virtual tl::expected<Reply, TransportError> call(Request request) = 0;
  // Sends without waiting, in order with later calls; the reply is thrown away.
  virtual void post(Request request) = 0;
};

}  // namespace squall
