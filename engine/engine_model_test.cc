// The engine against a map of pages: any sequence of operations, failures included, leaves the
// pages of the map, and rows that a full scan finds nothing wrong with.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {
namespace {

struct Step {
  uint32_t kind = 0;
  uint32_t a = 0;
  uint32_t b = 0;
};

void showValue(const Step& step, std::ostream& out) {
  out << "{" << step.kind << "," << step.a << "," << step.b << "}";
}

class ModelRun {
 public:
  ModelRun() {
    options_.blob = {5000, 1000};
    options_.shards_per_pass = 2;
    for (auto& node : nodes_) node = std::make_unique<Engine>(options_, database_, runtime_, pool_);
    session_ = std::make_unique<TestSession>(*nodes_[0], pool_, 1, Owner{1, ++nonce_});
    RC_ASSERT(is_ok(session_->take_over()));
  }

  void run(const Step& step) {
    switch (step.kind % kKinds) {
      case 0:
      case 1: write_some(step); break;
      case 2: grow(step); break;
      case 3: resize(1 + step.a % std::max(1u, size_)); break;
      case 4: write_staged(step); break;
      case 5: abandon_stage(step); break;
      case 6: compact(step); break;
      case 7: take_over(step); break;
      case 8: session_->move_to(*nodes_[step.a % nodes_.size()]); break;
      case 9: fail_next(step); break;
      case 10: interleave(step); break;
    }
    runtime_.on_checkpoint = nullptr;
    check();
  }

  void converge() {
    database_.next_fates.clear();
    database_.land_late();
    RC_ASSERT(is_ok(take_over_again()));
    for (int pass = 0;; ++pass) {
      RC_ASSERT(pass < 100);
      const auto outcome = nodes_[0]->compact(1);
      RC_ASSERT(outcome.has_value());
      if (*outcome == PassOutcome::kConverged) break;
    }
    check();
    const StructureCheck scan(database_.rows(), 1);
    RC_ASSERT(scan.converged());
  }

 private:
  static constexpr uint32_t kKinds = 11;
  static constexpr uint32_t kMaxPages = 300;

  void write_some(const Step& step) {
    if (size_ == 0) return grow(step);
    PageMap pages;
    for (uint32_t i = 0; i <= step.b % 5; ++i) add(&pages, 1 + (step.a + i * i * 37) % size_);
    commit(pages, size_);
  }
  void grow(const Step& step) {
    const uint32_t size = std::min(kMaxPages, size_ + 1 + step.a % 90);
    PageMap pages;
    for (uint32_t pgno = size_ + 1; pgno <= size; ++pgno) add(&pages, pgno);
    if (size_ > 0) add(&pages, 1 + step.b % size_);
    commit(pages, size);
  }
  void resize(uint32_t size) {
    PageMap pages;
    add(&pages, 1);
    commit(pages, size);
  }
  void write_staged(const Step& step) {
    const uint32_t size = std::min(kMaxPages, std::max(1u, size_ / 2 + step.a % 120));
    PageMap pages;
    for (uint32_t pgno = std::min(size_, size / 3) + 1; pgno <= size; ++pgno) add(&pages, pgno);
    for (uint32_t pgno = size_ + 1; pgno <= size; ++pgno) add(&pages, pgno);
    if (pages.empty()) add(&pages, 1);
    const CommitId id = session_->next_id();
    const auto attempt = [&] {
      session_->checksums.clear();
      PageMap chunk;
      uint32_t number = 0;
      (void)session_->stage_begin(id);
      for (const auto& [pgno, page] : pages) {
        chunk[pgno] = page;
        if (chunk.size() <= step.b % 40 && pgno != pages.rbegin()->first) continue;
        (void)session_->stage(id, number++, chunk, size);
        chunk.clear();
      }
      return session_->finalize(id, size);
    };
    finish(attempt, pages, size);
  }
  void abandon_stage(const Step& step) {
    const CommitId id = session_->next_id();
    session_->checksums.clear();
    (void)session_->stage_begin(id);
    PageMap pages;
    add(&pages, size_ + 1);
    (void)session_->stage(id, step.a % 3, pages, size_ + 1);
  }
  void compact(const Step& step) { (void)nodes_[step.a % nodes_.size()]->compact(1); }
  void take_over(const Step& step) {
    if (step.b % 3 == 0) {
      const HeadView before = session_->head;
      RC_ASSERT(is_ok(session_->take_over({1, 2, 3})));
      RC_ASSERT(session_->head.generation == before.generation);
      return;
    }
    RC_ASSERT(is_ok(take_over_again()));
  }
  Reply take_over_again() {
    session_ = std::make_unique<TestSession>(*nodes_[nonce_ % nodes_.size()], pool_, 1,
                                             Owner{1, ++nonce_});
    Reply reply = session_->take_over({2, 5}, {{60, 10}});
    for (int i = 0; i < 3 && !is_ok(reply); ++i) reply = session_->take_over();
    return reply;
  }
  void fail_next(const Step& step) {
    database_.next_fates.clear();
    for (uint32_t i = 0; i <= step.b % 3; ++i) {
      database_.next_fates.push_back(static_cast<Fate>((step.a + i * 7) % 6));
    }
  }
  // In the middle of the next operation, something else happens.
  void interleave(const Step& step) {
    auto left = std::make_shared<uint32_t>(step.b % 6);
    runtime_.on_checkpoint = [this, step, left](Site) -> Result<void> {
      if (*left == 0) return {};
      if (--*left > 0) return {};
      switch (step.a % 3) {
        case 0: (void)nodes_[1]->compact(1); break;
        case 1: (void)session_->get_pages({1, 2, 64, 65}); break;
        case 2: database_.land_late(); break;
      }
      return {};
    };
    switch (step.a / 3 % 3) {
      case 0: write_some(step); break;
      case 1: (void)nodes_[0]->compact(1); break;
      case 2: resize(1 + step.b % std::max(1u, size_)); break;
    }
  }

