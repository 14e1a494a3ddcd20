// What goes wrong: one question, asked at every site, whether a run is generated or replayed.
// Generating, the answer is a hash of (key, site, entity, occurrence) against the seed's rates, or
// a strike; replaying, the capsule has the row or it hasn't. What is answered is recorded.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/plan.h"
#include "sim/task_context.h"

namespace squall::sim {

class Decisions {
 public:
  explicit Decisions(const Plan& plan, std::vector<Perturbation>* points = nullptr);

  // What goes wrong at this site for this task now, if anything. Each call is a new occurrence.
  std::optional<Perturbation> ask(SiteId site, TaskContext& context);
  // From now on nothing new goes wrong.
  void end_faults() { ended_ = true; }
  bool faults_ended() const { return ended_; }

  const std::vector<Perturbation>& fired() const { return fired_; }
  // Faults so far that struck compactions of the actor, or nodes with all that they were at.
  uint64_t compaction_troubles(ActorId actor) const {
    return node_faults_ + (actor < compaction_faults_.size() ? compaction_faults_[actor] : 0);
  }
  uint64_t count(Fault fault) const { return counts_[static_cast<size_t>(fault)]; }

 private:
  struct Rate {
    Fault fault;
    uint32_t up_to_ppm;  // cumulative
  };
  struct SiteRates {
    std::vector<Rate> rates;
    std::vector<size_t> strikes;  // indices into strikes_
    uint32_t total_ppm = 0;
  };
  struct RowKey {
    SiteId site;
    uint32_t occurrence;
    uint64_t entity_hash;
    friend bool operator==(const RowKey&, const RowKey&) = default;
    template <typename H>
    friend H AbslHashValue(H h, const RowKey& key) {
      return H::combine(std::move(h), key.site, key.occurrence, key.entity_hash);
    }
  };

  std::optional<Perturbation> decide(SiteId site, const TaskContext& context, uint32_t occurrence);
  std::optional<Perturbation> struck(SiteId site, const Entity& entity);
  std::optional<Perturbation> drawn(const SiteRates& rates, SiteId site, uint64_t hash) const;
  Perturbation record(Perturbation perturbation, SiteId site, const Entity& entity,
                      uint32_t occurrence);

  const bool generate_;
  std::vector<Perturbation>* const points_;  // null: nobody wants them
  const uint64_t key_;
  std::array<SiteRates, kWorldSiteCount> sites_;
  std::vector<Strike> strikes_;
  absl::flat_hash_map<RowKey, size_t> rows_;  // the first row of the plan under that key
  const std::vector<Perturbation>& planned_;
  std::vector<Perturbation> fired_;
  std::array<uint64_t, kFaultCount> counts_{};
  std::vector<uint32_t> compaction_faults_;  // by actor
  uint64_t node_faults_ = 0;
  bool ended_ = false;
};

// How long at most anything that goes wrong goes on after it began; slow links aside, which end
// with the faults.
int64_t longest_disturbance_us();
// Whether the plan has the fault at all.
bool may_strike(const Plan& plan, Fault fault);
// The duration or other number that a drawn fault comes with, from a hash: heavy-tailed within the
// fault's range.
int64_t draw_parameter(Fault fault, uint64_t hash);

}  // namespace squall::sim
