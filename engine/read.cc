// Reading pages: with the index in memory, one round trip for the head and every blob needed. The
// head says in the same read version whether the index was current; if it wasn't, the index is read
// and the read goes on.
#include <fmt/format.h>

#include "engine/blob_fetch.h"
#include "engine/engine_core.h"
#include "engine/planted.h"

namespace squall {
namespace {

// Of a page past the end, and of the lock page.
constexpr size_t kNoBlob = SIZE_MAX;

class ReadOperation {
 public:
  ReadOperation(EngineCore& core, ActorState& state, uint64_t generation,
                std::span<const uint32_t> pgnos)
      : core_(core), state_(state), generation_(generation), pgnos_(pgnos) {}

  Reply run() {
    auto result = core_.transact([this](Transaction& transaction) { return attempt(transaction); });
    const HeadView view = head_ ? head_->view() : HeadView{};
    if (!result) return error_reply(view, std::move(result.error()));
    core_.statistics.page_reads += pgnos_.size();
    return {view, PagesReply{std::move(pages_)}};
  }

 private:
  AttemptResult attempt(Transaction& transaction) {
    fetch_ = BlobFetch();
    pages_.clear();
    if (auto passed = pass(core_, Site::kReadBeforeIndex); !passed)
      return stop(std::move(passed.error()));
    if (auto read = read_blobs(transaction); !read) return stop(std::move(read.error()));
    if (auto passed = pass(core_, Site::kReadAfterBlobs); !passed)
      return stop(std::move(passed.error()));
    if (auto copied = copy_pages(); !copied) return stop(std::move(copied.error()));
    if (auto passed = pass(core_, Site::kReadBeforeReturn); !passed)
      return stop(std::move(passed.error()));
    return Attempt::kAnswered;
  }

  Attempted<void> read_blobs(Transaction& transaction) {
    if (!state_.head) return load_and_fetch(transaction);
    const HeadTag planned = tag_of(*state_.head);
    plan(*state_.head, state_.index);
    const Key key = head_key(state_.actor);
    std::optional<SharedBytes> value;
    if (auto read = fetch_.fetch(transaction, ReadMode::kSnapshot, &key, &value); !read)
      return stop(read.error());
    head_.reset();
    if (value) {
      auto head = decode_head(state_.actor, *value);
      if (!head) return stop(std::move(head.error()));
      head_ = *head;
    }
    if (auto checked = check_generation(); !checked) return checked;
    const bool current = tag_of(*head_) == planned || planted(Defect::kReadZeroesWhenSourceMissing);
    if (!current) return load_and_fetch(transaction);
    core_.actors.touch(state_);
    return pass(core_, Site::kReadAfterIndex);
  }

  Attempted<void> load_and_fetch(Transaction& transaction) {
    probe(core_.runtime, state_.head ? Probe::kReadStaleIndex : Probe::kReadColdIndex);
    auto loaded = load_index(transaction, state_.actor, ReadMode::kSnapshot);
    if (!loaded) return stop(std::move(loaded.error()));
    head_.reset();
    if (*loaded) head_ = (*loaded)->head;
    if (auto checked = check_generation(); !checked) return checked;
    ++core_.statistics.index_loads;
    plan(*head_, (*loaded)->index);
    core_.actors.install(state_, *head_, (*loaded)->index);
    if (auto passed = pass(core_, Site::kReadAfterIndex); !passed) return passed;
    // Planted: the blobs are read at a later version than the index that names them.
    if (planted(Defect::kSlowReadZeroes)) transaction.reset();
    if (auto read = fetch_.fetch(transaction, ReadMode::kSnapshot); !read)
      return stop(read.error());
    return {};
  }

  Attempted<void> check_generation() {
    if (head_ && (head_->generation == generation_ || planted(Defect::kFencesDropped))) return {};
    ++core_.statistics.fences;
    probe(core_.runtime, Probe::kReadFenced);
    return stop(Error{ErrorCode::kFenced, fmt::format("asked for generation {}, the actor is at {}",
                                                      generation_, head_ ? head_->generation : 0)});
  }

