// A commit too large for one request: cut into chunks, each an LTX blob, which are sent without
// waiting, but for every 32nd, so that no queue on the way overflows while all goes well; one
// finalize makes them the new head. Safe to repeat as a whole and in part, since all is keyed by
// the commit's id. Where the finalize finds chunks missing, they are sent once more, and waited
// for: a chunk may have been refused.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/messages.h"
#include "engine/runtime.h"
#include "engine/shared_bytes.h"
#include "engine/transport.h"
#include "vfs/options.h"
#include "vfs/patience.h"
#include "vfs/statistics.h"

namespace squall {

class StagedCommit {
 public:
  StagedCommit(const VfsOptions& options, Transport& transport, Runtime& runtime,
               VfsStatistics& statistics)
      : options_(options), transport_(transport), runtime_(runtime), statistics_(statistics) {}

  // envelope: actor and generation. The reply to the finalize, or its error as in
  // SessionClient::commit.
  Result<Reply> run(Request envelope, uint64_t head_txid, CommitId id,
                    const std::vector<NumberedPage>& pages, uint32_t size_pages,
                    Patience& patience);

 private:
  Result<void> encode(uint64_t head_txid, const std::vector<NumberedPage>& pages,
                      uint32_t size_pages);
  // Begins the stage and sends all chunks; waits for the answer to every heard_every-th request.
  // After an answer that doesn't come or says to try again, sends the rest without waiting. Fails
  // with any other error: fenced, corrupt, or kTooLarge where the stage may not take all.
  Result<void> stage(const Request& envelope, uint64_t head_txid, CommitId id,
                     uint32_t heard_every);

  const VfsOptions& options_;
  Transport& transport_;
  Runtime& runtime_;
  VfsStatistics& statistics_;
  std::vector<SharedBytes> chunks_;
  std::vector<uint64_t> file_checksums_;  // of chunks_
};

}  // namespace squall
