// The simulated FoundationDB-like cluster: the store that whole runs stand on. The world decides
// through a pacer how long each step takes and what goes wrong; the store itself is exact.
//
// Conflicts are resolved when a commit lands, atomically, whoever is still alive to hear of it.
// Calls wait in StorePacer::wait_us, which may unwind them; a transaction that is used by two
// fibers sees 2017 once one of them commits. cancel() and reset() don't wake a waiting call: it
// fails with 1025 when its wait ends. Keys at or past "\xff" are refused (2000); range reads are
// clamped there.
//
// The pacer's callbacks point into the store: the event loop must drop them before the store goes.
#pragma once

#include <absl/functional/function_ref.h>

#include <memory>
#include <vector>

#include "sim/store/store_cluster.h"

namespace squall::sim {

class SimulatedTransaction;

class SimulatedStore final : public Database {
 public:
  explicit SimulatedStore(StorePacer& pacer, StoreProfile profile = StoreProfile::kFoundationDb);
  ~SimulatedStore() override;

  TransactionHandle begin() override;
  StoreCapabilities capabilities() const override { return {}; }

  // Observers outlive the store or remove themselves; they are told in the order in which they were
  // added.
  void add_observer(StoreObserver* observer) { cluster_.add_observer(observer); }
  void remove_observer(StoreObserver* observer) { cluster_.remove_observer(observer); }

  // --- damage ---
  // From now on every transaction finds the key absent, whatever its read version, until restore()
  // or until somebody writes or clears it. What lies under it stays known to looks from outside.
  void lose(std::string_view key) { cluster_.lose(StoreKey(key)); }
  void restore() { cluster_.find_all(); }
  bool is_lost(std::string_view key) const { return cluster_.is_lost(StoreKey(key)); }
  const std::vector<StoreKey>& lost() const { return cluster_.lost(); }

  // --- a look from outside, without waits and without conflicts, for checkers ---
  StoreValue peek(std::string_view key) const;
  // As of a version at which a live transaction reads, or a newer one. The newest applied version
  // is last_commit_version().
  StoreValue peek_at(int64_t version, std::string_view key) const;
  // Calls visit(key, value) in key order until it returns false. It must not write to the store.
  using Visit = absl::FunctionRef<bool(std::string_view key, const SharedBytes& value)>;
  void scan(std::string_view begin, std::string_view end, Visit visit) const;
  void scan_at(int64_t version, std::string_view begin, std::string_view end, Visit visit) const;
  int64_t last_commit_version() const { return cluster_.versions().last_commit(); }
  uint64_t old_reads() const { return cluster_.data().old_reads(); }

 private:
  friend class SimulatedTransaction;

  void recycle(SimulatedTransaction* transaction);
  // A package to fill in; give it to submit().
  CommitPackage* new_package();
  void submit(CommitPackage* package, int64_t land_after_us);
  void land(CommitPackage* package);
  // No transaction, live or to come, and no commit in flight looks at the data before this version.
  int64_t oldest_read_to_come() const;
  // The client won't look at it again; it still lands.
  void abandon(CommitPackage* package);
  void release(CommitPackage* package);

  // Asking every transaction costs time, history costs cache misses.
  static constexpr uint64_t kLandingsToForget = 16;

  StoreCluster cluster_;
  size_t in_flight_ = 0;  // commits that are on their way
  uint64_t landings_ = 0;
  std::vector<std::unique_ptr<SimulatedTransaction>> transactions_;
  std::vector<SimulatedTransaction*> free_transactions_;
  std::vector<std::unique_ptr<CommitPackage>> packages_;
  std::vector<CommitPackage*> free_packages_;
};

}  // namespace squall::sim
