// Checks by scanning every row of an actor in the store: placement, references, orphans, usage. By
// its own reading of the rows; shares only key parsing and value decoding with the engine.
#pragma once

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/head.h"
#include "engine/ltx_blob.h"
#include "engine/rows.h"
#include "engine/staging.h"
#include "engine/structure.h"
#include "engine/testing/fake_database.h"

namespace squall::test_support {

class StructureCheck {
 public:
  StructureCheck(const FakeDatabase::Rows& rows, ActorId actor) : actor_(actor) {
    for (const auto& [key, value] : rows) {
      const auto parsed = parse_key(key);
      if (!parsed || parsed->actor != actor) continue;
      used_ += key.size() + value.size();
      take(*parsed, key, value);
    }
    check();
  }

  const std::vector<std::string>& problems() const { return problems_; }
  const Head& head() const { return head_; }
  bool converged() const {
    return deltas_.empty() && index_.empty() && head_.materialized_txid == head_.head_txid &&
           !trailing_;
  }
  // The page at the head as the rows say; empty: nowhere.
  std::string page(uint32_t pgno) const {
    const auto row = index_.find(pgno);
    const auto blob = row != index_.end() ? deltas_.find(row->second.delta()) : deltas_.end();
    if (row != index_.end()) return blob == deltas_.end() ? "" : read(blob->second, pgno);
    const auto shard = shards_.find(shard_of(pgno));
    return shard == shards_.end() ? "" : read(shard->second, pgno);
  }

 private:
  using Kind = ParsedKey::Kind;
  struct Blob {
    std::string first;
    std::string pieces;
    uint32_t piece_count = 0;
    uint64_t bytes = 0;
    std::optional<SizeRow> size;
    std::optional<ltx::OpenedBlob> opened;
  };

