#include "vfs/page_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace squall {
namespace {

class PageCacheTest : public ::testing::Test {
 protected:
  PageRef page(char fill) { return pool.copy(std::string(kPageSizeBytes, fill).data()); }
  char fill_of(PageCache& cache, uint32_t pgno) {
    const PageRef* found = cache.find(pgno);
    return found == nullptr ? '-' : found->data()[0];
  }
  PagePool pool;
};

TEST_F(PageCacheTest, TheLeastRecentlyUsedPageGoesFirst) {
  PageCache cache(3);
  for (uint32_t pgno = 1; pgno <= 3; ++pgno) cache.put(pgno, page(static_cast<char>('0' + pgno)));
  EXPECT_EQ(fill_of(cache, 1), '1');
  cache.put(9, page('9'));
  EXPECT_EQ(fill_of(cache, 2), '-');
  EXPECT_EQ(fill_of(cache, 1), '1');
  EXPECT_EQ(fill_of(cache, 3), '3');
  EXPECT_EQ(fill_of(cache, 9), '9');
  EXPECT_EQ(cache.size(), 3u);
}

TEST_F(PageCacheTest, AnOverwrittenPageTakesNoSecondPlace) {
  PageCache cache(2);
  cache.put(1, page('a'));
  cache.put(2, page('b'));
  cache.put(1, page('c'));
  EXPECT_EQ(cache.size(), 2u);
  cache.put(3, page('d'));
  EXPECT_EQ(fill_of(cache, 1), 'c');
  EXPECT_EQ(fill_of(cache, 2), '-');
}

TEST_F(PageCacheTest, NoPagePastTheEndSurvivesAShrink) {
  PageCache cache(10);
  for (uint32_t pgno = 1; pgno <= 8; ++pgno) cache.put(pgno, page('x'));
  cache.drop_past(4);
  EXPECT_EQ(cache.size(), 4u);
  for (uint32_t pgno = 1; pgno <= 8; ++pgno) EXPECT_EQ(cache.contains(pgno), pgno <= 4) << pgno;
  cache.put(6, page('y'));
  EXPECT_EQ(fill_of(cache, 6), 'y');
  EXPECT_FALSE(cache.contains(5));
}

TEST_F(PageCacheTest, HoldsNoMorePagesThanItsCapacity) {
  PageCache cache(16);
  for (uint32_t pgno = 1; pgno <= 1000; ++pgno) cache.put(pgno * 7 % 1009 + 1, page('x'));
  EXPECT_EQ(cache.size(), 16u);
  EXPECT_EQ(pool.live_pages(), 16u);
  PageCache none(0);
  none.put(1, page('x'));
  EXPECT_FALSE(none.contains(1));
}

}  // namespace
}  // namespace squall
