// Builds a plan statement by statement: keeps each SQL text once and numbers transactions and
// control actions.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/plan.h"

namespace squall::scenarios {

enum class SqlFlags : uint8_t {
  kPlain,
  kOutsideSkipTwin,  // outside_transaction and skip_twin
};

class PlanBuilder {
 public:
  // No faults, default knobs.
  PlanBuilder(std::string_view scenario, uint64_t seed);

  sim::Plan& plan() { return plan_; }
  sim::Plan take() { return std::move(plan_); }

  sim::Statement statement(std::string_view sql, std::vector<sim::Parameter> parameters = {},
                           SqlFlags flags = SqlFlags::kPlain);

  // Adds actors 1..count.
  void add_actors(size_t count);
  // Adds a transaction to the actor's script and gives it its id. The reference holds until the
  // next one is added.
  sim::Transaction& add(ActorId actor, std::vector<sim::Statement> statements);
  // The same as one explicit transaction, asked until it is served.
  sim::Transaction& add_explicit(ActorId actor, std::vector<sim::Statement> statements);
  sim::Transaction& add_vacuum(ActorId actor);

  sim::ControlAction& add_control(sim::ControlAction::Kind kind, ActorId actor,
                                  uint32_t at_transaction, int64_t delay_us);

 private:
  uint16_t intern(std::string_view sql, SqlFlags flags);

  sim::Plan plan_;
  std::unordered_map<std::string, uint16_t> sql_;
};

sim::Parameter integer(int64_t value);
sim::Parameter text(uint32_t size_bytes, uint64_t salt);
sim::Parameter random_bytes(uint32_t size_bytes, uint64_t salt);
sim::Parameter zeros(uint32_t size_bytes);
sim::Parameter offset_like(uint32_t size_bytes, uint64_t salt);

}  // namespace squall::scenarios