  template <typename... Args>
  void problem(fmt::format_string<Args...> format, Args&&... args) {
    problems_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename T>
  T decoded(Result<T> value) {
    if (value) return std::move(*value);
    problem("{}", value.error().message);
    return T{};
  }

  void take(const ParsedKey& key, const std::string& raw, const SharedBytes& value) {
    const uint64_t bytes = raw.size() + value.size();
    switch (key.kind) {
      case Kind::kHead: head_ = decoded(decode_head(actor_, value)); break;
      case Kind::kStage: stage_ = decoded(decode_stage_row(actor_, raw, value)); break;
      case Kind::kStageChunk:
        manifest_[key.number] = decoded(decode_stage_chunk_row(actor_, raw, value));
        staged_bytes_ += bytes;
        break;
      case Kind::kIndex: index_[key.number] = decoded(decode_index_row(actor_, raw, value)); break;
      case Kind::kDeltaSize:
        deltas_[key.delta].size = decoded(decode_size_row(actor_, raw, value));
        if (key.delta.txid > head_.head_txid) staged_bytes_ += bytes;
        break;
      case Kind::kShardSize:
        shards_[key.number].size = decoded(decode_size_row(actor_, raw, value));
        break;
      case Kind::kDelta:
      case Kind::kDeltaPiece:
        take_blob(&deltas_[key.delta], key, value, bytes);
        if (key.delta.txid > head_.head_txid) staged_bytes_ += bytes;
        break;
      case Kind::kShard:
      case Kind::kShardPiece: take_blob(&shards_[key.number], key, value, bytes); break;
    }
  }

  void take_blob(Blob* blob, const ParsedKey& key, const SharedBytes& value, uint64_t bytes) {
    blob->bytes += bytes;
    if (key.kind == Kind::kDelta || key.kind == Kind::kShard) {
      blob->first = std::string(value.view());
      return;
    }
    if (key.piece != blob->piece_count)
      problem("piece {} where {} is due", key.piece, blob->piece_count);
    ++blob->piece_count;
    blob->pieces += value.view();
  }

  void check() {
    if (head_.storage_used != used_)
      problem("usage says {}, rows take {}", head_.storage_used, used_);
    for (auto& [name, blob] : deltas_) {
      open(fmt::format("delta {}/{}", name.txid, name.chunk), &blob);
      if (blob.opened && blob.opened->header().max_txid != blob_txid(name.txid))
        problem("delta of another txid");
      if (name.txid <= head_.materialized_txid)
        problem("delta {} is not above materialized", name.txid);
      if (name.txid > head_.head_txid && !manifest_.contains(name.chunk))
        problem("orphan delta {}", name.txid);
    }
    for (auto& [shard, blob] : shards_) {
      open(fmt::format("shard {}", shard), &blob);
      if (shard > shard_of(head_.size_pages)) problem("shard {} past the end", shard);
      if (!blob.opened) continue;
      for (const auto& entry : blob.opened->pages()) {
        if (shard_of(entry.pgno) != shard) problem("page {} in shard {}", entry.pgno, shard);
        trailing_ = trailing_ || entry.pgno > head_.size_pages;
      }
    }
    check_index();
    check_stage();
  }

  void open(const std::string& name, Blob* blob) {
    if (!blob->size || blob->first.empty())
      return problem("{} lacks its size row or its blob", name);
    const bool cut = blob->first[0] == 1;
    if (blob->size->stored_bytes != blob->bytes) problem("{}: size row is wrong", name);
    if (blob->size->pieces != blob->piece_count || cut != (blob->piece_count > 0))
      problem("{}: pieces", name);
    auto opened = cut ? ltx::OpenedBlob::open(SharedBytes(blob->pieces))
                      : ltx::OpenedBlob::open(SharedBytes(blob->first), 1);
    if (!opened) return problem("{}: {}", name, opened.error().message());
    if (opened->header().page_size_bytes != kPageSizeBytes)
      return problem("{}: pages of {} bytes", name, opened->header().page_size_bytes);
    if (opened->pages().back().pgno != blob->size->last_pgno) problem("{}: last page", name);
    blob->opened = std::move(*opened);
  }

  void check_index() {
    std::set<DeltaName> referenced;
    for (const auto& [pgno, row] : index_) {
      referenced.insert(row.delta());
      const auto delta = deltas_.find(row.delta());
      if (pgno > head_.size_pages) problem("index row of page {} past the end", pgno);
      if (row.txid > head_.head_txid) problem("index row of page {} above the head", pgno);
      if (delta == deltas_.end()) {
        problem("index row of page {} points nowhere", pgno);
      } else if (delta->second.size && delta->second.size->pieces != row.pieces) {
        problem("index row of page {} counts pieces wrong", pgno);
      }
    }
    for (uint32_t pgno = 1; pgno <= head_.size_pages; ++pgno) {
      if (page(pgno).empty()) problem("page {} is nowhere", pgno);
    }
  }

  void check_stage() {
    if (head_.stage_open() != stage_.has_value()) problem("stage row and head disagree");
    if (!stage_ && !manifest_.empty()) problem("manifest rows without a stage");
    if (stage_ && stage_->stored_bytes != staged_bytes_) {
      problem("stage row says {} bytes, rows take {}", stage_->stored_bytes, staged_bytes_);
    }
    for (const auto& [chunk, row] : manifest_) {
      const auto delta = deltas_.find({head_.head_txid + 1, chunk});
      if (delta == deltas_.end()) {
        problem("chunk {} has no blob", chunk);
      } else if (delta->second.opened &&
                 delta->second.opened->file_checksum() != row.file_checksum) {
        problem("chunk {} has another checksum", chunk);
      }
    }
  }

  static std::string read(const Blob& blob, uint32_t pgno) {
    const ltx::PageEntry* entry = blob.opened ? blob.opened->find(pgno) : nullptr;
    if (entry == nullptr) return "";
    std::string page(kPageSizeBytes, '\0');
    if (!blob.opened->read_page(*entry, page.data())) return "";
    return page;
  }

  ActorId actor_;
  Head head_;
  uint64_t used_ = 0;
  uint64_t staged_bytes_ = 0;
  bool trailing_ = false;  // a shard holds a page past the end
  std::optional<StageRow> stage_;
  std::map<uint32_t, StageChunkRow> manifest_;
  std::map<uint32_t, IndexRow> index_;
  std::map<DeltaName, Blob> deltas_;
  std::map<uint32_t, Blob> shards_;
  std::vector<std::string> problems_;
};

}  // namespace squall::test_support
