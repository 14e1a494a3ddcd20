// What the store's media do to what is read: a value with a flipped bit, a value from a wrong
// place, a blob that is lost until healing. Asked about each read that is about to return blobs, or
// small rows beside the head; the oracle hears of everything that was bent. Rows are never lost: an
// index row that is gone looks like a page that is folded, and nothing stored says otherwise.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/structure.h"
#include "sim/core.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

class Oracle;

class StorageFaults {
 public:
  // Whether the plan has any of them.
  static bool may_strike(const Plan& plan);

  // None is owned; all outlive it.
  StorageFaults(Core& core, SimulatedStore& store, Oracle& oracle)
      : core_(core), store_(store), oracle_(oracle) {}

  // values[i] answers keys[i].
  void see(std::span<const std::string_view> keys, std::span<std::optional<SharedBytes>> values);

 private:
  struct Candidate {
    size_t index;
    ParsedKey key;
  };

  void strike_blobs(std::span<const std::string_view> keys,
                    std::span<std::optional<SharedBytes>> values,
                    const std::optional<Candidate>& head);
  void strike_rows(std::span<const std::string_view> keys,
                   std::span<std::optional<SharedBytes>> values);
  void do_to(const Candidate& chosen, const Perturbation& fault, uint64_t draw,
             std::string_view key, std::optional<SharedBytes>* value);
  // Of the small rows, each kind as likely as any other.
  const Candidate& choose_row(uint64_t draw) const;
  // What lies under another key of that kind; nothing: there is none.
  std::optional<SharedBytes> stray_value(const ParsedKey& key, std::string_view stored_key,
                                         uint64_t draw) const;

  Core& core_;
  SimulatedStore& store_;
  Oracle& oracle_;
  // Of the read at hand.
  std::vector<Candidate> blobs_;
  std::vector<Candidate> rows_;
};

}  // namespace squall::sim
