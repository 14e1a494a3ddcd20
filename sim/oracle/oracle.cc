#include "sim/oracle/oracle.h"

#include <absl/container/flat_hash_map.h>
#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

#include "engine/assert.h"
#include "engine/structure.h"
#include "sim/oracle/actor_isolation.h"
#include "sim/oracle/actor_truth.h"
#include "sim/oracle/bounded_memory.h"
#include "sim/oracle/compaction_converges.h"
#include "sim/oracle/delta_range.h"
#include "sim/oracle/judge.h"
#include "sim/oracle/landings.h"
#include "sim/oracle/message_codec.h"
#include "sim/oracle/page_blame.h"
#include "sim/oracle/shard_placement.h"
#include "sim/oracle/shrink_clean.h"
#include "sim/oracle/sql_twin.h"
#include "sim/oracle/sqlite_integrity.h"
#include "sim/oracle/storage_damage.h"
#include "sim/oracle/store_history.h"
#include "sim/oracle/transaction_limits.h"

namespace squall::sim {

struct Oracle::State {
  explicit State(OracleOptions given)
      : options(std::move(given)),
        probes(options.probes != nullptr ? *options.probes : uncounted),
        judge([this](const Violation& violation) { report(violation); }),
        history(judge),
        blobs(*options.store),
        damage(*options.store),
        blame(*options.store),
        limits(judge, options.plan->knobs),
        landings(judge, figures, probes, blame, options) {}

  OracleOptions options;
  ProbeCounts uncounted;
  ProbeCounts& probes;
  Judge judge;
  mutable OracleFigures figures;
  StoreHistory history;
  StoredBlobReader blobs;
  StorageDamage damage;
  PageBlame blame;
  TransactionLimits limits;
  Landings landings;
  std::vector<std::unique_ptr<ActorTruth>> actors;  // in the order of their first start
  absl::flat_hash_map<ActorId, ActorTruth*> by_id;
  ActorTruth* last_actor = nullptr;
  IntegrityChecker integrity;
  std::vector<unsigned char> database;  // of the actor that is being scanned
  bool over_limit_asked = false;

