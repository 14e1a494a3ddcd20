// Single statements of a swarm actor, on one table t(id,k,n,v) with indexes on k and n, beside a
// log l(id,what) and counters c(id,n) where the seed has them. Everything is deterministic:
// explicit integer keys (VACUUM may renumber others), no clock, and one order wherever it shows: in
// rows that come back, last row ids and random values. (After ANALYZE two SQLites may plan
// differently.)
#pragma once

#include <string_view>
#include <vector>

#include "scenarios/swarm.h"

namespace squall::scenarios {

class SwarmStatements {
 public:
  // `actor_draw` decides what is the same in all statements of the actor.
  SwarmStatements(const Draw& actor_draw, const SwarmFeatures& features, PlanBuilder* builder)
      : actor_draw_(actor_draw), features_(features), builder_(*builder) {}

  // The first rows.
  sim::Statement fill(int64_t rows, int64_t row_bytes);
  // As many rows again, after fill: four pages each, behind all others, so that to delete them
  // frees whole shards.
  sim::Statement widen(int64_t rows);

  sim::Statement insert(const Draw& draw) { return insert_row(draw, value(draw)); }
  sim::Statement insert_row(const Draw& draw, sim::Parameter value);
  sim::Statement remove_newest();
  sim::Statement update_keys(const Draw& draw);
  sim::Statement log(const Draw& draw);
  // Any that writes, of the families that the seed has switched on.
  sim::Statement write(const Draw& draw);
  sim::Statement read(const Draw& draw);

  sim::Statement make(std::string_view sql, std::vector<sim::Parameter> parameters = {}) {
    return builder_.statement(sql, std::move(parameters));
  }
  // Outside a transaction, and nothing for the twin.
  sim::Statement outside(std::string_view sql) {
    return builder_.statement(sql, {}, SqlFlags::kOutsideSkipTwin);
  }

 private:
  sim::Statement update_value(const Draw& draw);
  sim::Statement upsert(const Draw& draw);
  sim::Statement remove(const Draw& draw);
  sim::Statement random_statement(const Draw& draw);
  sim::Statement failing_statement(const Draw& draw);

  sim::Parameter existing_id(const Draw& draw) const {
    return integer(draw.between("id", 1, last_id_));
  }
  sim::Parameter new_id() { return integer(++last_id_); }
  static sim::Parameter value(const Draw& draw);

  const Draw actor_draw_;
  const SwarmFeatures& features_;
  PlanBuilder& builder_;
  int64_t last_id_ = 0;
};

// The row's number, by which ranges are read and deleted.
sim::Parameter row_number(const Draw& draw);

}  // namespace squall::scenarios
