#include "sim/store/simulated_transaction.h"

#include "engine/planted.h"
#include "sim/store/versionstamp.h"

namespace squall::sim {
namespace {

StoreFailure failure(StoreCode code) { return StoreFailure({code}); }

// Its end is the place of a byte that clients put where a versionstamp goes.
bool looks_like_stamp(std::string_view value) {
  constexpr char kPlaceholder = 0x33;
  const std::optional<size_t> position = stamp_position(value);
  return position && value[*position] == kPlaceholder;
}

}  // namespace

StoreResult<void> SimulatedTransaction::check_usable() {
  const bool expired = deadline_us_ != kNoDeadline && pacer_.now_us() >= deadline_us_;
  if (expired && state_ != State::kCancelled) state_ = State::kTimedOut;
  switch (state_) {
    case State::kActive: return {};
    case State::kCommitStarted:
    case State::kCommitted: return failure(StoreCode::kUsedDuringCommit);
    case State::kCancelled: return failure(StoreCode::kTransactionCancelled);
    case State::kTimedOut: return failure(StoreCode::kTransactionTimedOut);
  }
  return {};
}

StoreResult<void> SimulatedTransaction::wait(int64_t duration_us) {
  const uint64_t epoch = epoch_;
  const bool committing = state_ == State::kCommitStarted;
  bool expires = false;
  if (deadline_us_ != kNoDeadline) {
    const int64_t left_us = deadline_us_ - pacer_.now_us();
    expires = left_us <= duration_us;
    duration_us = expires ? std::max<int64_t>(left_us, 0) : duration_us;
  }
  pacer_.wait_us(duration_us);
  if (epoch != epoch_) return failure(StoreCode::kTransactionCancelled);
  if (expires && state_ != State::kCancelled) state_ = State::kTimedOut;
  if (committing && state_ == State::kCommitStarted) return {};
  return check_usable();
}

StoreFailure SimulatedTransaction::over_limit(StoreCode code, uint64_t size_bytes) const {
  cluster_.note_over_limit(code, size_bytes);
  return failure(code);
}

StoreResult<void> SimulatedTransaction::check_write(std::string_view key) {
  if (auto usable = check_usable(); !usable) return usable;
  if (key.size() > kMaxKeyBytes) return over_limit(StoreCode::kKeyTooLarge, key.size());
  if (is_past_keyspace(key)) return failure(StoreCode::kClientInvalidOperation);
  return {};
}

StoreResult<void> SimulatedTransaction::check_bounds(std::string_view begin, std::string_view end) {
  if (auto usable = check_usable(); !usable) return usable;
  // The end of a range may be the longest key and a zero.
  if (begin.size() > kMaxKeyBytes + 1 || end.size() > kMaxKeyBytes + 1) {
    return failure(StoreCode::kKeyTooLarge);
  }
  if (begin > end || end > "\xff") {
    return failure(StoreCode::kClientInvalidOperation);
  }
  return {};
}

StoreResult<void> SimulatedTransaction::set(std::string_view key, SharedBytes value) {
  if (auto legal = check_write(key); !legal) return legal;
  const bool too_large = value.size() > kMaxValueBytes && !planted(Defect::kStoreLimitsNotEnforced);
  if (too_large) return over_limit(StoreCode::kValueTooLarge, value.size());
  size_bound_bytes_ += mutation_bytes(key.size(), value.size());
  if (looks_like_stamp(value)) pacer_.at_probe(WorldProbe::kStoreSetLooksLikeStamp);
  writes_.append({.key = StoreKey(key), .operand = std::move(value)}, 0);
  return {};
}

StoreResult<void> SimulatedTransaction::clear(std::string_view key) {
  if (auto legal = check_write(key); !legal) return legal;
  size_bound_bytes_ += mutation_bytes(key.size(), 0);
  writes_.append({.key = StoreKey(key), .operand = {}, .kind = StoreMutation::Kind::kClear}, 0);
  return {};
}

StoreResult<void> SimulatedTransaction::clear_range(std::string_view begin, std::string_view end) {
  if (auto legal = check_bounds(begin, end); !legal || begin == end) return legal;
  size_bound_bytes_ +=
      2 * (begin.size() + end.size()) + kMutationOverheadBytes + kConflictRangeOverheadBytes;
  writes_.append({.key = StoreKey(begin),
                  .operand = SharedBytes(end),
                  .kind = StoreMutation::Kind::kClearRange},
                 0);
  return {};
}

StoreResult<void> SimulatedTransaction::atomic_op(AtomicOp op, std::string_view key,
                                                  std::string_view operand) {
  if (auto legal = check_write(key); !legal) return legal;
  if (operand.size() > kMaxValueBytes) return failure(StoreCode::kValueTooLarge);
  const bool stamps_key = op == AtomicOp::kSetVersionstampedKey;
  if ((stamps_key && !stamp_position(key)) ||
      (op == AtomicOp::kSetVersionstampedValue && !stamp_position(operand))) {
    return failure(StoreCode::kClientInvalidOperation);
  }
  size_bound_bytes_ += mutation_bytes(key.size(), operand.size());
  writes_.append({.key = StoreKey(key),
                  .operand = SharedBytes(operand),
                  .kind = StoreMutation::Kind::kAtomic,
                  .op = op},
                 read_version_.value_or(0));
  return {};
}

StoreResult<void> SimulatedTransaction::add_read_conflict_range(std::string_view begin,
                                                                std::string_view end) {
  if (auto legal = check_bounds(begin, end); !legal || begin == end) return legal;
  read_conflicts_.push_back({StoreKey(begin), StoreKey(end)});
  return {};
}

StoreResult<void> SimulatedTransaction::add_write_conflict_range(std::string_view begin,
                                                                 std::string_view end) {
  if (auto legal = check_bounds(begin, end); !legal || begin == end) return legal;
  write_conflicts_.push_back({StoreKey(begin), StoreKey(end)});
  return {};
}

StoreResult<void> SimulatedTransaction::disable_snapshot_read_your_writes() {
  if (auto usable = check_usable(); !usable) return usable;
  snapshot_sees_own_writes_ = false;
  return {};
}

StoreResult<void> SimulatedTransaction::set_timeout_us(int64_t timeout_us) {
  if (auto usable = check_usable(); !usable) return usable;
  deadline_us_ = timeout_us > 0 ? pacer_.now_us() + timeout_us : kNoDeadline;
  return {};
}

bool SimulatedTransaction::is_too_large() {
  size_t bound = size_bound_bytes_;
  for (const auto* ranges : {&read_conflicts_, &write_conflicts_}) {
    for (const StoreKeyRange& range : *ranges) {
      bound += conflict_range_bytes(range.begin.size(), range.begin.size() + 1 + range.end.size());
    }
  }
  if (bound <= kMaxTransactionBytes || planted(Defect::kStoreLimitsNotEnforced)) return false;
  writes_.index();
  return transaction_bytes(writes_, read_conflicts_, write_conflicts_) > kMaxTransactionBytes;
}

StoreResult<int64_t> SimulatedTransaction::commit() {
  if (auto usable = check_usable(); !usable) return tl::unexpected(usable.error());
  state_ = State::kCommitStarted;
  if (writes_.empty() && write_conflicts_.empty()) {
    state_ = State::kCommitted;
    return -1;
  }
  if (is_too_large()) return over_limit(StoreCode::kTransactionTooLarge, size_bound_bytes_);
  const CommitFate fate = pacer_.plan_commit();
  switch (fate.outcome) {
    case CommitOutcome::kNormal:
    case CommitOutcome::kUnknownLanded:
    case CommitOutcome::kTimedOut: return submit_and_wait(fate);
    case CommitOutcome::kSpuriousConflict:
    case CommitOutcome::kUnknownLost:
    case CommitOutcome::kError: break;
  }
  waits_for_commit_ = true;
  const StoreResult<void> waited = wait(fate.reply_after_us);
  waits_for_commit_ = false;
  if (!waited) return tl::unexpected(waited.error());
  if (fate.outcome == CommitOutcome::kSpuriousConflict) return failure(StoreCode::kNotCommitted);
  return failure(fate.error.value_or(StoreCode::kCommitUnknownResult));
}

CommitPackage* SimulatedTransaction::make_package() {
  CommitPackage* package = store_.new_package();
  StoreVersions& versions = cluster_.versions();
  if (!read_version_ && !read_conflicts_.empty()) {
    read_version_ = versions.read_version(pacer_.now_us(), 0, versions.told());
  }
  package->read_version = read_version_.value_or(versions.latest(pacer_.now_us()));
  package->origin = pacer_.origin();
  package->version_draw = pacer_.random();
  std::swap(package->read_ranges, read_conflicts_);
  std::swap(package->write_ranges, write_conflicts_);
  std::swap(package->writes, writes_);
  return package;
}

StoreResult<int64_t> SimulatedTransaction::submit_and_wait(const CommitFate& fate) {
  const bool answers_first = fate.outcome == CommitOutcome::kTimedOut;
  SQUALL_ASSERT(answers_first || fate.reply_after_us > fate.land_after_us);
  // Leaves the package to the store when this call ends, be it by a client's death in the wait.
  struct Lease {
    SimulatedTransaction& transaction;
    CommitPackage* package;
    ~Lease() {
      transaction.waits_for_commit_ = false;
      transaction.store_.abandon(package);
    }
  } lease{*this, make_package()};
  waits_for_commit_ = true;
  lease.package->told_us = pacer_.now_us() + fate.reply_after_us;
  store_.submit(lease.package, fate.land_after_us);
  const StoreResult<void> waited = wait(fate.reply_after_us);
  if (!waited) return tl::unexpected(waited.error());
  if (answers_first) {
    const StoreCode code = fate.error.value_or(StoreCode::kTransactionTimedOut);
    state_ = code == StoreCode::kTransactionCancelled ? State::kCancelled : State::kTimedOut;
    return failure(code);
  }
  return answer_landed(*lease.package, fate);
}

StoreResult<int64_t> SimulatedTransaction::answer_landed(const CommitPackage& package,
                                                         const CommitFate& fate) {
  SQUALL_ASSERT(package.landed);
  if (!package.refusal) cluster_.versions().tell(package.version);
  if (fate.outcome == CommitOutcome::kUnknownLanded) {
    return failure(fate.error.value_or(StoreCode::kCommitUnknownResult));
  }
  if (package.refusal) return failure(*package.refusal);
  state_ = State::kCommitted;
  committed_ = {package.version, package.batch_index};
  return package.version;
}

StoreResult<Versionstamp> SimulatedTransaction::get_versionstamp() {
  if (state_ != State::kCommitted || committed_.version < 0) {
    return failure(StoreCode::kClientInvalidOperation);
  }
  return make_versionstamp(committed_.version, committed_.batch_index);
}

StoreResult<void> SimulatedTransaction::on_error(StoreError error) {
  const StoreResult<void> usable = check_usable();
  const bool commit_over = state_ == State::kCommitStarted && !waits_for_commit_;
  if (!usable && !commit_over && state_ != State::kCommitted) return usable;
  const bool retryable = is_retryable_not_committed(error.code) || is_maybe_committed(error.code);
  if (!retryable) return StoreFailure(error);
  int64_t delay_us = kFirstBackoffUs;
  if (error.code != StoreCode::kTransactionTooOld && error.code != StoreCode::kFutureVersion) {
    const double share = static_cast<double>(pacer_.random() >> 11) * 0x1p-53;
    delay_us = static_cast<int64_t>(share * static_cast<double>(backoff_us_));
    backoff_us_ = std::min(2 * backoff_us_, kMaxBackoffUs);
  }
  start_over();
  return wait(delay_us);
}

void SimulatedTransaction::start_over() {
  ++epoch_;
  state_ = State::kActive;
  snapshot_sees_own_writes_ = true;
  asked_from_.reset();
  read_version_.reset();
  committed_ = {-1, 0};
  size_bound_bytes_ = 0;
  writes_.clear();
  read_conflicts_.clear();
  write_conflicts_.clear();
}

void SimulatedTransaction::reset() {
  start_over();
  deadline_us_ = kNoDeadline;
  backoff_us_ = kFirstBackoffUs;
}

}  // namespace squall::sim