  void report(Violation violation) {
    violation.message += fmt::format(" [{:.3f} ms]", static_cast<double>(options.now_us()) / 1000);
    options.report(violation);
  }
  ActorTruth& actor(ActorId id);
  void actor_rows(ActorId id, const AppliedCommit& commit, size_t first_row);
  void check_all();
  void check_actor(ActorTruth& actor);
  void check_content(ActorTruth& actor);
};

Oracle::Oracle(OracleOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Oracle::~Oracle() = default;

ActorTruth& Oracle::State::actor(ActorId id) {
  if (last_actor != nullptr && last_actor->actor == id) return *last_actor;
  ActorTruth*& known = by_id[id];
  if (known == nullptr) known = actors.emplace_back(std::make_unique<ActorTruth>(id)).get();
  last_actor = known;
  return *known;
}

void Oracle::expect_session(ActorId id, Owner owner) {
  ActorTruth& actor = state_->actor(id);
  if (actor.is_announced(owner)) return;
  actor.announced.push_back(owner);
  actor.sessions.push_back(std::make_shared<SessionTruth>(id, owner, &actor.tally));
}

void Oracle::process_ended(ActorId id, Owner owner) {
  ActorTruth& actor = state_->actor(id);
  SessionTruth* session = actor.find(owner);
  if (session == nullptr) return;
  session->ended = true;
  if (session == actor.owner.get()) return;
  std::erase_if(actor.sessions, [&](const auto& known) { return known.get() == session; });
}

SessionLink Oracle::link(ActorId id, Owner owner) {
  ActorTruth& actor = state_->actor(id);
  SessionLink link{&state_->judge,  &state_->figures, &state_->damage,         &actor,
                   &state_->probes, &state_->blame,   &state_->options.now_us, nullptr};
  for (const auto& session : actor.sessions) {
    if (session->owner == owner) link.truth = session;
  }
  SQUALL_ASSERT(link.truth != nullptr);
  return link;
}

void Oracle::on_applied(const AppliedCommit& commit) {
  if (state_->judge.silent()) return;
  state_->history.on_applied(commit);
  if (!state_->limits.check(commit)) return;
  std::optional<ActorId> current;
  size_t begin = 0;
  for (size_t i = 0; i < commit.rows.size(); ++i) {
    const std::string_view key = commit.rows[i].key.view();
    if (key.size() < kHeadKeyBytes || key[0] != static_cast<char>(kActorKeyByte)) continue;
    const ActorId id = get_u64(key.data() + 1);
    if (current && !check_one_actor(state_->judge, *current, id)) return;
    if (current) continue;
    current = id;
    begin = i;
  }
  if (current) state_->actor_rows(*current, commit, begin);
}

// The actor's rows of the commit, from first_row on to the next actor's.
void Oracle::State::actor_rows(ActorId id, const AppliedCommit& commit, size_t first_row) {
  ActorTruth& truth = actor(id);
  const Key prefix = actor_begin_key(id);
  const std::string_view id_bytes = prefix.view().substr(0, prefix.size() - 1);
  const StoreRow* head = nullptr;
  for (size_t i = first_row; i < commit.rows.size(); ++i) {
    const StoreRow& row = commit.rows[i];
    const std::string_view key = row.key.view();
    if (!key.starts_with(id_bytes)) break;
    if (row.before) truth.stored_bytes -= static_cast<int64_t>(key.size() + row.before->size());
    if (row.after) truth.stored_bytes += static_cast<int64_t>(key.size() + row.after->size());
    if (key.size() == kHeadKeyBytes && key.back() == static_cast<char>(RowTag::kHead)) head = &row;
  }
  if (!judge.silent()) landings.apply(truth, commit, head);
}

void Oracle::on_over_limit(StoreCode code, uint64_t size_bytes) {
  if (!state_->over_limit_asked) state_->limits.over_limit(code, size_bytes);
}

void Oracle::node_answered(uint32_t node, const Engine::MemoryUse& use, size_t peak_requests) {
  const Plan& plan = *state_->options.plan;
  if (state_->judge.silent()) return;
  check_node_memory(state_->judge, node, use, peak_requests, plan.workload.actors.size(),
                    plan.knobs);
}

void Oracle::node_served(const ServedCommit& served) {
  if (state_->judge.silent()) return;
  check_served_commit(state_->judge, served, state_->options.plan->knobs);
}

void Oracle::node_refused(ActorId actor, bool ends_connection) {
  check_connection_kept(state_->judge, actor, ends_connection);
}

void Oracle::node_idle(uint32_t node, const Engine& engine) {
  for (const auto& actor : state_->actors)
    check_node_idle(state_->judge, node, actor->actor, engine.pins(actor->actor));
  check_node_forgets(state_->judge, node, engine.memory_use());
}

void Oracle::message_coded(std::string_view sent, std::string_view again,
                           const std::string& problem) {
  check_message(state_->judge, sent, again, problem);
}

void Oracle::check_converged(int64_t since_us) {
  for (const auto& actor : state_->actors) {
    if (state_->judge.silent()) return;
    if (!actor->head || actor->tally.last_us <= since_us) continue;
    ScannedActor scanned;
    if (!scan_actor(state_->judge, *state_->options.store, actor->actor, &scanned)) return;
    if (!check_stage_expected(state_->judge, *state_->options.store, *actor)) return;
    if (!squall::sim::check_converged(state_->judge, actor->actor, *actor->head, scanned)) return;
  }
}

void Oracle::check_stored() { state_->check_all(); }

void Oracle::State::check_all() {
  for (const auto& actor : actors) {
    if (judge.silent()) return;
    if (actor->changed && actor->head) check_actor(*actor);
  }
}

void Oracle::State::check_actor(ActorTruth& actor) {
  ScannedActor scanned;
  if (!scan_actor(judge, *options.store, actor.actor, &scanned)) return;
  if (!check_delta_range(judge, actor.actor, *actor.head, scanned)) return;
  if (!check_nothing_past_end(judge, *options.store, actor.actor, actor.head->size_pages, "scan"))
    return;
  if (!assemble_database(judge, blobs, blame, actor, scanned, &database)) return;
  if (database.empty()) return;
  if (!integrity.check(judge, actor.actor, actor.head->head_txid, database)) return;
  check_content(actor);
  if (!judge.silent()) actor.changed = false;
}

void Oracle::State::check_content(ActorTruth& actor) {
  const Workload& workload = options.plan->workload;
  SessionTruth* holder = twin_holder(*actor.owner);
  std::unique_ptr<Twin> copy;
  if (holder == nullptr) copy = std::make_unique<Twin>(workload);
  // The copy has what is committed, and nothing of the open transaction.
  if (holder != nullptr && holder->twin->in_transaction())
    copy = std::make_unique<Twin>(workload, *holder->twin);
  Twin& twin = copy ? *copy : *holder->twin;
  check_same_content(judge, actor.actor, actor.head->head_txid, twin.database(), integrity.shown());
}

void Oracle::value_bent(const ParsedKey& key, std::string_view stored_key) {
  ++state_->actor(key.actor).bent_values;
  state_->damage.bent(key, stored_key);
}

void Oracle::blob_lost(const ParsedKey& key, std::string_view stored_key) {
  ++state_->actor(key.actor).bent_values;
  state_->damage.lost(key, stored_key);
}

void Oracle::start_replayed(ActorId id, uint64_t start_sequence, uint32_t host,
                            std::string_view why) {
  state_->actor(id).replayed_start =
      ReplayedStart{start_sequence, host, why, state_->options.now_us()};
}

void Oracle::quota_asked(ActorId id, uint64_t bytes) {
  state_->actor(id).quotas_asked.push_back(bytes);
}

std::optional<std::string> Oracle::quarantine(ActorId id) const {
  const ActorTruth& actor = state_->actor(id);
  return actor.head ? state_->damage.quarantine(id, *actor.head) : std::nullopt;
}

void Oracle::expect_over_limit(bool asked) { state_->over_limit_asked = asked; }

void Oracle::report(Invariant invariant, std::string_view site, std::string message) {
  state_->judge.violated(invariant, site, std::move(message));
}

void Oracle::evaluated(Invariant invariant) { state_->judge.evaluated(invariant); }

bool Oracle::violated() const { return state_->judge.silent(); }

const InvariantCounts& Oracle::counts() const { return state_->judge.counts(); }

const OracleFigures& Oracle::figures() const {
  OracleFigures& figures = state_->figures;
  figures.commits = figures.committing_actors = figures.dirty_pages = figures.staged_commits = 0;
  for (const auto& actor : state_->actors) {
    figures.commits += actor->tally.commits;
    figures.dirty_pages += actor->tally.dirty_pages;
    figures.staged_commits += actor->tally.staged_commits;
    if (actor->tally.commits > 0) ++figures.committing_actors;
  }
  return figures;
}

}  // namespace squall::sim
