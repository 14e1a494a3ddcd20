// Every write of an actor's rows goes through one RowWriter a transaction, which counts what the
// rows take: the one place that usage comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/head.h"
#include "engine/planted.h"
#include "engine/store.h"

namespace squall {

class RowWriter {
 public:
  explicit RowWriter(Transaction& transaction) : transaction_(transaction) {}
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  // replaced_bytes: key and value of the row that lies under the key now; 0: there is none.
  void put(std::string_view key, SharedBytes value, uint64_t replaced_bytes = 0) {
    change_bytes_ +=
        static_cast<int64_t>(key.size() + value.size()) - static_cast<int64_t>(replaced_bytes);
    keep(transaction_.set(key, std::move(value)));
  }
  // removed_bytes: keys and values of all that is removed.
  void remove(std::string_view key, uint64_t removed_bytes) {
    count_removed(removed_bytes);
    keep(transaction_.clear(key));
  }
  void remove_range(std::string_view begin, std::string_view end, uint64_t removed_bytes) {
    count_removed(removed_bytes);
    keep(transaction_.clear_range(begin, end));
  }

  // Rows that were counted as new replaced rows of bytes in all.
  void credit(uint64_t bytes) { change_bytes_ -= static_cast<int64_t>(bytes); }

  // What the actor will use. head: with the usage that the transaction read.
  uint64_t used_after(const Head& head) const {
    return head.storage_used + static_cast<uint64_t>(change_bytes_);
  }
  // Writes the head, last: its usage is set from everything written before. replaces: a head is
  // there now.
  void put_head(ActorId actor, Head* head, bool replaces = true) {
    const Key key = head_key(actor);
    if (!replaces) change_bytes_ += static_cast<int64_t>(key.size() + kHeadBytes);
    head->storage_used = used_after(*head);
    keep(transaction_.set(key, encode_head(actor, *head)));
  }

  // The first write that the store refused.
  const std::optional<StoreError>& error() const { return error_; }

 private:
  void count_removed(uint64_t bytes) {
    if (!planted(Defect::kDeleteNotCredited)) credit(bytes);
  }
  void keep(const StoreResult<void>& result) {
    if (!result && !error_) error_ = result.error();
  }

  Transaction& transaction_;
  int64_t change_bytes_ = 0;
  std::optional<StoreError> error_;
};

}  // namespace squall
