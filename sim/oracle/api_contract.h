// api-contract: what the VFS tells SQLite about itself is so. The device is batch-atomic in the
// profiles that say so, and there SQLite commits by batches and opens neither a rollback journal
// (in the default profile) nor a WAL; only a SQLite without batches is served without; sectors are
// as large as pages; after a success no text of an error is left; and once a call has failed with
// an I/O error, no later one succeeds. Journals and temporary files are as SQLite left them
// (aux_truth.h).
//
// Does not check: the length of the database (page-images); locks.
#pragma once

#include <string_view>

#include "sim/oracle/judge.h"
#include "sim/oracle/session_truth.h"
#include "vfs/options.h"

namespace squall::sim {

void check_device_characteristics(Judge& judge, const SessionTruth& session, Profile profile,
                                  int characteristics);
void check_sector_size(Judge& judge, const SessionTruth& session, int size_bytes);
// xOpen succeeded with these flags.
void check_opened_file(Judge& judge, const SessionTruth& session, Profile profile, int flags);
// SQLite wrote to its database, and the VFS took it.
void check_batched(Judge& judge, const SessionTruth& session, Profile profile, bool in_batch);
// A commit was acknowledged; what xGetLastError says then.
void check_no_error_text(Judge& judge, const SessionTruth& session, std::string_view text);
// A commit was refused; what xGetLastError says then.
void check_says_why(Judge& judge, const SessionTruth& session, std::string_view text);
// A call succeeded, and an earlier one had failed for good.
void check_dead_file(Judge& judge, const SessionTruth& session, std::string_view call,
                     bool failed_before);
// A connection is open in one profile where another was asked for.
void check_opened_profile(Judge& judge, const SessionTruth& session, Profile wanted, Profile opened,
                          bool knows_batches);
// xCurrentTimeInt64 says julian_ms where the time of day is now_us since 1970.
void check_clock(Judge& judge, const SessionTruth& session, int64_t julian_ms, int64_t now_us);
// SQLite took the statement. No profile allows a pragma by which commits would not reach the engine
// as batches of pages of 4096 bytes.
void check_pragma(Judge& judge, const SessionTruth& session, std::string_view sql);
// A connection is open, and this is PRAGMA journal_mode.
void check_journal_mode(Judge& judge, const SessionTruth& session, Profile profile,
                        std::string_view mode);

}  // namespace squall::sim
