#include "sim/oracle/error_old_or_new.h"

#include <fmt/format.h>

namespace squall::sim {
namespace {

constexpr auto kOldOrNew = Invariant::kErrorOldOrNew;

}  // namespace

void check_refused(Judge& judge, const SessionTruth& session, std::string_view site) {
  judge.expect(!session.attempt_landed, kOldOrNew, site, [&] {
    return fmt::format(
        "actor {} (start {}): SQLite was told that its commit is refused, but it has landed as {}",
        session.actor, session.owner.start_sequence, session.head_txid);
  });
}

bool check_not_refused(Judge& judge, const SessionTruth& session, uint64_t sequence) {
  return judge.expect(sequence > session.last_refused_sequence, kOldOrNew, "late-landing", [&] {
    return fmt::format(
        "actor {} (start {}): commit {} of the session landed after SQLite was told that it is "
        "refused",
        session.actor, session.owner.start_sequence, sequence);
  });
}

bool check_attempted(Judge& judge, const SessionTruth& session, uint64_t txid) {
  return judge.expect(session.attempt != Attempt::kNone, kOldOrNew, "unasked", [&] {
    return fmt::format(
        "actor {} (start {}): commit {} landed while SQLite was not committing anything",
        session.actor, session.owner.start_sequence, txid);
  });
}

bool check_write_allowed(Judge& judge, const SessionTruth& session) {
  if (session.attempt != Attempt::kUnknown) return true;
  return judge.expect(false, kOldOrNew, "write-after-unknown", [&] {
    return fmt::format(
        "actor {} (start {}, head {}): after a commit of unknown outcome the file took another "
        "write",
        session.actor, session.owner.start_sequence, session.head_txid);
  });
}

}  // namespace squall::sim
