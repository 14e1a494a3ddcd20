#include "sim/faults.h"

#include <gtest/gtest.h>

#include <set>

namespace squall::sim {
namespace {

TEST(FaultsTest, TableHasOneRowForEachFaultInItsOrder) {
  ASSERT_EQ(fault_table().size(), kFaultCount);
  for (size_t i = 0; i < kFaultCount; ++i) {
    EXPECT_EQ(static_cast<size_t>(fault_table()[i].fault), i);
    EXPECT_FALSE(fault_table()[i].description.empty());
    EXPECT_LT(fault_table()[i].family, FaultFamily::kCount);
  }
}

TEST(FaultsTest, EachNameLeadsBackToItsFault) {
  for (const FaultInfo& row : fault_table()) EXPECT_EQ(parse_fault(row.name), row.fault);
  EXPECT_EQ(parse_fault("crash-nod"), std::nullopt);
  EXPECT_EQ(parse_fault(""), std::nullopt);
}

TEST(FaultsTest, EachSiteHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (SiteId site = 0; site < kWorldSiteCount; ++site) {
    EXPECT_FALSE(site_name(site).empty());
    EXPECT_EQ(parse_site(site_name(site)), site);
    names.insert(site_name(site));
  }
  EXPECT_EQ(names.size(), kWorldSiteCount);
  EXPECT_EQ(parse_site("nowhere"), std::nullopt);
}

TEST(FaultsTest, EachFaultHasASiteAndEachSiteAFault) {
  for (const FaultInfo& row : fault_table()) {
    size_t sites = 0;
    for (SiteId site = 0; site < kWorldSiteCount; ++site) sites += applies(row.fault, site);
    EXPECT_GT(sites, 0u) << row.name;
  }
  for (SiteId site = 0; site < kWorldSiteCount; ++site) {
    size_t faults = 0;
    for (const FaultInfo& row : fault_table()) faults += applies(row.fault, site);
    EXPECT_GT(faults, 0u) << site_name(site);
  }
}

TEST(FaultsTest, NodesCrashInTheEngineAndHostsInTheVfs) {
  EXPECT_TRUE(applies(Fault::kCrashNode, site_id(Site::kCompactAfterFold)));
  EXPECT_TRUE(applies(Fault::kCrashNode, site_id(WorldSite::kSendReply)));
  EXPECT_FALSE(applies(Fault::kCrashNode, site_id(Site::kVfsBeforeFetch)));
  EXPECT_TRUE(applies(Fault::kCrashHost, site_id(Site::kVfsBeforeCommitRequest)));
  EXPECT_FALSE(applies(Fault::kCrashHost, site_id(Site::kCommitAfterEncode)));
}

TEST(FaultsTest, TooOldStrikesReadsOnlyAndAmbiguityCommitsOnly) {
  EXPECT_TRUE(applies(Fault::kStoreTooOld, site_id(WorldSite::kStoreRead)));
  EXPECT_FALSE(applies(Fault::kStoreTooOld, site_id(WorldSite::kStoreCommit)));
  EXPECT_TRUE(applies(Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreCommit)));
  EXPECT_FALSE(applies(Fault::kStoreUnknownLanded, site_id(WorldSite::kStoreRead)));
}

TEST(FaultsTest, SitesAreDescribedByGroupsWhereTheyAreWhole) {
  EXPECT_EQ(describe(info(Fault::kCrashNode).sites), "engine, send-reply, store-commit");
  EXPECT_EQ(describe(info(Fault::kPause).sites), "engine, vfs, store-commit");
  EXPECT_EQ(describe(info(Fault::kCrashWorker).sites), "compaction");
  EXPECT_EQ(describe(info(Fault::kLostStop).sites), "stop-command");
}

// What the engine and the VFS call a step, and what a fault may strike.
TEST(FaultsTest, EveryStepOfTheEngineCanPauseAndFail) {
  for (SiteId site = 0; site < kSiteCount; ++site) {
    EXPECT_NE(kEngineSites.contains(site), kVfsSites.contains(site)) << site_name(site);
    EXPECT_TRUE(applies(Fault::kPause, site)) << site_name(site);
    EXPECT_EQ(applies(Fault::kFailStep, site), kEngineSites.contains(site)) << site_name(site);
  }
}

}  // namespace
}  // namespace squall::sim