  // Which blob each page comes from.
  void plan(const Head& head, const PageIndex& index) {
    slots_.clear();
    for (const uint32_t pgno : pgnos_) {
      const bool absent = pgno > head.size_pages || pgno == ltx::lock_pgno(kPageSizeBytes);
      slots_.push_back(absent ? kNoBlob : plan_page(pgno, index));
    }
  }

  size_t plan_page(uint32_t pgno, const PageIndex& index) {
    if (const IndexRow* row = index.find(pgno)) {
      return fetch_.add(delta_key(state_.actor, row->delta()), row->pieces);
    }
    const uint32_t shard = shard_of(pgno);
    const auto known = state_.shard_pieces.find(shard);
    return fetch_.add(shard_key(state_.actor, shard),
                      known == state_.shard_pieces.end() ? 0 : known->second);
  }

  Attempted<void> copy_pages() {
    mark_sources();
    for (size_t i = 0; i < pgnos_.size(); ++i) {
      auto page = copy_page(pgnos_[i], slots_[i]);
      if (!page) return stop(std::move(page.error()));
      pages_.push_back({pgnos_[i], std::move(*page)});
    }
    return {};
  }

  void mark_sources() {
    bool delta = false;
    bool shard = false;
    for (size_t slot = 0; slot < fetch_.size(); ++slot) {
      (fetch_.key(slot).size() == kShardKeyBytes ? shard : delta) = true;
      if (fetch_.pieces(slot) > 0) probe(core_.runtime, Probe::kReadInPieces);
    }
    if (delta && shard) probe(core_.runtime, Probe::kReadFromDeltaAndShard);
  }

  // Null past the end. The lock page, which SQLite never stores, is zeros.
  Result<PageRef> copy_page(uint32_t pgno, size_t slot) {
    if (pgno > head_->size_pages) return PageRef();
    if (slot == kNoBlob) return core_.pages.zero();
    if (!fetch_.present(slot)) {
      if (missing_is_zeros()) return core_.pages.zero();
      return corrupt(pgno, describe_blob(fetch_.key(slot)) + " is missing");
    }
    remember_pieces(pgno, slot);
    auto blob = core_.blobs.open(fetch_.key(slot), fetch_.parts(slot), BlobCache::Keep::kYes);
    if (!blob) return Failure(std::move(blob.error()));
    const ltx::PageEntry* entry = (*blob)->find(pgno);
    if (entry == nullptr) {
      if (missing_is_zeros()) return core_.pages.zero();
      return corrupt(pgno, describe_blob(fetch_.key(slot)) + " does not hold it");
    }
    ltx::LtxResult<void> read;
    PageRef page = core_.pages.build([&](char* out) { read = (*blob)->read_page(*entry, out); });
    if (!read)
      return corrupt(pgno, describe_blob(fetch_.key(slot)) + ": " + read.error().message());
    return page;
  }

  static bool missing_is_zeros() {
    return planted(Defect::kReadZeroesWhenSourceMissing) ||
           planted(Defect::kShardKeepsPagesPastEnd) || planted(Defect::kSlowReadZeroes);
  }

  void remember_pieces(uint32_t pgno, size_t slot) {
    const Key& key = fetch_.key(slot);
    if (key.size() != kShardKeyBytes || fetch_.pieces(slot) == 0) return;
    state_.shard_pieces[shard_of(pgno)] = fetch_.pieces(slot);
  }

  Failure corrupt(uint32_t pgno, const std::string& why) const {
    return fail(ErrorCode::kCorrupt,
                fmt::format("page {} of actor {}: {}", pgno, state_.actor, why));
  }

  EngineCore& core_;
  ActorState& state_;
  const uint64_t generation_;
  const std::span<const uint32_t> pgnos_;

  std::optional<Head> head_;
  BlobFetch fetch_;
  std::vector<size_t> slots_;  // of fetch_, in the order of pgnos_
  std::vector<NumberedPage> pages_;
};

}  // namespace

Reply get_pages(EngineCore& core, ActorId actor, uint64_t generation,
                std::span<const uint32_t> pgnos) {
  Pin state(core.actors, core.state_of(actor));
  return ReadOperation(core, *state, generation, pgnos).run();
}

}  // namespace squall
