// The main job: everything drawn. Each seed switches whole families of faults and features fully on
// or off, sets the knobs, plans a few strikes, and gives each actor a script of SQL. Sized so that
// the median seed has 150 acknowledged commits of three pages and costs about 12 ms of CPU.
#pragma once

#include "scenarios/draw.h"
#include "scenarios/plan_builder.h"

namespace squall::scenarios {

// What a seed has switched on; drawn first, since knobs, faults and SQL all follow from it.
struct SwarmFeatures {
  enum class Shrink : uint8_t { kNone, kVacuum, kAutoVacuum, kIncrementalVacuum };

  size_t actors = 3;
  size_t transactions = 60;  // per actor, about
  bool compaction = true;
  bool staged = false;  // a small largest delta, and transactions beyond it
  Shrink shrink = Shrink::kNone;
  bool tight_quota = false;
  bool cold_caches = false;
  bool control = false;    // moves, restarts, renewals
  bool impatient = false;  // clients that abandon what failed
  // SQL families.
  bool large_values = false;
  bool index_churn = false;
  bool temp_tables = false;
  bool savepoints = false;
  bool failing_statements = false;
  bool rollbacks = false;
  bool random_values = false;
  bool operation_log = false;
  bool reopening = false;
  bool walkaways = false;        // clients that leave in the middle of a transaction
  bool refused_pragmas = false;  // pragmas whose commits would not reach the engine
  bool small_pieces = false;     // blobs in many values, folded and read often; counters
  bool wide = false;             // databases of several shards, which a shrink drops as a whole
  bool holes = false;  // rows that come and go in one transaction: growth by unwritten pages
};

SwarmFeatures draw_swarm_features(const Draw& draw);
sim::Knobs draw_swarm_knobs(const Draw& draw, const SwarmFeatures& features);
// Rates and strikes.
void draw_swarm_faults(const Draw& draw, sim::Plan* plan);
// Several things that must meet: what neither rates nor single strikes bring together often enough.
void draw_swarm_encounters(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder);
void draw_swarm_control(const Draw& draw, const SwarmFeatures& features, PlanBuilder* builder);
// Transactions of one actor, after its first rows are there.
void draw_swarm_rarities(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                         PlanBuilder* builder);
// The end of an actor's script, instead of the usual one; false: that.
bool draw_swarm_ending(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                       PlanBuilder* builder);
// One actor's whole script.
void draw_swarm_script(const Draw& draw, const SwarmFeatures& features, ActorId actor,
                       PlanBuilder* builder);

sim::Plan make_swarm(uint64_t seed);

}  // namespace squall::scenarios
