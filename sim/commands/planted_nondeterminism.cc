#include "sim/commands/planted_nondeterminism.h"

#include <chrono>
#include <iterator>
#include <memory>
#include <set>

namespace squall::commands {
namespace {

constexpr int kFirstMessage = 40;

int64_t clock_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() % 1000;
}

// Where the newest of many equal objects stands among them, by address.
class AddressOrder {
 public:
  int64_t rank_of_newest() {
    if (objects_.size() == kMostObjects) objects_.erase(objects_.begin());
    const auto at = objects_.insert(std::make_unique<Object>()).first;
    return std::distance(objects_.begin(), at);
  }

 private:
  struct Object {
    char bytes[48];
  };
  static constexpr size_t kMostObjects = 64;
  std::set<std::unique_ptr<Object>> objects_;
};

}  // namespace

std::optional<Nondeterminism> parse_nondeterminism(std::string_view name) {
  if (name == "clock") return Nondeterminism::kClock;
  if (name == "pointer") return Nondeterminism::kPointer;
  if (name == "leak") return Nondeterminism::kLeak;
  return std::nullopt;
}

std::function<int64_t()> PlantedNondeterminism::next_run() {
  ++runs_before_;
  return [this, messages = 0, objects = std::make_shared<AddressOrder>()]() mutable -> int64_t {
    if (++messages < kFirstMessage) return 0;
    switch (kind_) {
      case Nondeterminism::kClock: return clock_us();
      case Nondeterminism::kPointer: return objects->rank_of_newest();
      case Nondeterminism::kLeak: return runs_before_;
    }
    return 0;
  };
}

}  // namespace squall::commands
