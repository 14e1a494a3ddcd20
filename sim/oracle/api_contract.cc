#include "sim/oracle/api_contract.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>

#include "engine/page.h"

namespace squall::sim {
namespace {

constexpr auto kContract = Invariant::kApiContract;

// What the workload tries, as it spells it.
constexpr std::string_view kForbidden[] = {
    "PRAGMA synchronous=OFF",  "PRAGMA synchronous=0",        "PRAGMA journal_mode=WAL",
    "PRAGMA journal_mode=OFF", "PRAGMA journal_mode=PERSIST", "PRAGMA journal_mode=TRUNCATE",
    "PRAGMA page_size=8192",
};

}  // namespace

void check_device_characteristics(Judge& judge, const SessionTruth& session, Profile profile,
                                  int characteristics) {
  const int promised = profile == Profile::kFallback ? 0 : SQLITE_IOCAP_BATCH_ATOMIC;
  judge.expect(characteristics == promised, kContract, "device", [&] {
    return fmt::format("{}: the device says of itself {:#x}; its profile promises {:#x}",
                       describe(session), characteristics, promised);
  });
}

void check_sector_size(Judge& judge, const SessionTruth& session, int size_bytes) {
  judge.expect(size_bytes == static_cast<int>(kPageSizeBytes), kContract, "sector", [&] {
    return fmt::format("{}: a sector is said to have {} bytes, a page has {}", describe(session),
                       size_bytes, kPageSizeBytes);
  });
}

void check_opened_file(Judge& judge, const SessionTruth& session, Profile profile, int flags) {
  const bool journal = (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 && profile == Profile::kDefault;
  const bool wal = (flags & SQLITE_OPEN_WAL) != 0;
  judge.expect(!journal && !wal, kContract, "open", [&] {
    return fmt::format("{}: SQLite opened a {}: its commits do not come as batches",
                       describe(session), wal ? "WAL" : "rollback journal");
  });
}

void check_batched(Judge& judge, const SessionTruth& session, Profile profile, bool in_batch) {
  judge.expect(in_batch || profile != Profile::kDefault, kContract, "unbatched-write", [&] {
    return fmt::format("{}: SQLite wrote to its database outside a batch", describe(session));
  });
}

void check_no_error_text(Judge& judge, const SessionTruth& session, std::string_view text) {
  judge.expect(text.empty(), kContract, "last-error", [&] {
    return fmt::format("{}: a commit succeeded, and the last error still reads \"{}\"",
                       describe(session), text);
  });
}

void check_says_why(Judge& judge, const SessionTruth& session, std::string_view text) {
  judge.expect(!text.empty(), kContract, "no-error-text", [&] {
    return fmt::format("{}: a commit was refused, and the last error does not say why",
                       describe(session));
  });
}

void check_dead_file(Judge& judge, const SessionTruth& session, std::string_view call,
                     bool failed_before) {
  judge.expect(!failed_before, kContract, "alive-after-error", [&] {
    return fmt::format("{}: a call had failed with an I/O error, and now {} succeeded",
                       describe(session), call);
  });
}

void check_opened_profile(Judge& judge, const SessionTruth& session, Profile wanted, Profile opened,
                          bool knows_batches) {
  judge.expect(opened == wanted || !knows_batches, kContract, "profile", [&] {
    return fmt::format("{}: SQLite knows batches, and the connection goes on without them",
                       describe(session));
  });
}

void check_clock(Judge& judge, const SessionTruth& session, int64_t julian_ms, int64_t now_us) {
  constexpr int64_t kUnixEpochJulianMs = 210'866'760'000'000;
  const int64_t due_ms = kUnixEpochJulianMs + now_us / 1000;
  judge.expect(julian_ms == due_ms, kContract, "clock", [&] {
    return fmt::format("{}: SQLite is told Julian millisecond {} where it is {}", describe(session),
                       julian_ms, due_ms);
  });
}

void check_pragma(Judge& judge, const SessionTruth& session, std::string_view sql) {
  if (!sql.starts_with("PRAGMA")) return;
  const bool forbidden =
      std::find(std::begin(kForbidden), std::end(kForbidden), sql) != std::end(kForbidden);
  judge.expect(!forbidden, kContract, "pragma",
               [&] { return fmt::format("{}: {} was taken", describe(session), sql); });
}

void check_journal_mode(Judge& judge, const SessionTruth& session, Profile profile,
                        std::string_view mode) {
  const std::string_view wanted = profile == Profile::kDefault ? "memory" : "delete";
  judge.expect(mode == wanted, kContract, "journal-mode", [&] {
    return fmt::format("{}: the journal mode is {}, the profile needs {}", describe(session), mode,
                       wanted);
  });
}

}  // namespace squall::sim
