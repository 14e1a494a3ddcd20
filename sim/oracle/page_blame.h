// When a page has other bytes than it should: which layer broke it, at which byte, and who wrote it
// last. Pages pass from SQLite (the recorder) to the VFS's commit request, the engine's delta and
// the store, and back through the engine's reply and the VFS to SQLite; what was seen at each of
// these borders is kept by reference, and looked at only here, when something is wrong.
#pragma once

#include <cstdint>
#include <string>

#include "sim/oracle/actor_truth.h"
#include "sim/oracle/stored_blob.h"
#include "sim/store/simulated_store.h"
#include "sim/store/store_observer.h"

namespace squall::sim {

class PageBlame {
 public:
  explicit PageBlame(const SimulatedStore& store) : store_(store), blobs_(store) {}

  // SQLite read these bytes of the page.
  std::string of_read(const ActorTruth& actor, const SessionTruth& session, uint32_t pgno,
                      const char* found);
  // A commit of the session landed with other bytes of the page than SQLite wrote, or without it.
  std::string of_landing(const ActorTruth& actor, const SessionTruth& session,
                         const AppliedCommit& commit, uint64_t txid, uint32_t pgno);
  // The page lies in the store with these bytes, which are not those of the image.
  std::string of_stored(const ActorTruth& actor, uint32_t pgno, const char* found) const;
  // The same of a page in a shard or delta: the blob is read.
  std::string of_blob(const ActorTruth& actor, const Key& key, uint32_t pgno);

  // The page as it lies in the store; empty: not there, or it can't be read.
  std::string stored_page(ActorId actor, uint32_t pgno);

 private:
  const SimulatedStore& store_;
  StoredBlobReader blobs_;
};

}  // namespace squall::sim
