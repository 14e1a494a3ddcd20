// The Transport of one actor's process: over its host's connection, and with each request named by
// what its task is about, which step it is and how many of that step there were before.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "engine/transport.h"
#include "sim/connection.h"
#include "sim/world_figures.h"

namespace squall::sim {

class ActorTransport : public Transport {
 public:
  ActorTransport(Core& core, Connection& connection, WorldFigures& figures)
      : core_(core), connection_(connection), figures_(figures) {}

  tl::expected<Reply, TransportError> call(Request request) override;
  void post(Request request) override;

 private:
  Entity next(const Request& request);

  Core& core_;
  Connection& connection_;
  WorldFigures& figures_;
  Entity about_;  // what the counts below belong to
  std::array<uint32_t, 8> attempts_{};
};

}  // namespace squall::sim
