#include "sim/oracle/corruption_detected.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace squall::sim {
namespace {

constexpr auto kDetected = Invariant::kCorruptionDetected;

}  // namespace

void check_served_pages(Judge& judge, const PageBlame& blame, const ActorTruth& actor,
                        const SessionTruth& session, std::span<const NumberedPage> pages) {
  const PageImage& image = *session.image;
  for (const NumberedPage& served : pages) {
    if (served.pgno > image.size_pages()) continue;
    const bool there = judge.expect(static_cast<bool>(served.page), kDetected, "absent", [&] {
      return fmt::format(
          "actor {} at head {}: page {} of {} was answered as if it were past the end", actor.actor,
          session.head_txid, served.pgno, image.size_pages());
    });
    if (!there) return;
    if (actor.bent_values == 0) continue;
    const PageHash expected = image.page(served.pgno);
    const bool whole = expected == kUnknownPage || hash_page(served.page.data()) == expected;
    if (!judge.expect(whole, kDetected, "served", [&] {
          return fmt::format(
              "actor {} at head {}: the store bent a value, and page {} was served with other "
              "bytes than "
              "were committed: {}",
              actor.actor, session.head_txid, served.pgno,
              blame.of_stored(actor, served.pgno, served.page.data()));
        })) {
      return;
    }
  }
}

void check_corruption_named(Judge& judge, const ActorTruth& actor, const std::string& text) {
  constexpr std::array kThings = {"delta", "shard", "head", "row"};
  const auto names = [&](const char* thing) { return text.find(thing) != std::string::npos; };
  const bool named = text.find(fmt::format("actor {}", actor.actor)) != std::string::npos &&
                     std::any_of(kThings.begin(), kThings.end(), names);
  judge.expect(named, kDetected, "error", [&] {
    return fmt::format(
        "actor {}: an error over damaged data names neither it nor what is damaged: {}",
        actor.actor, text);
  });
}

}  // namespace squall::sim
