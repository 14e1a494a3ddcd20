#include "engine/actor_table.h"

#include "engine/planted.h"

namespace squall {

ActorState& ActorTable::get(ActorId actor, bool* created) {
  auto& slot = states_[actor];
  *created = slot == nullptr;
  if (*created) slot = std::make_unique<ActorState>(actor);
  return *slot;
}

ActorState* ActorTable::find(ActorId actor) {
  const auto found = states_.find(actor);
  return found == states_.end() ? nullptr : found->second.get();
}

void ActorTable::install(ActorState& state, const Head& head, const PageIndex& index) {
  if (state.head && tag_of(*state.head) >= tag_of(head)) {
    if (tag_of(*state.head) > tag_of(head)) probe(runtime_, Probe::kOlderIndexIgnored);
    if (planted(Defect::kColdIndexLoadOverwrites)) {
      for (const auto& [pgno, row] : index.rows()) state.index.set(pgno, row);
    }
    return;
  }
  state.head = head;
  state.index = index;
  touch(state);
}

void ActorTable::touch(ActorState& state) {
  if (!state.place) {
    recent_.push_front(&state);
    state.place = recent_.begin();
    if (recent_.size() > max_indexed_) evict();
  } else if (*state.place != recent_.begin()) {
    recent_.splice(recent_.begin(), recent_, *state.place);
  }
}

void ActorTable::evict() {
  for (auto place = std::prev(recent_.end()); place != recent_.begin(); --place) {
    ActorState& state = **place;
    if (state.pins > 0) continue;
    probe(runtime_, Probe::kIndexEvicted);
    recent_.erase(place);
    state.place.reset();
    state.head.reset();
    state.index = PageIndex();
    state.shard_pieces.clear();
    drop_if_unused(state);
    return;
  }
}

void ActorTable::drop_if_unused(ActorState& state) {
  if (!state.place && !state.in_use()) states_.erase(state.actor);
}

}  // namespace squall
