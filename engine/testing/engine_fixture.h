// An engine on a fake store, and one actor's session on it, for tests.
#pragma once

#include <gtest/gtest.h>

#include <map>

#include "engine/engine.h"
#include "engine/head.h"
#include "engine/ltx_encoder.h"
#include "engine/staging.h"
#include "engine/structure.h"
#include "engine/testing/fake_database.h"
#include "engine/testing/test_runtime.h"

namespace squall::test_support {

// What a page shall hold: pages of different numbers or versions differ, and half of each
// compresses.
inline PageRef make_page(PagePool& pool, uint32_t pgno, uint64_t version) {
  return pool.build([&](char* bytes) {
    uint64_t state = version * 0x9e3779b97f4a7c15u + pgno;
    for (size_t i = 0; i < kPageSizeBytes; i += sizeof state) {
      if (i < kPageSizeBytes / 2) state = state * 6364136223846793005u + 1442695040888963407u;
      std::memcpy(bytes + i, &state, sizeof state);
    }
  });
}

inline bool is_ok(const Reply& reply) { return !std::holds_alternative<Error>(reply.body); }
inline ErrorCode code_of(const Reply& reply) { return std::get<Error>(reply.body).code; }
inline std::string message_of(const Reply& reply) {
  return is_ok(reply) ? "ok" : std::get<Error>(reply.body).message;
}

using PageMap = std::map<uint32_t, PageRef>;

// One process's life of an actor, as a VFS would lead it.
class TestSession {
 public:
  TestSession(Engine& engine, PagePool& pool, ActorId actor, Owner owner)
      : engine_(&engine), pool_(&pool), actor_(actor), owner_(owner) {}

  Reply take_over(std::vector<uint32_t> hints = {}, std::vector<PageRange> ranges = {}) {
    TakeoverRequest request{owner_, std::move(hints), std::move(ranges), 1 << 20};
    return keep(engine_->handle({actor_, 0, std::move(request)}));
  }
  Reply get_pages(std::vector<uint32_t> pgnos) {
    return engine_->handle({actor_, head.generation, GetPagesRequest{std::move(pgnos)}});
  }
  CommitRequest commit_request(const PageMap& pages, uint32_t size_pages) {
    CommitRequest request{head.head_txid, next_id(), size_pages, {}};
    for (const auto& [pgno, page] : pages) request.pages.push_back({pgno, page});
    return request;
  }
  Reply send(const CommitRequest& request) {
    return keep(engine_->handle({actor_, head.generation, request}));
  }
  Reply commit(const PageMap& pages, uint32_t size_pages) {
    return send(commit_request(pages, size_pages));
  }
  // Pages [first, last] of the given version, the size being at least last.
  Reply commit_range(uint32_t first, uint32_t last, uint64_t version) {
    PageMap pages;
    for (uint32_t pgno = first; pgno <= last; ++pgno)
      pages[pgno] = make_page(*pool_, pgno, version);
    return commit(pages, std::max(last, head.size_pages));
  }

  CommitId next_id() { return {owner_.nonce, ++sequence_}; }
  Reply stage_begin(const CommitId& id) {
    return engine_->handle({actor_, head.generation, StageBeginRequest{head.head_txid, id}});
  }
  Reply stage(const CommitId& id, uint32_t chunk, const PageMap& pages, uint32_t size_pages) {
    ltx::Encoder encoder;
    EXPECT_TRUE(encoder.begin(delta_header(head.head_txid, size_pages, 0)));
    for (const auto& [pgno, page] : pages) EXPECT_TRUE(encoder.add_page(pgno, page.view()));
    auto blob = encoder.finish();
    EXPECT_TRUE(blob);
    checksums[chunk] = encoder.file_checksum();
    return engine_->handle(
        {actor_, head.generation, StageRequest{head.head_txid, id, chunk, SharedBytes(*blob)}});
  }
  Reply finalize(const CommitId& id, uint32_t size_pages) {
    std::vector<uint64_t> ordered;
    for (const auto& [chunk, checksum] : checksums) ordered.push_back(checksum);
    FinalizeRequest request{head.head_txid, id, size_pages, static_cast<uint32_t>(ordered.size()),
                            stage_digest(ordered)};
    return keep(engine_->handle({actor_, head.generation, request}));
  }
  // The whole staged path.
  Reply commit_staged(const PageMap& pages, uint32_t size_pages, size_t pages_per_chunk) {
    const CommitId id = next_id();
    checksums.clear();
    EXPECT_TRUE(is_ok(stage_begin(id)));
    PageMap chunk;
    uint32_t number = 0;
    for (const auto& [pgno, page] : pages) {
      chunk[pgno] = page;
      if (chunk.size() < pages_per_chunk) continue;
      EXPECT_TRUE(is_ok(stage(id, number++, chunk, size_pages)));
      chunk.clear();
    }
    if (!chunk.empty()) {
      EXPECT_TRUE(is_ok(stage(id, number, chunk, size_pages)));
    }
    return finalize(id, size_pages);
  }

