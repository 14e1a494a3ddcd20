#include "sim/oracle/generation_monotonic.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kGeneration = Invariant::kGenerationMonotonic;
// Clocks are an hour off at a time, a few times in a run.
constexpr int64_t kClockErrorMs = int64_t{7} * 24 * 3'600'000;

}  // namespace

bool check_creation_time(Judge& judge, ActorId actor, const Head& first, int64_t wall_us) {
  const int64_t off_ms = first.creation_ts_ms - wall_us / 1000;
  const bool holds = off_ms >= -kClockErrorMs && off_ms <= kClockErrorMs;
  return judge.expect(holds, kGeneration, "created", [&] {
    return fmt::format("actor {}: created at {} ms, when it was {} ms", actor, first.creation_ts_ms,
                       wall_us / 1000);
  });
}

bool check_new_owner(Judge& judge, ActorId actor, const std::optional<Head>& before,
                     const Head& after) {
  if (!before) {
    return judge.expect(after.generation >= 1 && after.head_txid == 0 && after.size_pages == 0,
                        kGeneration, "created", [&] {
                          return fmt::format(
                              "actor {}: began with generation {}, head {}, {} pages", actor,
                              after.generation, after.head_txid, after.size_pages);
                        });
  }
  const bool rises =
      judge.expect(after.generation > before->generation, kGeneration, "takeover", [&] {
        return fmt::format(
            "actor {}: start {} took over from start {} and the generation went from {} to {}",
            actor, after.owner.start_sequence, before->owner.start_sequence, before->generation,
            after.generation);
      });
  if (!rises) return false;
  const bool not_older = after.owner.start_sequence >= before->owner.start_sequence;
  const bool entitled = judge.expect(not_older, kGeneration, "older-start", [&] {
    return fmt::format("actor {}: start {} took over from start {}, which is newer", actor,
                       after.owner.start_sequence, before->owner.start_sequence);
  });
  if (!entitled) return false;
  return judge.expect(
      after.head_txid == before->head_txid, kGeneration, "takeover-moved-head", [&] {
        return fmt::format("actor {}: the takeover by start {} moved the head from {} to {}", actor,
                           after.owner.start_sequence, before->head_txid, after.head_txid);
      });
}

bool check_same_owner(Judge& judge, ActorId actor, const Head& before, const Head& after) {
  return judge.expect(after.generation >= before.generation, kGeneration, "went-back", [&] {
    return fmt::format("actor {}: the generation of start {} went from {} to {}", actor,
                       after.owner.start_sequence, before.generation, after.generation);
  });
}

}  // namespace squall::sim
