// page-images: what SQLite reads is what it wrote, and what lands is what it wrote.
//
// Does not check: reads that cover part of a page, other than of the database header; a page that
// SQLite wrote in part (it never does); journals and temporary files, which never leave the
// process (aux_truth.h).
#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <span>
#include <string>

#include "sim/oracle/judge.h"
#include "sim/oracle/pending_writes.h"
#include "sim/oracle/session_truth.h"

namespace squall::sim {

// What a message adds about a page: which layer broke it, and where (page_blame.h).
using ExplainPage = absl::FunctionRef<std::string(uint32_t pgno)>;

// SQLite's read of size_bytes at offset_bytes gave these bytes; short_read: it said that the file
// ends before.
void check_read(Judge& judge, const SessionTruth& session, const char* bytes, size_t size_bytes,
                int64_t offset_bytes, bool short_read, ExplainPage explain);
// What SQLite was told about the length of its database.
void check_file_size(Judge& judge, const SessionTruth& session, int64_t size_bytes);
// A request of the session was answered by "corrupt", though nobody harmed what it names
// (storage_damage.h).
void report_corrupt_reply(Judge& judge, const SessionTruth& session, const std::string& text);

// A commit of the session landed with these pages (rising) and this size, the header's if it wrote
// one, else the file's: its pending pages, zeros where it grew over pages that SQLite did not
// write, and nothing else that changes a byte. False when that does not hold.
bool check_landed_pages(Judge& judge, const SessionTruth& session, uint64_t txid,
                        std::span<const PendingPage> landed, uint32_t size_pages,
                        ExplainPage explain);

}  // namespace squall::sim
