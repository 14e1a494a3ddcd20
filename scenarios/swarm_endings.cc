// How the script of a swarm actor ends. Most end in a write that waits for the faults' end. Some
// write their last while things still go wrong, after the node has gone quiet about the actor, and
// only read after that: whatever the node was to do about that write, nobody will remind it.
#include "scenarios/swarm.h"

namespace squall::scenarios {

namespace {

using sim::Fault;
using sim::site_id;
using sim::WorldSite;

constexpr size_t kEveryPass = 60;

enum class Ending : uint8_t {
  kInDoubt,         // the write lands, and its node is told otherwise
  kStaged,          // it is a large one
  kPassesFail,      // every compaction that follows it fails until the faults end
  kDuringLastPass,  // it lands while a compaction looks whether anything is left
};

struct LastWrite {
  ActorId actor;
  uint32_t transaction;
};

sim::Strike strike_of(const LastWrite& write, Fault fault, sim::SiteId site) {
  sim::Strike strike;
  strike.fault = fault;
  strike.site = site;
  strike.actor = write.actor;
  strike.transaction = write.transaction;
  return strike;
}

void put_in_doubt(const Draw& draw, const LastWrite& write, sim::Plan* plan) {
  switch (draw.between("doubt", 0, 3)) {
    case 0:
      plan->strikes.push_back(
          strike_of(write, Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreCommit)));
      break;
    case 1:
      plan->strikes.push_back(
          strike_of(write, Fault::kFailStep, site_id(Site::kCommitAfterStoreCommit)));
      break;
    case 2:
      plan->strikes.push_back(strike_of(write, Fault::kLoseReply, site_id(WorldSite::kSendReply)));
      break;
    default: {
      sim::Strike strike =
          strike_of(write, Fault::kStoreLateLanding, site_id(WorldSite::kStoreCommit));
      strike.parameter = 1;
      plan->strikes.push_back(strike);
    }
  }
}

void strike_passes(ActorId actor, Fault fault, int64_t parameter, sim::Plan* plan) {
  sim::Strike strike;
  strike.fault = fault;
  strike.site = site_id(Site::kCompactAfterSnapshot);
  strike.kind = sim::EntityKind::kCompaction;
  strike.actor = actor;
  strike.parameter = parameter;
  plan->strikes.insert(plan->strikes.end(), kEveryPass, strike);
}

Ending draw_ending(const Draw& draw, const SwarmFeatures& features) {
  if (features.staged && draw.percent("staged", 40)) return Ending::kStaged;
  return draw.pick<Ending>(
      "kind", {Ending::kInDoubt, Ending::kInDoubt, Ending::kPassesFail, Ending::kDuringLastPass});
}

sim::Statement insert_last(const Draw& draw, Ending ending, PlanBuilder* builder) {
  const auto size = ending == Ending::kStaged ? draw.between("large", 135'000, 160'000)
                                              : draw.between("small", 10, 300);
  return builder->statement("INSERT INTO t(id,k,n,v) VALUES(?,?,?,?)",
                            {integer(2'000'000), text(14, draw.bits("key") >> 32), integer(1'000),
                             zeros(static_cast<uint32_t>(size))});
}

}  // namespace

bool draw_swarm_ending(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                       PlanBuilder* builder) {
  if (!features.compaction || !draw.percent("on", 12)) return false;
  const Ending ending = draw_ending(draw, features);
  sim::Plan& plan = builder->plan();
  const int64_t idle_us = 1'000 * plan.knobs.compact_idle_ms;
  const int64_t pass_us = draw.scaled("pass", 100'000, 800'000);
  const std::string_view all = "SELECT id,k,n,v FROM t ORDER BY id";

  sim::Transaction& last = builder->add_explicit(actor, {insert_last(draw, ending, builder)});
  // By default when all that came before is folded.
  last.think_us =
      ending == Ending::kDuringLastPass ? idle_us + pass_us * 3 / 2 : 2 * idle_us + 200'000;
  const LastWrite write{actor, last.id};
  if (ending == Ending::kInDoubt) put_in_doubt(draw, write, &plan);
  if (ending == Ending::kPassesFail) strike_passes(actor, Fault::kCrashWorker, 0, &plan);
  if (ending == Ending::kDuringLastPass) strike_passes(actor, Fault::kPause, pass_us, &plan);
  builder->add(actor, {builder->statement("SELECT count(*),sum(n) FROM t")}).think_us =
      ending == Ending::kPassesFail ? 2 * idle_us : 0;
  builder->add_explicit(actor, {builder->statement(all)});
  return true;
}

}  // namespace squall::scenarios
