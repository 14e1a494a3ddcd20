// One attempt at a transaction of the store's other tenant: what it asks of the store, and the
// record of it by which every answer and the landing are judged. An error ends the attempt.
#pragma once

#include <string>

#include "engine/store.h"
#include "sim/keyed_hash.h"
#include "sim/oracle/tenant_reads.h"

namespace squall::sim {

// What one transaction draws, one after another; all of it follows from its key.
class TenantDraws {
 public:
  explicit TenantDraws(uint64_t key) : key_(key) {}
  // [0, bound), bound > 0.
  uint64_t operator()(uint64_t bound) { return below(keyed_hash(key_, ++count_), bound); }

 private:
  const uint64_t key_;
  uint64_t count_ = 0;
};

class TenantClient {
 public:
  // Neither is owned; both outlive it.
  TenantClient(squall::Transaction& store, TenantReads& truth)
      : store_(store), truth_(truth), told_(truth.told()) {}

  StoreResult<void> get(const std::string& key, ReadMode mode);
  StoreResult<void> scan(const TenantRead& read, ReadMode mode);
  // A selector: read.offset is there.
  StoreResult<void> find(const TenantRead& read, ReadMode mode);
  // A read has given these rows; more: whether a scan was said to have been cut.
  StoreResult<void> note(const TenantRead& read, ReadMode mode, TenantRows rows,
                         std::optional<bool> more = std::nullopt);

  StoreResult<void> set(const std::string& key, const std::string& value);
  StoreResult<void> clear(const std::string& key);
  StoreResult<void> clear_range(const std::string& begin, const std::string& end);
  StoreResult<void> combine(AtomicOp op, const std::string& key, const std::string& operand);

  // Conflicts as if it had read, or written, these keys.
  StoreResult<void> conflict_as_reader(const std::string& begin, const std::string& end);
  StoreResult<void> conflict_as_writer(const std::string& begin, const std::string& end);
  // From now on its snapshot reads leave out what it has written.
  StoreResult<void> look_past_own_writes();

  // Leaves its mark under the key, by which the landing is known. aged: it read too long ago.
  StoreResult<void> commit(const std::string& mark_key, const std::string& mark, bool aged);

  const TenantTransaction& record() const { return record_; }

 private:
  squall::Transaction& store_;
  TenantReads& truth_;
  const int64_t told_;
  TenantTransaction record_;
  bool snapshots_see_own_writes_ = true;
};

}  // namespace squall::sim
