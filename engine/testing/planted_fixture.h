// For the tests of planted defects: a history that goes wrong with the switch, and only with it.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "engine/planted.h"
#include "engine/testing/engine_fixture.h"
#include "engine/testing/structure_check.h"

namespace squall::test_support {

class Planted : public EngineTest {
 protected:
  ~Planted() override { clear_planted(); }

  // Runs the history on a fresh store, without the defect and with it. True: it went wrong.
  template <typename History>
  void expect_only_with(Defect defect, History history) {
    for (const bool on : {false, true}) {
      database = FakeDatabase();
      engine_.reset();
      runtime.on_checkpoint = nullptr;
      set_planted(defect, on);
      EXPECT_EQ(history(), on) << "planted: " << on;
      clear_planted();
    }
  }
  bool dirty_structure() { return !StructureCheck(database.rows(), 1).problems().empty(); }
  bool reads_as(TestSession& actor, uint32_t pgno, const PageRef& wanted) {
    const Reply reply = actor.get_pages({pgno});
    return is_ok(reply) && std::get<PagesReply>(reply.body).pages[0].page.view() == wanted.view();
  }
  void at(Site site, std::function<void()> event) {
    auto left = std::make_shared<bool>(true);
    runtime.on_checkpoint = [site, event = std::move(event), left](Site passed) -> Result<void> {
      if (passed == site && std::exchange(*left, false)) event();
      return {};
    };
  }
};

}  // namespace squall::test_support