  void add(PageMap* pages, uint32_t pgno) { (*pages)[pgno] = make_page(pool_, pgno, ++version_); }

  void commit(const PageMap& pages, uint32_t size) {
    const CommitRequest request = session_->commit_request(pages, size);
    finish([&] { return session_->send(request); }, pages, size);
  }

  // A client's way: the same request until it is answered. No other failure is legal for a sole
  // owner.
  template <typename Attempt>
  void finish(Attempt&& attempt, const PageMap& pages, uint32_t size) {
    const HeadView before = session_->head;
    for (int i = 0;; ++i) {
      RC_ASSERT(i < 20);
      const Reply reply = attempt();
      if (is_ok(reply)) break;
      const bool again = code_of(reply) == ErrorCode::kUnavailable ||
                         code_of(reply) == ErrorCode::kStageIncomplete;
      if (!again) RC_FAIL(message_of(reply));
    }
    RC_ASSERT(session_->head.head_txid == before.head_txid + 1);
    RC_ASSERT(session_->head.size_pages == size);
    size_ = size;
    for (const auto& [pgno, page] : pages) model_[pgno] = page;
    model_.erase(model_.upper_bound(size), model_.end());
  }

  void check() {
    const StructureCheck scan(database_.rows(), 1);
    if (!scan.problems().empty()) RC_FAIL(scan.problems().front());
    RC_ASSERT(scan.head().size_pages == size_);
    std::vector<uint32_t> pgnos;
    for (const auto& [pgno, page] : model_) {
      if (scan.page(pgno) != page.view()) RC_FAIL(fmt::format("page {} in the store", pgno));
      pgnos.push_back(pgno);
    }
    pgnos.push_back(size_ + 1);
    const Reply reply = session_->get_pages(pgnos);
    if (!is_ok(reply)) RC_FAIL(message_of(reply));
    const auto& pages = std::get<PagesReply>(reply.body).pages;
    for (const NumberedPage& read : pages) {
      if (read.pgno > size_) {
        RC_ASSERT(!read.page);
      } else if (read.page.view() != model_[read.pgno].view()) {
        RC_FAIL(fmt::format("page {} as read", read.pgno));
      }
    }
  }

  PagePool pool_;
  FakeDatabase database_;
  TestRuntime runtime_;
  EngineOptions options_;
  std::array<std::unique_ptr<Engine>, 2> nodes_;
  std::unique_ptr<TestSession> session_;
  PageMap model_;
  uint32_t size_ = 0;
  uint64_t nonce_ = 10;
  uint64_t version_ = 0;
};

RC_GTEST_PROP(EngineModel, AnySequenceOfOperationsLeavesThePagesOfAMap, ()) {
  const auto step = rc::gen::build<Step>(rc::gen::set(&Step::kind, rc::gen::inRange(0u, 11u)),
                                         rc::gen::set(&Step::a, rc::gen::inRange(0u, 1000u)),
                                         rc::gen::set(&Step::b, rc::gen::inRange(0u, 1000u)));
  const auto steps = *rc::gen::container<std::vector<Step>>(step);
  ModelRun run;
  for (const Step& next : steps) run.run(next);
  run.converge();
}

}  // namespace
}  // namespace squall::test_support
