#include "sim/oracle/free_leaves.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>

namespace squall::sim {
namespace {

using Pages = std::map<uint32_t, std::string>;

// A trunk as the header comment spells it out.
std::string trunk(uint32_t next, const std::vector<uint32_t>& leaves) {
  std::string page;
  const auto put = [&](uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) page.push_back(static_cast<char>(value >> shift));
  };
  put(next);
  put(static_cast<uint32_t>(leaves.size()));
  for (const uint32_t leaf : leaves) put(leaf);
  page.resize(kPageSizeBytes);
  return page;
}

std::vector<uint32_t> leaves_of(uint32_t first_trunk, uint32_t size_pages, const Pages& pages) {
  DatabaseHeader header{};
  header[35] = static_cast<char>(first_trunk);
  return free_leaves(header, size_pages, [&](uint32_t pgno) {
    const auto found = pages.find(pgno);
    return found == pages.end() ? std::string_view() : std::string_view(found->second);
  });
}

TEST(FreeLeaves, AreThoseOfEachTrunkInTurn) {
  const Pages pages = {{9, trunk(5, {3, 7})}, {5, trunk(0, {2})}};
  EXPECT_EQ(leaves_of(9, 10, pages), (std::vector<uint32_t>{3, 7, 2}));
  EXPECT_TRUE(leaves_of(0, 10, pages).empty());
}

TEST(FreeLeaves, EndWhereTheListIsDamaged) {
  EXPECT_EQ(leaves_of(9, 10, {{9, trunk(5, {3})}}), std::vector<uint32_t>{3});    // no such page
  EXPECT_EQ(leaves_of(9, 10, {{9, trunk(200, {3})}}), std::vector<uint32_t>{3});  // past the end
  EXPECT_EQ(leaves_of(9, 3, {{9, trunk(0, {3})}}).size(), 0u);
  EXPECT_EQ(leaves_of(2, 4, {{2, trunk(2, {3})}}).size(), 4u);  // a circle
  std::string full = trunk(0, {});
  std::memset(&full[4], 0x7F, 4);
  EXPECT_EQ(leaves_of(2, 4, {{2, full}}).size(), (kPageSizeBytes - 8) / 4);
}

// Against SQLite itself: the pages that it counts as free are the leaves and the trunks.
TEST(FreeLeaves, AreWhatSqliteCountsAsFree) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(":memory:", &db), SQLITE_OK);
  const auto run = [&](const char* sql) {
    return sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
  };
  ASSERT_EQ(run("PRAGMA page_size=4096; CREATE TABLE t(v); INSERT INTO t VALUES "
                "(zeroblob(5000000)); CREATE TABLE u(v); DELETE FROM t"),
            SQLITE_OK);
  sqlite3_int64 size_bytes = 0;
  unsigned char* file = sqlite3_serialize(db, "main", &size_bytes, 0);
  ASSERT_NE(file, nullptr);
  const auto size_pages = static_cast<uint32_t>(size_bytes / kPageSizeBytes);
  DatabaseHeader header;
  std::memcpy(header.data(), file, header.size());
  uint32_t trunks = 0;
  const auto leaves = free_leaves(header, size_pages, [&](uint32_t pgno) {
    ++trunks;
    return std::string_view(reinterpret_cast<char*>(file) + size_t{pgno - 1} * kPageSizeBytes,
                            kPageSizeBytes);
  });
  EXPECT_EQ(trunks, 2u);
  EXPECT_EQ(leaves.size() + trunks, static_cast<uint8_t>(header[38]) * 256u +
                                        static_cast<uint8_t>(header[39]));
  sqlite3_free(file);
  sqlite3_close(db);
}

}  // namespace
}  // namespace squall::sim
