// File names of LTX files: "0000000000000001-00000000000000ff.ltx", first and last transaction in
// lowercase hex.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace squall::ltx {

struct TxidRange {
  uint64_t min_txid = 0;
  uint64_t max_txid = 0;
  friend bool operator==(const TxidRange&, const TxidRange&) = default;
};

std::string format_file_name(TxidRange range);
// Nothing unless the name has exactly that form; the order of the two is not checked.
std::optional<TxidRange> parse_file_name(std::string_view name);

}  // namespace squall::ltx
