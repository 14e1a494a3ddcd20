#include "scenarios/plan_builder.h"

#include "engine/assert.h"
#include "sim/keyed_hash.h"

namespace squall::scenarios {

using sim::Parameter;
using sim::Statement;
using sim::Transaction;

PlanBuilder::PlanBuilder(std::string_view scenario, uint64_t seed) {
  plan_.scenario = scenario;
  plan_.seed = seed;
  plan_.decision_key = sim::keyed_hash(seed, 0xDEC1);
  plan_.jitter_key = sim::keyed_hash(seed, 0x717E);
}

uint16_t PlanBuilder::intern(std::string_view sql, SqlFlags flags) {
  const auto [row, inserted] =
      sql_.try_emplace(std::string(sql), static_cast<uint16_t>(plan_.workload.sql.size()));
  if (inserted) {
    SQUALL_ASSERT(plan_.workload.sql.size() < UINT16_MAX);
    const bool outside = flags == SqlFlags::kOutsideSkipTwin;
    plan_.workload.sql.push_back({row->first, outside, outside});
  }
  return row->second;
}

Statement PlanBuilder::statement(std::string_view sql, std::vector<Parameter> parameters,
                                 SqlFlags flags) {
  Statement result;
  result.sql = intern(sql, flags);
  result.parameters = std::move(parameters);
  return result;
}

void PlanBuilder::add_actors(size_t count) {
  for (size_t i = 0; i < count; ++i) {
    sim::ActorScript script;
    script.actor = plan_.workload.actors.size() + 1;
    plan_.workload.actors.push_back(std::move(script));
  }
}

Transaction& PlanBuilder::add(ActorId actor, std::vector<Statement> statements) {
  SQUALL_ASSERT(actor >= 1);
  SQUALL_ASSERT(actor <= plan_.workload.actors.size());
  std::vector<Transaction>& script = plan_.workload.actors[actor - 1].transactions;
  Transaction& transaction = script.emplace_back();
  transaction.id = static_cast<uint32_t>(script.size());
  transaction.on_error = sim::OnError::kWaitUntilServed;
  transaction.statements = std::move(statements);
  return transaction;
}

Transaction& PlanBuilder::add_explicit(ActorId actor, std::vector<Statement> statements) {
  Transaction& transaction = add(actor, std::move(statements));
  transaction.explicit_transaction = true;
  return transaction;
}

Transaction& PlanBuilder::add_vacuum(ActorId actor) {
  return add(actor, {statement("VACUUM", {}, SqlFlags::kOutsideSkipTwin)});
}

sim::ControlAction& PlanBuilder::add_control(sim::ControlAction::Kind kind, ActorId actor,
                                             uint32_t at_transaction, int64_t delay_us) {
  sim::ControlAction& action = plan_.workload.control.emplace_back();
  action.id = static_cast<uint32_t>(plan_.workload.control.size());
  action.kind = kind;
  action.actor = actor;
  action.at_transaction = at_transaction;
  action.delay_us = delay_us;
  return action;
}

Parameter integer(int64_t value) {
  Parameter parameter;
  parameter.integer = value;
  return parameter;
}

Parameter text(uint32_t size_bytes, uint64_t salt) {
  return {Parameter::Kind::kText, 0, size_bytes, salt};
}

Parameter random_bytes(uint32_t size_bytes, uint64_t salt) {
  return {Parameter::Kind::kRandom, 0, size_bytes, salt};
}

Parameter zeros(uint32_t size_bytes) { return {Parameter::Kind::kZeros, 0, size_bytes, 0}; }

Parameter offset_like(uint32_t size_bytes, uint64_t salt) {
  return {Parameter::Kind::kOffsetLike, 0, size_bytes, salt};
}

}  // namespace squall::scenarios
