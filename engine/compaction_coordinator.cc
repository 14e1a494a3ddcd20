#include "engine/compaction_coordinator.h"

#include <algorithm>

#include "engine/compaction.h"
#include "engine/planted.h"

namespace squall {

// Whatever ends a worker, be it its own death, its actor and the node know that it ended, and the
// actor's turn comes again.
class CompactionCoordinator::WorkerEnd {
 public:
  WorkerEnd(CompactionCoordinator& coordinator, ActorState& state)
      : coordinator_(coordinator), state_(state) {}
  ~WorkerEnd() {
    state_.worker_running = false;
    if (!planted(Defect::kLatchNeverReleased)) release_latch(state_);
    if (state_.dirty) coordinator_.queue_idle(state_);
    --coordinator_.workers_;
    if (coordinator_.wake_) coordinator_.wake_->notify_one();
  }
  WorkerEnd(const WorkerEnd&) = delete;
  WorkerEnd& operator=(const WorkerEnd&) = delete;

  static void release_latch(ActorState& state) {
    state.latched = false;
    if (state.changed) state.changed->notify_all();
  }

 private:
  CompactionCoordinator& coordinator_;
  ActorState& state_;
};

void CompactionCoordinator::start() {
  wake_ = core_.runtime.make_signal();
  if (planted(Defect::kBoundedChannelsDeadlock)) place_ = core_.runtime.make_signal();
  core_.runtime.spawn({"compaction-coordinator"}, [this] { run(); });
}

void CompactionCoordinator::note_touched(ActorState& state, uint64_t txid) {
  // A request of an older owner may be told late that its commit landed long ago.
  state.last_txid = std::max(state.last_txid, txid);
  state.dirty = true;
  state.last_commit_us = core_.runtime.now_us();
  queue_idle(state);
}

void CompactionCoordinator::note_commit(ActorState& state, uint64_t txid, uint64_t deltas,
                                        uint64_t delta_bytes) {
  if (planted(Defect::kWakeUpLost) && state.worker_running) return;
  note_touched(state, txid);
  state.live_deltas += deltas;
  state.live_delta_bytes += delta_bytes;
  state.noted_deltas += deltas;
  state.noted_delta_bytes += delta_bytes;
  if (over_threshold(state)) make_due(state);
}

void CompactionCoordinator::note_takeover(ActorState& state, uint64_t txid, uint64_t deltas,
                                          uint64_t delta_bytes) {
  note_touched(state, txid);
  state.live_deltas = deltas;
  state.live_delta_bytes = delta_bytes;
  if (deltas < core_.options.compaction_takeover_deltas && !over_threshold(state)) return;
  probe(core_.runtime, Probe::kTakeoverWakesCompaction);
  state.pass_wanted = true;
  make_due(state);
}

void CompactionCoordinator::note_quota_refusal(ActorState& state) {
  state.pass_wanted = true;
  make_due(state);
}

Result<void> CompactionCoordinator::wait_for_turn(ActorState& state) {
  if (!wake_) return {};
  const bool pressed = state.live_delta_bytes >= core_.options.compaction_hard_bytes;
  if (!state.latched && !pressed) return {};
  probe(core_.runtime,
        state.latched ? Probe::kCommitWaitsForLatch : Probe::kCommitWaitsForPressure);
  if (pressed) make_due(state);
  if (!state.changed) state.changed = core_.runtime.make_signal();
  const int64_t wait_us =
      state.latched ? core_.options.latch_wait_us : core_.options.backpressure_wait_us;
  const int64_t deadline_us = core_.runtime.now_us() + wait_us;
  while (state.latched || state.live_delta_bytes >= core_.options.compaction_hard_bytes) {
    const int64_t left_us = deadline_us - core_.runtime.now_us();
    const bool for_ever = planted(Defect::kLatchNeverReleased) && state.latched;
    if (left_us <= 0 && !for_ever) break;
    const WaitStatus status = state.changed->wait(for_ever ? -1 : left_us);
    if (status == WaitStatus::kProcessDead)
      return fail(ErrorCode::kUnavailable, "the node is going down");
    if (status == WaitStatus::kTimedOut) break;
  }
  return {};
}

void CompactionCoordinator::run() {
  for (;;) {
    collect_idle();
    spawn_workers();
    const int64_t wait_us =
        idle_.empty() ? -1 : std::max<int64_t>(idle_.begin()->first - core_.runtime.now_us(), 1);
    if (wake_->wait(wait_us) == WaitStatus::kProcessDead) return;
  }
}

void CompactionCoordinator::collect_idle() {
  const int64_t now_us = core_.runtime.now_us();
  while (!idle_.empty() && idle_.begin()->first <= now_us) {
    const ActorId actor = idle_.begin()->second;
    idle_.erase(idle_.begin());
    ActorState* state = core_.actors.find(actor);
    if (state == nullptr) continue;
    state->idle_queued = false;
    // Planted: the coordinator itself never waits for a place.
    const bool no_place = planted(Defect::kBoundedChannelsDeadlock) && !due_.empty();
    if (state->dirty && idle(*state) && !no_place) {
      probe(core_.runtime, Probe::kIdleCompaction);
      make_due(*state);
    } else if (state->dirty) {
      queue_idle(*state);
    } else {
      core_.actors.drop_if_unused(*state);
    }
  }
}

void CompactionCoordinator::spawn_workers() {
  const uint32_t most =
      planted(Defect::kBoundedChannelsDeadlock) ? 1 : core_.options.compaction_workers;
  while (!due_.empty() && workers_ < most) {
    const ActorId actor = due_.front();
    due_.pop_front();
    if (place_) place_->notify_all();
    ActorState* state = core_.actors.find(actor);
    if (state == nullptr) continue;
    state->due = false;
    state->worker_running = true;
    ++workers_;
    peak_workers_ = std::max(peak_workers_, workers_);
    core_.runtime.spawn({"compaction", actor, state->last_txid}, [this, actor] { work(actor); });
  }
}

void CompactionCoordinator::work(ActorId actor) {
  Pin state(core_.actors, *core_.actors.find(actor));
  WorkerEnd end(*this, *state);
  uint32_t lost = 0;
  bool latched_here = false;
  do {
    state->pass_wanted = false;
    const uint64_t deltas_before = state->noted_deltas;
    const uint64_t bytes_before = state->noted_delta_bytes;
    const auto pass = run_pass(core_, *state);
    if (state->noted_deltas > deltas_before) probe(core_.runtime, Probe::kWorkerSeesCommit);
    const bool void_pass = !pass || pass->outcome == PassOutcome::kStale;
    if (void_pass) {
      if (!pass) ++core_.statistics.compaction_failures;
      if (!pass) probe(core_.runtime, Probe::kPassFails);
      // A hot actor's commits win each race for the head: after some, they wait for one pass.
      const bool gives_up =
          !pass && (pass.error().code != ErrorCode::kUnavailable || state->latched);
      if (gives_up || ++lost > 2 * core_.options.latch_after_conflicts) {
        probe(core_.runtime, Probe::kWorkerGivesUp);
        break;
      }
      if (lost >= core_.options.latch_after_conflicts && !state->latched) {
        state->latched = latched_here = true;
        ++core_.statistics.latches;
        probe(core_.runtime, Probe::kLatchTaken);
      }
      continue;
    }
    lost = 0;
    state->live_deltas = pass->remaining_deltas + (state->noted_deltas - deltas_before);
    state->live_delta_bytes = pass->remaining_bytes + (state->noted_delta_bytes - bytes_before);
    const bool all_folded = pass->outcome == PassOutcome::kConverged ||
                            (planted(Defect::kWakeUpLost) && pass->remaining_deltas == 0);
    if (all_folded && pass->head_txid >= state->last_txid) state->dirty = false;
    // Planted: who has not taken the latch leaves it.
    if (latched_here || !planted(Defect::kLatchNeverReleased)) WorkerEnd::release_latch(*state);
    if (state->dirty) await_place();
    // Nothing left at the newest head: what the thresholds still count can't be folded.
    if (pass->outcome == PassOutcome::kConverged && pass->head_txid >= state->last_txid) break;
  } while (lost > 0 || wants_more(*state));
}

bool CompactionCoordinator::wants_more(const ActorState& state) const {
  return state.pass_wanted || over_threshold(state) || (state.dirty && idle(state));
}

bool CompactionCoordinator::over_threshold(const ActorState& state) const {
  return state.live_deltas >= core_.options.compaction_deltas ||
         state.live_delta_bytes >= core_.options.compaction_soft_bytes;
}

bool CompactionCoordinator::idle(const ActorState& state) const {
  return core_.runtime.now_us() - state.last_commit_us >= core_.options.compaction_idle_us;
}

void CompactionCoordinator::make_due(ActorState& state) {
  if (state.due || state.worker_running || !wake_) return;
  state.due = true;
  await_place();
  due_.push_back(state.actor);
  wake_->notify_one();
}

void CompactionCoordinator::await_place() {
  while (planted(Defect::kBoundedChannelsDeadlock) && !due_.empty()) place_->wait(-1);
}

void CompactionCoordinator::queue_idle(ActorState& state) {
  if (state.idle_queued || !wake_) return;
  state.idle_queued = true;
  const bool sleeps_for_ever = idle_.empty();
  idle_.insert({core_.runtime.now_us() + core_.options.compaction_idle_us, state.actor});
  if (sleeps_for_ever) wake_->notify_one();
}

}  // namespace squall
