// The transport as a watched session sees it: hands every request on, and lets the checks look at
// what a live client asks and is told.
#pragma once

#include <functional>

#include "engine/transport.h"
#include "sim/oracle/oracle.h"

namespace squall::sim {

class SessionTransport final : public Transport {
 public:
  // None is owned; all outlive it. link.truth may be replaced between calls.
  SessionTransport(Transport& below, const SessionLink& link, Owner owner,
                   const std::function<bool()>& process_dead)
      : below_(below), link_(link), owner_(owner), process_dead_(process_dead) {}

  tl::expected<Reply, TransportError> call(Request request) override;
  void post(Request request) override;

 private:
  bool watching() const;
  void before(const Request& request);
  // request_kind: the request's place in Request::body; damage_mark: StorageDamage::mark_request()
  // when it was sent.
  void after(const Reply& reply, size_t request_kind, uint64_t damage_mark);
  // For messages about pages (page_blame.h).
  void keep_sent(const Request& request);
  void keep_replied(const PagesReply& reply);
  void after_superseded(const Reply& reply);
  void after_error(const Error& error, size_t request_kind, uint64_t damage_mark);

  Transport& below_;
  const SessionLink& link_;
  const Owner owner_;
  const std::function<bool()>& process_dead_;
};

}  // namespace squall::sim
