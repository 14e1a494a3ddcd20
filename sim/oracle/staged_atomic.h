// staged-atomic: a staged commit appears all at once. Staging writes nothing but its own rows above
// the head; the finalize removes the stage and its manifest in the same moment in which the head
// moves; so does a plain commit that finds another commit's stage open.
//
// Does not check: what the chunks hold (page-images) and that the index names them (index-backed).
#pragma once

#include <optional>
#include <span>

#include "engine/head.h"
#include "engine/rows.h"
#include "sim/oracle/judge.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

// The actor's stage row as the rows left it, or as it was before they removed it; nothing: they do
// not.
std::optional<StageRow> stage_written(ActorId actor, std::span<const StoreRow> rows);
std::optional<StageRow> stage_removed(ActorId actor, std::span<const StoreRow> rows);

// A stage operation landed and left this head.
bool check_stage_rows(Judge& judge, ActorId actor, const Head& head,
                      std::span<const StoreRow> rows);
// A commit landed over an open stage, its own or another one's.
bool check_stage_over(Judge& judge, const SimulatedStore& store, ActorId actor, const Head& head);

}  // namespace squall::sim
