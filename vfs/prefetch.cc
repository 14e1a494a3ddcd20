#include "vfs/prefetch.h"

namespace squall {

namespace {
constexpr uint32_t kStrideRun = 2;
constexpr uint32_t kTrustedCount = 2;
}  // namespace

void PrefetchPredictor::record(uint32_t pgno) {
  if (last_pgno_ != 0) {
    const int64_t step = static_cast<int64_t>(pgno) - last_pgno_;
    if (run_length_ > 0) count_succession(last_step_, step);
    run_length_ = step == last_step_ ? run_length_ + 1 : 1;
    last_step_ = step;
  }
  last_pgno_ = pgno;
}

void PrefetchPredictor::predict(uint32_t size_pages, std::vector<uint32_t>* out) const {
  const bool stride = run_length_ >= kStrideRun && last_step_ > 0;
  int64_t pgno = last_pgno_;
  int64_t step = last_step_;
  for (size_t i = 0; i < kMaxPages; ++i) {
    if (!stride) {
      const Succession* next = likeliest_after(step);
      if (next == nullptr) return;
      step = next->next_step;
    }
    pgno += step;
    if (pgno < 1 || pgno > size_pages) return;
    out->push_back(static_cast<uint32_t>(pgno));
  }
}

void PrefetchPredictor::count_succession(int64_t step, int64_t next_step) {
  for (Succession& s : successions_) {
    if (s.step == step && s.next_step == next_step) {
      ++s.count;
      return;
    }
  }
  if (successions_.size() < kMaxSuccessions) {
    successions_.push_back({step, next_step, 1});
    return;
  }
  successions_[next_victim_] = {step, next_step, 1};
  next_victim_ = (next_victim_ + 1) % kMaxSuccessions;
}

const PrefetchPredictor::Succession* PrefetchPredictor::likeliest_after(int64_t step) const {
  const Succession* best = nullptr;
  for (const Succession& s : successions_) {
    if (s.step == step && s.count >= kTrustedCount && (best == nullptr || s.count > best->count))
      best = &s;
  }
  return best;
}

}  // namespace squall
