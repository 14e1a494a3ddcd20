// The planted defects of the store.
#include "scenarios/defect_rows.h"
#include "scenarios/witness_plans.h"

namespace squall::scenarios {

std::vector<DefectInfo> store_defects() {
  return {
      {Defect::kStoreStampsPlainSet,
       5,
       "store-stamps-plain-set",
       "the store gives back each value as it was set",
       {"store-values-verbatim", "delta-range", "head-monotonic", "page-images"},
       witness_store_stamps_plain_set},
  };
}

}  // namespace squall::scenarios
