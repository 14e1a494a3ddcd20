// The transport as a watched session sees it: hands every request on, and lets the checks look at
// what a live client asks and is told.
#pragma once

#include <functional>

#include "engine/transport.h"
#include "sim/knobs.h"
#include "sim/oracle/oracle.h"
#include "sim/oracle/quota_kept.h"

namespace squall::sim {

class SessionTransport final : public Transport {
 public:
  // None is owned; all outlive it. link.truth may be replaced between calls.
  SessionTransport(Transport& below, const SessionLink& link, Owner owner, const Knobs& knobs,
                   const std::function<bool()>& process_dead)
      : below_(below), link_(link), owner_(owner), knobs_(knobs), process_dead_(process_dead) {}

  tl::expected<Reply, TransportError> call(Request request) override;
  void post(Request request) override;

 private:
  bool watching() const;
  void before(const Request& request);
  // What is still known of a request when its reply comes.
  struct Asked {
    size_t kind = 0;           // its place in Request::body
    uint64_t damage_mark = 0;  // StorageDamage::mark_request() when it was sent
    HeadView own_head;         // when it was sent
    AskedCommit commit;
    TakeoverRequest takeover;
  };
  Asked note(const Request& request) const;
  void after(const Reply& reply, const Asked& asked);
  // For messages about pages (page_blame.h).
  void keep_sent(const Request& request);
  // For what may be refused, or asked for, while a commit is staged.
  void keep_staged(const Request& request, uint64_t sequence);
  void keep_replied(const PagesReply& reply);
  void keep_fetched(const PagesReply& reply);
  void after_superseded(const Reply& reply);
  void after_takeover(const Reply& reply, const TakeoverRequest& request);
  void after_error(const Error& error, const Asked& asked);

  Transport& below_;
  const SessionLink& link_;
  const Owner owner_;
  const Knobs& knobs_;
  const std::function<bool()>& process_dead_;
};

}  // namespace squall::sim
