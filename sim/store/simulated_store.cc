#include "sim/store/simulated_store.h"

#include <algorithm>
#include <limits>

#include "sim/store/simulated_transaction.h"

namespace squall::sim {

SimulatedStore::SimulatedStore(StorePacer& pacer, StoreProfile profile)
    : cluster_(pacer, profile) {}
SimulatedStore::~SimulatedStore() = default;

TransactionHandle SimulatedStore::begin() {
  if (free_transactions_.empty()) {
    transactions_.push_back(std::make_unique<SimulatedTransaction>(*this));
    free_transactions_.push_back(transactions_.back().get());
  }
  SimulatedTransaction* transaction = free_transactions_.back();
  free_transactions_.pop_back();
  return TransactionHandle(transaction);
}

void SimulatedStore::recycle(SimulatedTransaction* transaction) {
  transaction->reset();
  free_transactions_.push_back(transaction);
}

CommitPackage* SimulatedStore::new_package() {
  if (free_packages_.empty()) {
    packages_.push_back(std::make_unique<CommitPackage>());
    free_packages_.push_back(packages_.back().get());
  }
  CommitPackage* package = free_packages_.back();
  free_packages_.pop_back();
  return package;
}

void SimulatedStore::submit(CommitPackage* package, int64_t land_after_us) {
  package->in_flight = true;
  ++in_flight_;
  // Two pointers: std::function keeps them without an allocation.
  cluster_.pacer().after(land_after_us, [this, package] { land(package); });
}

int64_t SimulatedStore::oldest_read_to_come() const {
  int64_t oldest = cluster_.versions().told();
  for (const auto& transaction : transactions_) {
    oldest = std::min(oldest, transaction->reads_from().value_or(oldest));
  }
  for (const auto& package : packages_) {
    if (package->in_flight) oldest = std::min(oldest, package->read_version);
  }
  return oldest;
}

void SimulatedStore::land(CommitPackage* package) {
  if (++landings_ % kLandingsToForget == 0) cluster_.forget_before(oldest_read_to_come());
  package->in_flight = false;
  --in_flight_;
  cluster_.land(*package);
  if (package->client_gone) release(package);
}

void SimulatedStore::abandon(CommitPackage* package) {
  package->client_gone = true;
  if (package->landed) release(package);
}

void SimulatedStore::release(CommitPackage* package) {
  package->read_ranges.clear();
  package->write_ranges.clear();
  package->writes.clear();
  package->landed = false;
  package->client_gone = false;
  package->refusal.reset();
  free_packages_.push_back(package);
}

StoreValue SimulatedStore::peek(std::string_view key) const {
  const SharedBytes* value = cluster_.data().newest(StoreKey(key));
  return value != nullptr ? StoreValue(*value) : std::nullopt;
}

StoreValue SimulatedStore::peek_at(int64_t version, std::string_view key) const {
  const SharedBytes* value = cluster_.data().read(StoreKey(key), version);
  return value != nullptr ? StoreValue(*value) : std::nullopt;
}

void SimulatedStore::scan(std::string_view begin, std::string_view end, Visit visit) const {
  scan_at(std::numeric_limits<int64_t>::max(), begin, end, visit);
}

void SimulatedStore::scan_at(int64_t version, std::string_view begin, std::string_view end,
                             Visit visit) const {
  const StoreKey end_key(end);
  VersionedMap::Cursor cursor(cluster_.data(), version);
  for (cursor.seek(StoreKey(begin)); cursor.valid() && cursor.key() < end_key; cursor.next()) {
    if (!visit(cursor.key().view(), cursor.value())) return;
  }
}

}  // namespace squall::sim
