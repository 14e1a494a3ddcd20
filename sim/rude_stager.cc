#include "sim/rude_stager.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/big_endian.h"
#include "engine/staging.h"
#include "sim/error_mask.h"
#include "sim/oracle/session_truth.h"
#include "sim/rude_chunk.h"

namespace squall::sim {
namespace {

constexpr uint64_t kMostJoins = 3;
constexpr uint64_t kFirstNumber = UINT64_C(1) << 24;  // those of the rude client lie below
constexpr uint64_t kStepsOfStaging = 64;

constexpr uint32_t kFilledPages = 16;  // of a chunk that only takes room
constexpr int64_t kFilledBytes = int64_t{kFilledPages} * kPageSizeBytes;
constexpr int64_t kMostFilledBytes = 1 << 20;

// Pages first_pgno… of bytes that don't compress, drawn from salt.
Chunk make_noisy_chunk(uint64_t head_txid, uint32_t first_pgno, uint32_t count, uint64_t salt) {
  std::vector<std::string> pages(count, std::string(kPageSizeBytes, '\0'));
  // A page of a filler is noise as a whole, others only begin with some.
  const size_t noise = count > 1 ? kPageSizeBytes : 64;
  for (uint32_t i = 0; i < count; ++i) {
    for (size_t at = 0; at < noise; at += sizeof(uint64_t)) {
      const uint64_t bits = keyed_hash(salt, i, at);
      std::copy_n(reinterpret_cast<const char*>(&bits), sizeof bits, pages[i].data() + at);
    }
  }
  return make_chunk(head_txid, first_pgno, pages);
}

// Of the world, whatever the request.
bool is_trouble(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kCorrupt;
}

uint32_t only(ErrorCode code) { return error_mask({code}); }

}  // namespace

// One request, and how it is answered while the stage is ours.
struct RudeStager::Step {
  decltype(Request::body) body;
  bool done = false;   // success is right
  uint32_t codes = 0;  // and so are these errors
};

struct RudeStager::Staging {
  ActorId actor = 0;
  uint64_t generation = 0;
  CommitId id;
  std::vector<Step> steps;
  size_t at = 0;
  uint64_t number = 0;
  bool open = false;     // our stage row has landed
  bool touched = false;  // and somebody else has written it since
};

std::vector<RudeStager::Step> RudeStager::make_steps(const Head& head, const CommitId& id,
                                                     uint64_t salt) const {
  const int64_t max_staged_bytes = core_.plan.knobs.max_staged_bytes;
  const uint64_t base = head.head_txid;
  const Chunk first = make_noisy_chunk(base, 1, 1, salt);
  const Chunk second = make_noisy_chunk(base, 2, 1, salt + 1);
  const Chunk other = make_noisy_chunk(base, 1, 1, salt + 2);
  const uint32_t size = head.size_pages + 4;  // which no chunk grows it to
  const auto finalize = [&](uint32_t chunks, uint64_t digest, ErrorCode code) {
    return Step{FinalizeRequest{base, id, size, chunks, digest}, false, only(code)};
  };
  const auto stage = [&](uint32_t number, const Chunk& chunk) {
    return Step{StageRequest{base, id, number, chunk.blob}, true, 0};
  };
  const uint64_t before[] = {first.checksum, second.checksum};
  const uint64_t after[] = {other.checksum, second.checksum};

  std::vector<Step> steps;
  steps.push_back({StageBeginRequest{base, id}, true, only(ErrorCode::kFenced)});
  steps.push_back(stage(0, first));
  steps.push_back(finalize(2, stage_digest(before), ErrorCode::kStageIncomplete));
  steps.push_back(stage(0, first));
  steps.push_back(stage(1, second));
  steps.push_back({StageBeginRequest{base, id}, true, 0});
  steps.push_back(finalize(2, stage_digest(before), ErrorCode::kInvalidRequest));
  steps.push_back(stage(0, other));
  steps.push_back(finalize(2, stage_digest(before), ErrorCode::kStageIncomplete));
  steps.push_back(finalize(2, stage_digest(after), ErrorCode::kInvalidRequest));
  if (max_staged_bytes > kMostFilledBytes) return steps;
  for (uint32_t chunk = 2; (chunk - 2) * kFilledBytes <= max_staged_bytes; ++chunk) {
    Step filler =
        stage(chunk, make_noisy_chunk(base, 1 + chunk * kFilledPages, kFilledPages, salt));
    filler.codes = only(ErrorCode::kTooLarge);
    steps.push_back(std::move(filler));
  }
  return steps;
}

void RudeStager::start() {
  for (uint64_t number = 0; number < stagings_.size(); ++number) {
    const uint64_t draw = keyed_hash(core_.plan.decision_key, 0x7F, number);
    core_.scheduler.after(int64_t{1000} << below(draw, 12), draw,
                          [this, number] { begin(number); });
  }
}

void RudeStager::begin(uint64_t number) {
  const uint64_t draw = keyed_hash(core_.plan.decision_key, 0x80, number);
  const ActorId actor = 1 + below(draw, core_.plan.workload.actors.size());
  const auto stored = stored_head(store_, actor);
  if (!stored || !*stored || core_.decisions.faults_ended()) return;
  const Head& head = **stored;
  auto& staging = stagings_[number] = std::make_shared<Staging>();
  staging->actor = actor;
  staging->generation = head.generation;
  staging->id = {head.owner.nonce, kFirstForeignSequence + 1 + number};
  staging->number = kFirstNumber + number * kStepsOfStaging;
  staging->steps = make_steps(head, staging->id, draw);
  go_on(staging);
}

void RudeStager::go_on(const std::shared_ptr<Staging>& staging) {
  if (staging->at == staging->steps.size() || staging->touched) return;
  const uint64_t number = staging->number + staging->at;
  EngineNode* node = choose_node_(keyed_hash(core_.plan.decision_key, 0x81, number));
  if (node == nullptr) return;
  node->ask({staging->actor, staging->generation, staging->steps[staging->at].body}, number,
            [this, staging](const Request& request, const Reply& reply) {
              const Error* error = std::get_if<Error>(&reply.body);
              if (staging->touched || (error != nullptr && is_trouble(error->code))) return;
              const Step& step = staging->steps[staging->at++];
              check_staging(oracle_, request, step.done, step.codes, reply);
              if (error == nullptr || error->code != ErrorCode::kFenced) go_on(staging);
            });
}

void check_staging(Oracle& oracle, const Request& request, bool done, uint32_t codes,
                   const Reply& reply) {
  if (oracle.violated()) return;
  oracle.evaluated(Invariant::kRequestsChecked);
  const Error* error = std::get_if<Error>(&reply.body);
  if (error != nullptr ? (codes & error_mask({error->code})) != 0 : done) return;
  oracle.report(Invariant::kRequestsChecked, "stage",
                fmt::format("actor {}: over a stage that nobody else touched, a request of kind {} "
                            "was answered with {}, at generation {} head {}",
                            request.actor, request.body.index(),
                            error != nullptr ? error->message : "success", reply.head.generation,
                            reply.head.head_txid));
}

void RudeStager::on_applied(const AppliedCommit& commit) {
  for (const StoreRow& row : commit.rows) {
    const std::string_view key = row.key.view();
    const bool is_stage = key.size() == kHeadKeyBytes &&
                          key[0] == static_cast<char>(kActorKeyByte) &&
                          key.back() == static_cast<char>(RowTag::kStage);
    if (is_stage) stage_changed(get_u64(key.data() + 1), row);
  }
}

void RudeStager::stage_changed(ActorId actor, const StoreRow& row) {
  const auto stage = row.after ? decode_stage_row(actor, stage_key(actor).view(), *row.after)
                               : Result<StageRow>(StageRow());
  if (!stage) return;
  for (const auto& staging : stagings_) {
    if (!staging || staging->actor != actor) continue;
    const bool ours = row.after && stage->commit_id == staging->id;
    staging->touched = staging->touched || (staging->open && !ours);
    staging->open = staging->open || ours;
  }
  const bool of_session = row.after && stage->commit_id.sequence < kFirstForeignSequence;
  if (!of_session || core_.decisions.faults_ended() || joined_ == kMostJoins) return;
  const uint64_t draw = keyed_hash(core_.plan.decision_key, 0x82, ++stages_seen_);
  if (below(draw, 5) > 0) return;
  const auto wait_us = static_cast<int64_t>(
      below(keyed_hash(draw, 1), 1 + 2 * static_cast<uint64_t>(core_.plan.knobs.store_latency_us)));
  core_.scheduler.after(wait_us, draw, [this, actor, joins = *stage, number = ++joined_] {
    join(actor, joins, number);
  });
}

void RudeStager::join(ActorId actor, const StageRow& stage, uint64_t number) {
  const uint64_t draw = keyed_hash(core_.plan.decision_key, 0x83, number);
  EngineNode* node = choose_node_(keyed_hash(draw, 1));
  const auto head = stored_head(store_, actor);
  if (node == nullptr || !head || !*head) return;
  const uint64_t base = stage.txid - 1;
  Request request{actor, stage.generation, {}};
  switch (below(keyed_hash(draw, 2), 5)) {
    case 0: request.generation -= 1; [[fallthrough]];
    case 1:
      request.body = StageRequest{base, stage.commit_id, static_cast<uint32_t>(below(draw, 3)),
                                  make_noisy_chunk(base, 1, 1, draw).blob};
      break;
    case 2:
      request.body =
          StageRequest{base, stage.commit_id, 40, make_noisy_chunk(base, 1, 1, draw).blob};
      break;
    case 3: request.body = StageBeginRequest{base, stage.commit_id}; break;
    default: request.body = FinalizeRequest{base, stage.commit_id, (*head)->size_pages, 1, draw};
  }
  // Its answer says nothing: the session's own requests come in between.
  node->ask(std::move(request), kFirstNumber - number, [](const Request&, const Reply&) {});
}

}  // namespace squall::sim
