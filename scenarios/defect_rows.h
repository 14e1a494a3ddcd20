// The rows of the defect table, a file for each part of the system that they are planted in.
#pragma once

#include <vector>

#include "scenarios/defects.h"

namespace squall::scenarios {

std::vector<DefectInfo> engine_defects();
std::vector<DefectInfo> vfs_defects();
std::vector<DefectInfo> store_defects();

}  // namespace squall::scenarios
