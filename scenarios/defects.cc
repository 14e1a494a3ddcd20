#include "scenarios/defects.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/defect_rows.h"
#include "scenarios/scenario.h"

namespace squall::scenarios {

namespace {

std::vector<DefectInfo> make_defects() {
  std::vector<DefectInfo> table;
  for (const auto& rows : {engine_defects(), vfs_defects(), store_defects()}) {
    table.insert(table.end(), rows.begin(), rows.end());
  }
  std::sort(table.begin(), table.end(),
            [](const DefectInfo& a, const DefectInfo& b) { return a.number < b.number; });
  return table;
}

}  // namespace

std::span<const DefectInfo> defect_table() {
  static const std::vector<DefectInfo> table = make_defects();
  return table;
}

std::span<const InexpressibleDefect> inexpressible_defects() {
  static constexpr InexpressibleDefect kDefects[] = {
      {26, "stale-writer-passes-after-restore",
       "nothing restores an actor: its head only moves forward, so that no two histories share "
       "one"},
  };
  return kDefects;
}

std::string witness_name(const DefectInfo& defect) {
  return fmt::format("witness-{}", defect.name);
}

const DefectInfo* find_defect(std::string_view name_or_number) {
  for (const DefectInfo& row : defect_table()) {
    if (row.name == name_or_number || fmt::format("{}", row.number) == name_or_number) return &row;
  }
  return nullptr;
}

std::string missing_from_build(const sim::Capsule& capsule) {
  if (find_scenario(capsule.plan.scenario) == nullptr) {
    return fmt::format("this build has no scenario '{}'", capsule.plan.scenario);
  }
  for (const std::string& defect : capsule.defects) {
    if (find_defect(defect) == nullptr) return fmt::format("this build has no defect '{}'", defect);
  }
  return {};
}

}  // namespace squall::scenarios
