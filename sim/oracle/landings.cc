#include "sim/oracle/landings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/structure.h"
#include "sim/oracle/bounded_memory.h"
#include "sim/oracle/compaction_converges.h"
#include "sim/oracle/compaction_preserves.h"
#include "sim/oracle/error_old_or_new.h"
#include "sim/oracle/fence_exclusive.h"
#include "sim/oracle/generation_monotonic.h"
#include "sim/oracle/growth_explicit.h"
#include "sim/oracle/head_monotonic.h"
#include "sim/oracle/index_backed.h"
#include "sim/oracle/legal_fences_only.h"
#include "sim/oracle/materialized_sound.h"
#include "sim/oracle/no_zombie_commit.h"
#include "sim/oracle/page_images.h"
#include "sim/oracle/quota_kept.h"
#include "sim/oracle/restored_pages.h"
#include "sim/oracle/shrink_clean.h"
#include "sim/oracle/sql_twin.h"
#include "sim/oracle/staged_atomic.h"
#include "sim/oracle/takeover_cleans.h"
#include "sim/oracle/usage_exact.h"

namespace squall::sim {
void Landings::apply(ActorTruth& actor, const AppliedCommit& commit, const StoreRow* head) {
  actor.changed = true;
  if (head != nullptr) {
    if (!head->after) return report_head_lost(judge_, actor.actor, "the row was deleted");
    const Result<Head> after = decode_head(actor.actor, *head->after);
    if (!after) return report_head_lost(judge_, actor.actor, after.error().message);
    head_changed(actor, commit, *after);
  }
  if (!judge_.silent()) check_usage(judge_, actor);
}

void Landings::head_changed(ActorTruth& actor, const AppliedCommit& commit, const Head& after) {
  const bool new_owner = !actor.head || actor.head->owner != after.owner;
  if (actor.head && !check_head_monotonic(judge_, actor.actor, *actor.head, after)) return;
  const auto first_quota = static_cast<uint64_t>(knobs_.storage_max_bytes);
  if (!check_quota_kept(judge_, actor, after, first_quota)) return;
  if (new_owner) {
    if (!check_new_owner(judge_, actor.actor, actor.head, after)) return;
    if (!actor.head && options_.wall_us &&
        !check_creation_time(judge_, actor.actor, after, options_.wall_us()))
      return;
    if (!check_announced(judge_, actor, after.owner)) return;
    if (actor.head && !check_takeover_clean(judge_, store_, actor.actor, after)) return;
    probes_.landed(actor.actor, Landing::kTakeover, actor.head && actor.head->stage_open());
    takeover_landed(actor, after);
  } else {
    if (!check_same_owner(judge_, actor.actor, *actor.head, after)) return;
    if (!check_owner_keeps_generation(judge_, actor, after)) return;
    if (after.head_txid != actor.head->head_txid) return commit_landed(actor, commit, after);
    if (after.compaction_epoch != actor.head->compaction_epoch) {
      ++figures_.compactions;
      probes_.landed(actor.actor, Landing::kCompaction, actor.head->stage_open());
      actor.head = after;
      actor.lag_commits = 0;
      if (!limits_.check_pass(store_, actor.actor, commit.rows)) return;
      if (!check_boundary(judge_, store_, actor.actor, after, commit.rows, knobs_)) return;
      if (!check_compaction(judge_, store_, blobs_, blame_, actor, commit)) return;
      check_materialized(judge_, store_, actor.actor, after);
    } else if (after.stage_open()) {
      stage_landed(actor, commit, after);
    }
  }
  actor.head = after;
}

void Landings::takeover_landed(ActorTruth& actor, const Head& after) {
  std::shared_ptr<SessionTruth> before = actor.owner;
  std::shared_ptr<SessionTruth> next;
  const auto same_owner = [&](const auto& session) { return session->owner == after.owner; };
  const auto known = std::find_if(actor.sessions.begin(), actor.sessions.end(), same_owner);
  if (known != actor.sessions.end() && !(*known)->took_over) {
    next = *known;
  } else {
    // A late copy of an old request, or of one whose process is gone: another life of that owner.
    next = std::make_shared<SessionTruth>(actor.actor, after.owner, &actor.tally);
    next->ended = known == actor.sessions.end();
    if (known != actor.sessions.end()) actor.sessions.erase(known);
    actor.sessions.push_back(next);
  }
  actor.takeovers.push_back({after.head_txid, after.owner.start_sequence});
  actor.lag_commits = 0;
  next->took_over = true;
  next->generation = after.generation;
  next->head_txid = after.head_txid;
  next->image = actor.image;
  next->pending.reset(*actor.image);
  if (before) {
    before->superseded = true;
    next->ancestor = before->twin ? before : before->ancestor;
    // It may go on reading its own past.
    if (!before->ended) {
      before->image = std::make_shared<PageImage>(*actor.image);
    } else {
      std::erase(actor.sessions, before);
    }
  }
  actor.owner = std::move(next);
}

void Landings::stage_landed(const ActorTruth& actor, const AppliedCommit& commit,
                            const Head& after) {
  const std::optional<StageRow> stage = stage_written(actor.actor, commit.rows);
  if (!stage) return;  // something else about the head, under an open stage
  if (!check_stage_owner(judge_, actor.actor, after, *stage)) return;
  if (!check_stage_rows(judge_, actor.actor, after, commit.rows)) return;
  probes_.landed(actor.actor, Landing::kStage, false);
  check_staged_bytes(judge_, actor.actor, *stage, knobs_);
}

bool Landings::check_form(const ActorTruth& actor, const AppliedCommit& commit, const Head& after,
                          bool staged) {
  const bool within = staged ? limits_.check_finalize(actor.actor, after.head_txid, commit.rows)
                             : limits_.check_plain(actor.actor, after.head_txid, pages_.size());
  if (!within || !actor.head->stage_open()) return within;
  return check_stage_over(judge_, store_, actor.actor, after);
}

void Landings::commit_landed(ActorTruth& actor, const AppliedCommit& commit, const Head& after) {
  if (!check_committer(judge_, actor, after.last_commit, after.head_txid)) return;
  SessionTruth& session = *actor.owner;
  if (!check_not_refused(judge_, session, after.last_commit.sequence)) return;
  if (!check_attempted(judge_, session, after.head_txid)) return;
  if (session.attempt == Attempt::kUnknown) probes_.hit(WorldProbe::kLandedAfterGivingUp);
  if (session.ended) probes_.hit(WorldProbe::kLandedAfterDeath);
  const std::optional<StageRow> stage = stage_removed(actor.actor, commit.rows);
  bool staged = stage && stage->commit_id == after.last_commit;
  if (!read_deltas(actor, commit, after.head_txid, &staged)) return;
  if (!check_form(actor, commit, after, staged)) return;
  if (!check_growth(judge_, actor.actor, after.head_txid, pages_, actor.image->size_pages(),
                    after.size_pages))
    return;
  const auto explain = [&](uint32_t pgno) {
    return blame_.of_landing(actor, session, commit, after.head_txid, pgno);
  };
  if (!check_landed_pages(judge_, session, after.head_txid, pages_, after.size_pages, explain))
    return;
  if (after.size_pages < actor.image->size_pages()) {
    ++figures_.shrinks;
    if (!check_nothing_past_end(judge_, store_, actor.actor, after.size_pages, "landing")) return;
  }
  mark_commit(actor, after, staged);
  const auto read_page = [&](uint32_t pgno) { return blame_.stored_page(actor.actor, pgno); };
  // No less a commit to the engine, but none to the twin.
  if (session.on_landing != TwinOnLanding::kNothing &&
      restores(*actor.image, pages_, after.size_pages, read_page))
    session.on_landing = TwinOnLanding::kNothing;
  adopt(actor, session, after, staged);
  tell_twin(session);
  check_lag(actor);
}

bool Landings::read_delta(const ActorTruth& actor, const AppliedCommit& commit, DeltaName name,
                          std::string_view first_value) {
  const size_t begin = pages_.size();
  if (const auto problem = blobs_.read(delta_key(actor.actor, name), first_value, &pages_)) {
    report_delta_lost(judge_, actor.actor, name.txid,
                      fmt::format("its chunk {}: {}", name.chunk, *problem));
    return false;
  }
  return check_landed_index(judge_, store_, actor.actor, name, std::span(pages_).subspan(begin),
                            commit.rows, &index_cursor_);
}

bool Landings::read_deltas(const ActorTruth& actor, const AppliedCommit& commit, uint64_t txid,
                           bool* staged) {
  pages_.clear();
  index_cursor_ = 0;
  const Key whole = delta_key(actor.actor, {txid, 0});
  const std::span<const StoreRow> plain_rows = *staged ? std::span<const StoreRow>() : commit.rows;
  for (const StoreRow& row : plain_rows) {
    if (row.key.view() == whole.view() && row.after)
      return read_delta(actor, commit, {txid, 0}, *row.after);
  }
  *staged = true;
  bool readable = true;
  uint32_t chunks = 0;
  const Key begin = delta_txid_key(actor.actor, RowTag::kDelta, txid);
  const Key end = delta_txid_key(actor.actor, RowTag::kDelta, txid + 1);
  store_.scan(begin, end, [&](std::string_view key, const SharedBytes& value) {
    const std::optional<ParsedKey> parsed = parse_key(key);
    if (!parsed || parsed->kind != ParsedKey::Kind::kDelta) return true;
    readable = parsed->delta.chunk == chunks && read_delta(actor, commit, parsed->delta, value);
    chunks += readable ? 1 : 0;
    return readable;
  });
  if (!readable || chunks == 0) {
    report_delta_lost(judge_, actor.actor, txid,
                      fmt::format("chunk {} of its delta is not there", chunks));
    return false;
  }
  std::sort(pages_.begin(), pages_.end(),
            [](const auto& a, const auto& b) { return a.pgno < b.pgno; });
  return true;
}

void Landings::adopt(ActorTruth& actor, SessionTruth& session, const Head& after, bool staged) {
  PageImage& image = *actor.image;
  image.hashes.resize(after.size_pages, zero_page_hash());
  image.writers.resize(after.size_pages);
  image.pages.resize(std::min<size_t>(after.size_pages, kMostKeptPages));
  auto sent = session.sent_pages.begin();
  for (const PendingPage& page : pages_) {
    if (page.pgno > after.size_pages) break;
    image.hashes[page.pgno - 1] = page.hash;
    image.writers[page.pgno - 1] = after.head_txid;
    if (page.pgno > kMostKeptPages) continue;
    while (sent != session.sent_pages.end() && sent->pgno < page.pgno) ++sent;
    const bool is_sent = sent != session.sent_pages.end() && sent->pgno == page.pgno;
    const PendingPage* pending = is_sent ? nullptr : session.pending.find(page.pgno);
    image.pages[page.pgno - 1] = is_sent              ? sent->page
                                 : pending != nullptr ? pending->page
                                                      : PageRef();
  }
  image.header = session.pending.header();
  session.pending.reset(image);
  session.cached.cut(after.size_pages);
  for (const PendingPage& page : pages_) {
    if (page.pgno <= after.size_pages) session.cached.arrive(page.pgno);
  }
  session.head_txid = after.head_txid;
  session.last_landed_sequence = after.last_commit.sequence;
  session.attempt_landed = true;
  session.attempt_staged = staged;
  session.attempt_pages = pages_.size();
  actor.head = after;
}

void Landings::check_lag(ActorTruth& actor) {
  const uint64_t lag = actor.head->head_txid - actor.head->materialized_txid;
  if (!options_.compaction_troubles || actor.bent_values > 0) return;
  // Each node counts the deltas that it has seen itself.
  if (lag < static_cast<uint64_t>(knobs_.compact_deltas * knobs_.nodes)) {
    actor.lag_commits = 0;
    return;
  }
  if (options_.compaction_troubles(actor.actor) > 0) return;
  if (actor.lag_commits++ == 0) actor.lag_since_us = options_.now_us();
  check_compaction_keeps_up(judge_, actor, lag, options_.now_us() - actor.lag_since_us, knobs_);
}

void Landings::mark_commit(const ActorTruth& actor, const Head& after, bool staged) {
  probes_.landed(actor.actor, staged ? Landing::kFinalize : Landing::kCommit, false);
  if (after.size_pages < actor.head->size_pages)
    probes_.landed(actor.actor, Landing::kShrink, false);
}

void Landings::tell_twin(SessionTruth& session) {
  if (session.twin == nullptr) return;
  int code = 0;
  if (session.on_landing == TwinOnLanding::kVacuum) code = session.twin->vacuum();
  if (session.on_landing == TwinOnLanding::kCommit && session.twin->in_transaction())
    code = session.twin->commit();
  session.on_landing = TwinOnLanding::kNothing;
  if (code != 0) report_twin_stuck(judge_, session, code);
}

}  // namespace squall::sim
