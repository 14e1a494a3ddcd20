// A request on its way to a node and its reply on the way back, with what the simulation must know
// of it.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/messages.h"
#include "sim/entity.h"

namespace squall::sim {

struct Message {
  Request request;
  Reply reply;
  Entity entity;      // whose doing it is
  uint64_t call = 0;  // whom to wake with the reply; 0: nobody waits
  uint64_t connection_epoch = 0;
  uint32_t host = 0;
  bool meets_full_queue = false;
};
using MessagePtr = std::unique_ptr<Message>;

}  // namespace squall::sim
