// What the simulated store asks of the world: how long each step takes, what goes wrong with it,
// and who asks. The world answers with keyed decisions; tests answer by script. The store itself
// knows no seed and no fiber.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "engine/store.h"
#include "sim/probes.h"

namespace squall::sim {

// One read round trip (get, get_many, get_key, get_range, get_read_version).
struct ReadFate {
  int64_t wait_us = 0;              // from the call to the answer
  std::optional<StoreCode> error;   // answered instead of data
  int64_t read_version_lag_us = 0;  // of a transaction's first read: how far its version may lag
                                    // behind the newest; never before a commit acknowledged before
                                    // the request
};

enum class CommitOutcome : uint8_t {
  kNormal,            // lands and says so, or conflicts and says so
  kSpuriousConflict,  // 1020 without a conflict; nothing is written
  kUnknownLanded,     // lands (if nothing conflicts), then answers 1021, or `error`
  kUnknownLost,       // never lands, answers 1021, or `error`
  kTimedOut,          // answers 1031, or `error`, first and lands afterwards (if nothing conflicts)
  kError,             // answers `error`, nothing is written
};

struct CommitFate {
  CommitOutcome outcome = CommitOutcome::kNormal;
  int64_t land_after_us =
      0;  // from submission to the moment that conflicts are resolved and it is applied
  int64_t reply_after_us = 0;  // from submission to the answer; > land_after_us but for kTimedOut
  std::optional<StoreCode> error = std::nullopt;
};

class StorePacer {
 public:
  virtual ~StorePacer() = default;
  virtual int64_t now_us() = 0;
  // Blocks the calling fiber; may unwind out of the store if its process dies.
  virtual void wait_us(int64_t duration_us) = 0;
  // Runs callback on the event loop after delay_us, whoever has died meanwhile.
  virtual void after(int64_t delay_us, std::function<void()> callback) = 0;
  virtual ReadFate plan_read() = 0;
  virtual CommitFate plan_commit() = 0;
  // For version steps and back-off jitter: a keyed draw, uniform over 64 bits.
  virtual uint64_t random() = 0;
  // An opaque mark of who is asking now; a commit carries it to the observers.
  virtual uint64_t origin() = 0;
  // Counted, nothing more.
  virtual void at_probe(WorldProbe) {}
  // Whether see_values wants to be called, with what each read is about to return: it may bend it,
  // and take away what point reads found.
  virtual bool watches_values() const { return false; }
  virtual void see_values(std::span<const std::string_view> /*keys*/,
                          std::span<std::optional<SharedBytes>> /*values*/) {}
};

}  // namespace squall::sim
