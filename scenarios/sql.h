// Statements that several scenarios share, on one table with two indexes.
#pragma once

#include "scenarios/draw.h"
#include "scenarios/plan_builder.h"

namespace squall::scenarios {

// t(id INTEGER PRIMARY KEY, k TEXT, n INTEGER, v) with indexes on k and n, in one commit.
void add_table(PlanBuilder* builder, ActorId actor);
// Rows 1..count of value_bytes each, in one commit.
void add_rows(PlanBuilder* builder, ActorId actor, int64_t count, int64_t value_bytes);

// The same as drawn rows, an autocommit each, and a look at all of them.
void add_drawn_rows(PlanBuilder* builder, const Draw& draw, ActorId actor, int64_t count,
                    uint32_t value_bytes);

sim::Statement insert_row(PlanBuilder* builder, const Draw& draw, int64_t id, uint32_t value_bytes);
sim::Statement update_row(PlanBuilder* builder, const Draw& draw, int64_t id);
sim::Statement delete_row(PlanBuilder* builder, int64_t id);
sim::Statement select_all(PlanBuilder* builder);

}  // namespace squall::scenarios
