#include "engine/store.h"

namespace squall {

bool is_retryable_not_committed(StoreCode code) {
  switch (code) {
    case StoreCode::kNotCommitted:
    case StoreCode::kTransactionTooOld:
    case StoreCode::kFutureVersion:
    case StoreCode::kProcessBehind:
    case StoreCode::kDatabaseLocked:
    case StoreCode::kCommitProxyMemoryLimit:
    case StoreCode::kTagThrottled: return true;
    default: return false;
  }
}

bool is_maybe_committed(StoreCode code) {
  return code == StoreCode::kCommitUnknownResult || code == StoreCode::kClusterVersionChanged;
}

const char* to_string(StoreCode code) {
  switch (code) {
    case StoreCode::kTransactionTooOld: return "transaction_too_old";
    case StoreCode::kFutureVersion: return "future_version";
    case StoreCode::kNotCommitted: return "not_committed";
    case StoreCode::kCommitUnknownResult: return "commit_unknown_result";
    case StoreCode::kTransactionCancelled: return "transaction_cancelled";
    case StoreCode::kTransactionTimedOut: return "transaction_timed_out";
    case StoreCode::kAccessedUnreadable: return "accessed_unreadable";
    case StoreCode::kProcessBehind: return "process_behind";
    case StoreCode::kDatabaseLocked: return "database_locked";
    case StoreCode::kClusterVersionChanged: return "cluster_version_changed";
    case StoreCode::kCommitProxyMemoryLimit: return "commit_proxy_memory_limit";
    case StoreCode::kTagThrottled: return "tag_throttled";
    case StoreCode::kClientInvalidOperation: return "client_invalid_operation";
    case StoreCode::kUsedDuringCommit: return "used_during_commit";
    case StoreCode::kTransactionTooLarge: return "transaction_too_large";
    case StoreCode::kKeyTooLarge: return "key_too_large";
    case StoreCode::kValueTooLarge: return "value_too_large";
  }
  return "unknown_store_error";
}

}  // namespace squall