  ActorId actor() const { return actor_; }
  const Owner& owner() const { return owner_; }
  void move_to(Engine& engine) { engine_ = &engine; }

  HeadView head;
  std::map<uint32_t, uint64_t> checksums;  // of the chunks staged last

 private:
  Reply keep(Reply reply) {
    if (is_ok(reply)) head = reply.head;
    return reply;
  }

  Engine* engine_;
  PagePool* pool_;
  ActorId actor_;
  Owner owner_;
  uint64_t sequence_ = 0;
};

class EngineTest : public ::testing::Test {
 protected:
  Engine& engine() {
    if (!engine_) engine_ = make_engine();
    return *engine_;
  }
  std::unique_ptr<Engine> make_engine() {
    return std::make_unique<Engine>(options, database, runtime, pool);
  }
  TestSession session(ActorId actor = 1, Owner owner = {1, 11}) {
    return {engine(), pool, actor, owner};
  }
  TestSession started(ActorId actor = 1, Owner owner = {1, 11}) {
    TestSession fresh = session(actor, owner);
    EXPECT_TRUE(is_ok(fresh.take_over()));
    return fresh;
  }
  PageRef page(uint32_t pgno, uint64_t version) { return make_page(pool, pgno, version); }

  Head stored_head(ActorId actor = 1) {
    auto head = decode_head(actor, database.rows().find(head_key(actor).view())->second);
    EXPECT_TRUE(head);
    return *head;
  }
  // Sum of keys and values of the actor's rows.
  uint64_t stored_bytes(ActorId actor = 1) {
    uint64_t bytes = 0;
    for (const auto& [key, value] : database.rows()) {
      const auto parsed = parse_key(key);
      if (parsed && parsed->actor == actor) bytes += key.size() + value.size();
    }
    return bytes;
  }
  size_t count_rows(ParsedKey::Kind kind, ActorId actor = 1) {
    size_t count = 0;
    for (const auto& [key, value] : database.rows()) {
      const auto parsed = parse_key(key);
      count += parsed && parsed->actor == actor && parsed->kind == kind ? 1 : 0;
    }
    return count;
  }
  void expect_page(TestSession& reader, uint32_t pgno, const PageRef& wanted) {
    const Reply reply = reader.get_pages({pgno});
    ASSERT_TRUE(is_ok(reply)) << message_of(reply);
    const auto& pages = std::get<PagesReply>(reply.body).pages;
    ASSERT_EQ(pages.size(), 1u);
    ASSERT_EQ(static_cast<bool>(pages[0].page), static_cast<bool>(wanted)) << "page " << pgno;
    if (wanted) {
      EXPECT_EQ(pages[0].page.view(), wanted.view()) << "page " << pgno;
    }
  }
  // Passes until the actor is converged.
  int compact_all(ActorId actor = 1) {
    for (int passes = 0;; ++passes) {
      const auto outcome = engine().compact(actor);
      EXPECT_TRUE(outcome) << outcome.error().message;
      if (!outcome || *outcome == PassOutcome::kConverged) return passes;
    }
  }

  PagePool pool;
  FakeDatabase database;
  TestRuntime runtime;
  EngineOptions options;
  std::unique_ptr<Engine> engine_;
};

}  // namespace squall::test_support
