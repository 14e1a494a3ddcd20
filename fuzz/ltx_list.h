// Several files in one fuzz input: u16 length, bytes, and so on; what runs past the end is cut.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace squall::fuzz {

std::vector<std::string> split_list(std::string_view input);
std::string join_list(const std::vector<std::string>& files);

}  // namespace squall::fuzz
