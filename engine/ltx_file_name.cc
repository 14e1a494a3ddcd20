#include "engine/ltx_file_name.h"

#include <fmt/format.h>

namespace squall::ltx {
namespace {

constexpr size_t kDigits = 16;
constexpr std::string_view kSuffix = ".ltx";

std::optional<uint64_t> parse_hex(std::string_view digits) {
  uint64_t value = 0;
  for (const char digit : digits) {
    value <<= 4;
    if (digit >= '0' && digit <= '9') {
      value |= static_cast<uint64_t>(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      value |= static_cast<uint64_t>(digit - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

}  // namespace

std::string format_file_name(TxidRange range) {
  return fmt::format("{:016x}-{:016x}{}", range.min_txid, range.max_txid, kSuffix);
}

std::optional<TxidRange> parse_file_name(std::string_view name) {
  if (name.size() != 2 * kDigits + 1 + kSuffix.size()) return std::nullopt;
  if (name[kDigits] != '-' || name.substr(2 * kDigits + 1) != kSuffix) return std::nullopt;
  const auto min_txid = parse_hex(name.substr(0, kDigits));
  const auto max_txid = parse_hex(name.substr(kDigits + 1, kDigits));
  if (!min_txid || !max_txid) return std::nullopt;
  return TxidRange{*min_txid, *max_txid};
}

}  // namespace squall::ltx
