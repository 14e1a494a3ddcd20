#include "engine/index_access.h"

namespace squall {

Attempted<std::optional<Head>> read_head(EngineCore& core, ActorState& state,
                                         Transaction& transaction, ReadMode mode) {
  if (state.head) return load_head(transaction, state.actor, mode);
  auto loaded = load_index(transaction, state.actor, mode);
  if (!loaded) return stop(std::move(loaded.error()));
  if (!*loaded) return std::nullopt;
  ++core.statistics.index_loads;
  core.actors.install(state, (*loaded)->head, (*loaded)->index);
  return (*loaded)->head;
}

Attempted<void> with_index(EngineCore& core, ActorState& state, Transaction& transaction,
                           ReadMode mode, const Head& head,
                           absl::FunctionRef<void(const PageIndex&)> look) {
  if (state.index_is_of(tag_of(head))) {
    core.actors.touch(state);
    look(state.index);
    return {};
  }
  auto loaded = load_index(transaction, state.actor, mode);
  if (!loaded) return stop(std::move(loaded.error()));
  if (!*loaded) return look(PageIndex()), Attempted<void>();
  ++core.statistics.index_loads;
  look((*loaded)->index);
  core.actors.install(state, (*loaded)->head, (*loaded)->index);
  return {};
}

}  // namespace squall
