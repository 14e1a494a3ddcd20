#include "sim/oracle/acked_durable.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kDurable = Invariant::kAckedDurable;

}  // namespace

// A landing empties what is pending, so whatever is left there did not land.
void check_acked(Judge& judge, const SessionTruth& session, std::string_view site) {
  if (!session.attempt_landed && session.pending.pages().empty()) return;
  judge.expect(session.pending.pages().empty(), kDurable, site, [&] {
    return fmt::format(
        "actor {} (start {}, head {}): SQLite was told that its commit of {} pages is done, and "
        "nothing "
        "has landed",
        session.actor, session.owner.start_sequence, session.head_txid,
        session.pending.pages().size());
  });
}

void check_nothing_pending(Judge& judge, const SessionTruth& session) {
  judge.expect(session.pending.all_refused(), kDurable, "statement", [&] {
    return fmt::format(
        "actor {} (start {}, head {}): a transaction succeeded while {} pages of it were never "
        "committed to the engine",
        session.actor, session.owner.start_sequence, session.head_txid,
        session.pending.pages().size());
  });
}

void check_takeover_acked(Judge& judge, const SessionTruth& session) {
  judge.expect(session.took_over, kDurable, "takeover", [&] {
    return fmt::format(
        "actor {}: the takeover of start {} was answered with success and has not landed",
        session.actor, session.owner.start_sequence);
  });
}

}  // namespace squall::sim
