// Plain text in columns, as every command prints it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace squall::reports {

enum class Align : uint8_t { kLeft, kRight };

// Rows of cells under each other, two spaces between columns, each row indented and ended by a
// newline; no blanks at a row's end. Columns beyond `alignments` are left-aligned; a short row is
// filled with empty cells.
std::string text_table(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<Align>& alignments = {}, std::string_view indent = "  ");

// "1,234,567"
std::string grouped(uint64_t number);
// "1 run", "2,000 runs"
std::string counted(uint64_t number, std::string_view noun);

}  // namespace squall::reports
