// The simulated store under its contract.
#include "sim/store/simulated_store.h"

#include "sim/store/history_checker.h"
#include "sim/store/scripted_pacer.h"
#include "sim/store/store_contract.h"

namespace squall::sim {
namespace {

// Each run of the contract is watched by the history checker as well.
class SimulatedWorld final : public StoreWorld {
 public:
  SimulatedWorld() { store_.add_observer(&checker_); }
  Database& database() override { return store_; }
  void pass_us(int64_t duration_us) override { pacer_.pass_us(duration_us); }

 private:
  ScriptedPacer pacer_;
  SimulatedStore store_{pacer_};
  HistoryChecker checker_{[](std::string invariant, std::string message) {
    ADD_FAILURE() << invariant << ": " << message;
  }};
};

}  // namespace
}  // namespace squall::sim

namespace squall {

INSTANTIATE_TEST_SUITE_P(Simulated, StoreContract,
                         testing::Values([]() -> std::unique_ptr<StoreWorld> {
                           return std::make_unique<sim::SimulatedWorld>();
                         }));

}  // namespace squall
