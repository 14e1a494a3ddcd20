#include "sim/oracle/invariants.h"

#include "engine/assert.h"

namespace squall::sim {
namespace {

constexpr InvariantInfo kInvariants[] = {
    {Invariant::kHeadMonotonic, "head-monotonic",
     "head, materialized txid and compaction epoch never go back; each is moved by what it counts "
     "and by nothing else",
     "what the commit holds"},
    {Invariant::kGenerationMonotonic, "generation-monotonic",
     "each new owner is of no older start, comes with a higher generation and finds head and size "
     "as they were",
     "whether anybody asked for that owner: no-zombie-commit does"},
    {Invariant::kFenceExclusive, "fence-exclusive",
     "what is staged belongs to the owner of the moment; a superseded session is answered from its "
     "own past only",
     "commits: no-zombie-commit does; what a dead process would have been told"},
    {Invariant::kNoZombieCommit, "no-zombie-commit",
     "only the owner of the moment lands commits, and each of its commits at most once",
     "commits that were refused: those are fences"},
    {Invariant::kLegalFencesOnly, "legal-fences-only",
     "a live session is fenced or superseded only after a later takeover by another owner landed",
     "replies that died on the way; the wording of the error"},
    {Invariant::kAckedDurable, "acked-durable",
     "when SQLite's commit returns OK, what it wrote has landed in the store",
     "that it stays readable: page-images and sql-twin do"},
    {Invariant::kErrorOldOrNew, "error-old-or-new",
     "a refused commit never lands; after an unknown one the file takes no more writes",
     "which of the two an unknown commit became"},
    {Invariant::kPageImages, "page-images",
     "the bytes that SQLite reads, and each landed delta, are what SQLite wrote before",
     "partial reads of the database other than its 100-byte header; journal and temporary files"},
    {Invariant::kSqlTwin, "sql-twin",
     "rows, results, codes, changes and row ids are those of a native SQLite that ran the same "
     "statements; at quiet "
     "points the whole content",
     "page count, freelist, data_version; statements marked skip_twin; what a world error left of "
     "a statement"},
    {Invariant::kSqliteIntegrity, "sqlite-integrity",
     "integrity_check finds the stored database sound at quiet points and at the end",
     "heads between two quiet points"},
    {Invariant::kIndexBacked, "index-backed",
     "every page that a landed commit dirtied has its index row, and every index row a delta with "
     "that page",
     "index rows between two quiet points, but for those that a commit or compaction wrote"},
    {Invariant::kDeltaRange, "delta-range",
     "deltas lie between the materialized txid and the head, or belong to the open stage; no row "
     "stands without the "
     "rows that it belongs to",
     "the time between two quiet points"},
    {Invariant::kShardPlacement, "shard-placement",
     "a shard holds pages of its own range only, and each page of the database is found in its "
     "delta or shard",
     "the time between two quiet points, but for shards that a compaction wrote"},
    {Invariant::kShrinkClean, "shrink-clean",
     "a commit that makes the database smaller leaves no index row and no whole shard past the end",
     "pages past the end inside deltas and the boundary shard, which are unreachable"},
    {Invariant::kGrowthExplicit, "growth-explicit",
     "a commit that grows the database carries every new page",
     "what the new pages hold: page-images does"},
    {Invariant::kUsageExact, "usage-exact",
     "the usage in the head is the sum of key and value bytes of the actor's rows, after every "
     "store commit",
     "whether the quota was enforced: quota-kept does"},
    {Invariant::kQuotaKept, "quota-kept",
     "the quota is what the operator set; growth never exceeds it, and only growth beyond it is "
     "refused",
     "a refusal within the most that the commit's pages could take"},
    {Invariant::kMaterializedSound, "materialized-sound",
     "no delta and no index row stands at or below the materialized txid; a shard holds all that "
     "its header covers",
     "that the shard holds the right bytes: compaction-preserves does; shards that were not "
     "written"},
    {Invariant::kCompactionPreserves, "compaction-preserves",
     "after a compaction's write every page that it touched is found with its content unchanged",
     "pages of shards and deltas that it did not touch"},
    {Invariant::kTakeoverCleans, "takeover-cleans",
     "a takeover leaves no open stage, no delta above the head, no index row that names one or "
     "lies past the size",
     "the first takeover of all; shards and deltas up to the head"},
    {Invariant::kStagedAtomic, "staged-atomic",
     "staging writes only its own rows above the head; the commit that ends a stage leaves nothing "
     "of it",
     "what the chunks hold and that the index names them: page-images and index-backed do"},
    {Invariant::kStoreValuesVerbatim, "store-values-verbatim",
     "the store holds each value as the client handed it over; what another tenant reads is what "
     "is there",
     "the engine's reads: what they lead to shows elsewhere"},
    {Invariant::kStoreSerializable, "store-serializable",
     "no transaction landed whose reads another one had overwritten since its read version, nor at "
     "a version that was read; another tenant's land with the conflicts of their reads, no others",
     "snapshot reads, which conflict with nothing"},
    {Invariant::kTransactionLimits, "transaction-limits",
     "keys, values, transactions, plain commits, finalizes and compactions keep the limits of "
     "store and knobs by themselves; the store refuses another tenant what passes its own",
     "the time limit of a transaction; sizes of messages"},
    {Invariant::kRoundTripBudget, "round-trip-budget",
     "no page is fetched that SQLite overwrites in full or that the cache must still hold; what is "
     "read in equal steps comes ahead; no commit is sent that has no pages, none more often than "
     "it may, and nothing after a fence",
     "what a cache that was full holds; budgets over a whole workload: the scenario that sets one "
     "judges it"},
    {Invariant::kActorIsolation, "actor-isolation",
     "a store transaction is about one actor; requests fail, are given up, and files die, only of "
     "what their own actor met",
     "delays, which the actors of a connection and a node share"},
    {Invariant::kRequestsChecked, "requests-checked",
     "a request that is malformed, stale or too large is refused for that, and changes nothing; a "
     "staged chunk counts once acknowledged; a landed commit is known again",
     "runs without the rude_requests knob; requests that no decoder lets through"},
    {Invariant::kCorruptionDetected, "corruption-detected",
     "a reply leaves out no page; over values that the store bent it is the committed page or an "
     "error that names them",
     "pages of replies while the store is sound: page-images judges what SQLite reads of them"},
    {Invariant::kBoundedMemory, "bounded-memory",
     "caches, queues and stages keep their knobs' bounds; between transactions, and when idle, "
     "nothing is held",
     "memory of SQLite; pages in flight; the simulator's own"},
    {Invariant::kProgress, "progress",
     "after the faults end every transaction is served within the derived bound",
     "runs that the watchdog ended"},
    {Invariant::kCompactionConverges, "compaction-converges",
     "an actor that is left alone is folded: no delta, no index row, nothing past the end; under "
     "steady writes compaction keeps up",
     "actors without a commit or takeover since the last node died, of which none may know; lag "
     "after a failed compaction"},
    {Invariant::kMessageCodec, "message-codec",
     "a message that goes through its encoding and back is the same",
     "runs without the message_codec knob; bytes that no encoder made"},
    {Invariant::kApiContract, "api-contract",
     "what the VFS says of itself is so: device, sectors, batches, journal mode, last error, a "
     "dead file stays dead; journals are as SQLite left them",
     "the length of the database: page-images does; locks"},
};
static_assert(std::size(kInvariants) == kInvariantCount);

}  // namespace

std::span<const InvariantInfo> invariant_table() { return kInvariants; }

std::string_view to_string(Invariant invariant) {
  const auto& row = kInvariants[static_cast<size_t>(invariant)];
  SQUALL_ASSERT(row.invariant == invariant);
  return row.name;
}

std::string Violation::signature() const { return std::string(to_string(invariant)) + "@" + site; }

}  // namespace squall::sim
