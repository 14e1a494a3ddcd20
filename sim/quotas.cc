#include "sim/quotas.h"

namespace squall::sim {

namespace {
constexpr int64_t kRetryUs = 200'000;
}  // namespace

void Quotas::set(ActorId actor, int64_t bytes) {
  Wish& wish = wishes_[actor];
  wish = Wish{bytes, wish.number + 1, false};
  push(actor, wish.number);
}

void Quotas::push(ActorId actor, uint64_t number) {
  const Wish& wish = wishes_[actor];
  if (wish.number != number || wish.confirmed) return;
  const uint64_t draw = keyed_hash(core_.latency.key(), actor, number, core_.scheduler.now_us());
  if (EngineNode* node = choose_node_(draw)) {
    node->set_quota(actor, static_cast<uint64_t>(wish.bytes),
                    [this, actor, number] { confirm(actor, number); });
  }
  core_.scheduler.after(kRetryUs, actor, [this, actor, number] { push(actor, number); });
}

void Quotas::confirm(ActorId actor, uint64_t number) {
  Wish& wish = wishes_[actor];
  if (wish.number == number) wish.confirmed = true;
}

}  // namespace squall::sim
