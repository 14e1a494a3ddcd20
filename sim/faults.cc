#include "sim/faults.h"

#include "engine/assert.h"

namespace squall::sim {

namespace {

constexpr std::array<std::string_view, static_cast<size_t>(FaultFamily::kCount)> kFamilies = {
    "network", "processes", "pauses", "steps", "store", "storage", "control", "resources", "clocks",
};

constexpr std::array<std::string_view, kWorldSiteCount - kSiteCount> kWorldSites = {
    "send-request",  "send-reply",      "store-read",     "store-blob-read",
    "store-commit",  "start-command",   "stop-command",   "transaction-begin",
    "machine-start", "statement-begin", "store-row-read",
};

}  // namespace

std::string_view site_name(SiteId site) {
  SQUALL_ASSERT(site < kWorldSiteCount);
  return site < kSiteCount ? squall::to_string(static_cast<Site>(site))
                           : kWorldSites[site - kSiteCount];
}

std::optional<SiteId> parse_site(std::string_view name) {
  for (SiteId site = 0; site < kWorldSiteCount; ++site) {
    if (site_name(site) == name) return site;
  }
  return std::nullopt;
}

std::optional<Fault> parse_fault(std::string_view name) {
  for (const FaultInfo& row : fault_table()) {
    if (row.name == name) return row.fault;
  }
  return std::nullopt;
}

std::string_view to_string(FaultFamily family) {
  SQUALL_ASSERT(family < FaultFamily::kCount);
  return kFamilies[static_cast<size_t>(family)];
}

std::string describe(SiteSet sites) {
  std::string text;
  const auto add = [&text](std::string_view name) {
    text.append(text.empty() ? "" : ", ").append(name);
  };
  const bool engine = sites.contains(kEngineSites);
  const bool compaction = sites.contains(kCompactionSites);
  const bool vfs = sites.contains(kVfsSites);
  if (engine) add("engine");
  if (compaction && !engine) add("compaction");
  if (vfs) add("vfs");
  for (SiteId site = 0; site < kWorldSiteCount; ++site) {
    const bool named = (engine && kEngineSites.contains(site)) ||
                       (vfs && kVfsSites.contains(site)) ||
                       (compaction && kCompactionSites.contains(site));
    if (sites.contains(site) && !named) add(site_name(site));
  }
  return text;
}

}  // namespace squall::sim
