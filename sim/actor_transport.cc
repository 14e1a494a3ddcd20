#include "sim/actor_transport.h"

namespace squall::sim {

namespace {

EntityStep step_of(const Request& request) {
  constexpr std::array kSteps = {EntityStep::kTakeover, EntityStep::kFetch,
                                 EntityStep::kCommit,   EntityStep::kStageBegin,
                                 EntityStep::kStage,    EntityStep::kFinalize};
  static_assert(kSteps.size() == std::variant_size_v<decltype(Request::body)>);
  return kSteps[request.body.index()];
}

}  // namespace

Entity ActorTransport::next(const Request& request) {
  Entity entity = core_.scheduler.context().entity();
  if (!(entity == about_)) {
    about_ = entity;
    attempts_.fill(0);
  }
  entity.step = step_of(request);
  entity.attempt = attempts_[static_cast<size_t>(entity.step)]++;
  return entity;
}

tl::expected<Reply, TransportError> ActorTransport::call(Request request) {
  const Entity entity = next(request);
  if (entity.step == EntityStep::kFetch) ++figures_.page_fetches;
  auto reply = connection_.call(std::move(request), entity);
  if (reply && std::holds_alternative<DoneReply>(reply->body)) {
    if (entity.step == EntityStep::kCommit) ++figures_.commits;
    if (entity.step == EntityStep::kFinalize) {
      ++figures_.commits;
      ++figures_.staged_commits;
    }
  }
  return reply;
}

void ActorTransport::post(Request request) {
  const Entity entity = next(request);
  connection_.post(std::move(request), entity);
}

}  // namespace squall::sim
