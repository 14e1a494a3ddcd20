// What the oracle knows of one session: one owner's life of an actor. The recorder and the
// transport fill it in from the session's side, the landings of the store from the other; both ends
// share it, and it outlives the process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/messages.h"
#include "sim/oracle/cached_pages.h"
#include "sim/oracle/page_image.h"
#include "sim/oracle/pending_writes.h"
#include "sim/oracle/twin.h"

namespace squall::sim {

// Commit ids from this sequence on are no session's: somebody else makes them up.
inline constexpr uint64_t kFirstForeignSequence = UINT64_C(1) << 40;

// Where the one commit that a session can have outstanding stands.
enum class Attempt : uint8_t {
  kNone,
  kInCall,   // SQLite is inside a call that may commit what is pending
  kUnknown,  // the call failed without saying whether it landed; the file is dead
};

// What a landing means to the twin: set by the session before each statement.
enum class TwinOnLanding : uint8_t {
  kNothing,  // SQLite restores what it had spilled
  kCommit,
  kVacuum,
};

// Acknowledged engine commits of one actor.
struct CommitTally {
  uint64_t commits = 0;
  uint64_t dirty_pages = 0;
  uint64_t staged_commits = 0;
  int64_t last_us = 0;  // when a node last acknowledged one, or a takeover
};

class SessionTruth {
 public:
  // The tally outlives the session.
  SessionTruth(ActorId of_actor, Owner its_owner, CommitTally* its_tally)
      : actor(of_actor), owner(its_owner), tally(its_tally) {}

  const ActorId actor;
  const Owner owner;
  CommitTally* const tally;

  // --- from the store ---
  bool took_over = false;   // its takeover has landed
  bool superseded = false;  // a later takeover by another owner has landed
  uint64_t generation = 0;
  uint64_t head_txid = 0;  // as its own takeover and commits left it
  std::shared_ptr<PageImage> image = std::make_shared<PageImage>();  // the same, never null
  uint64_t last_landed_sequence = 0;
  bool attempt_landed = false;  // since the call began
  bool attempt_staged = false;
  uint64_t attempt_pages = 0;

  // --- from the session ---
  bool ended = false;  // the process is dead or has closed it
  PendingWrites pending;
  CachedPages cached;
  Attempt attempt = Attempt::kNone;
  uint64_t last_sent_sequence = 0;     // of the commit requests that went out
  uint64_t last_refused_sequence = 0;  // up to it every commit that did not land was refused
  uint64_t tried_sequence = 0;         // of the last commit that a request was to land
  uint64_t commit_tries = 0;           // such requests
  uint64_t staged_sequence = 0;        // of the last commit that was staged
  uint64_t staged_bytes = 0;           // of its chunks, sent since it was last begun
  uint64_t most_staged_bytes = 0;      // the same, the most so far
  bool fenced = false;                 // so it was told
  bool chunks_missing = false;         // so it was told, and it has not staged since
  bool inside_full_write = false;      // SQLite is overwriting a whole page
  uint64_t failed_requests = 0;        // answered by an error that is no refusal, or not at all

  // --- for messages: pages as they passed the borders between the layers ---
  std::vector<NumberedPage> sent_pages;  // of the last commit request
  std::vector<SharedBytes> sent_chunks;  // of the last staged commit
  std::vector<PageRef> replied;          // by page: as the engine answered it last

  // --- the twin ---
  std::unique_ptr<Twin> twin;              // made when the session first runs something
  std::shared_ptr<SessionTruth> ancestor;  // whose committed content is ours while twin is null
  TwinOnLanding on_landing = TwinOnLanding::kNothing;
};

// "actor 3 (start 2, head 17)"
std::string describe(const SessionTruth& session);

// The session whose twin holds the committed content of `session`: itself or an ancestor; null when
// none ever ran anything, that is, when the database is empty.
SessionTruth* twin_holder(SessionTruth& session);
// The session's own twin, made at its first use.
Twin& materialize_twin(SessionTruth& session, const Workload& workload);

}  // namespace squall::sim
