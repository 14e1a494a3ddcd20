// Statements that many bench workloads share.
#pragma once

#include "scenarios/plan_builder.h"

namespace squall::scenarios::bench {

inline constexpr int64_t kCreatedAt = 1'700'000'000;

// One row; its payload is payload_bytes of randomblob.
sim::Statement insert_row(PlanBuilder& builder, int64_t number, int64_t payload_bytes);
// `count` rows in one statement.
sim::Statement insert_rows(PlanBuilder& builder, int64_t count, int64_t payload_bytes);

}  // namespace squall::scenarios::bench
