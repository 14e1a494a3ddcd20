#include "sim/commands/arguments.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace squall::commands {
namespace {

// Digits only: no sign, no blanks, no overflow.
std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

tl::unexpected<std::string> wrong(std::string_view text, std::string_view what) {
  return tl::unexpected(fmt::format("'{}' is not {}", text, what));
}

}  // namespace

Parsed<uint64_t> parse_seed(std::string_view text) {
  const auto seed = parse_number(text);
  if (!seed || *seed < 1 || *seed > kMaxSeed)
    return wrong(text, fmt::format("a seed from 1 to {}", kMaxSeed));
  return *seed;
}

Parsed<SeedRange> parse_seed_range(std::string_view text) {
  const size_t dots = text.find("..");
  const auto first = parse_seed(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : parse_seed(text.substr(dots + 2));
  if (!first || !last)
    return wrong(text, fmt::format("a seed range such as 1..1000 within 1..{}", kMaxSeed));
  if (*first > *last)
    return tl::unexpected(fmt::format("'{}' is empty: its first seed is the higher one", text));
  return SeedRange{*first, *last};
}

Parsed<Shard> parse_shard(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return wrong(text, "a shard such as 2/8");
  const auto index = parse_number(text.substr(0, slash));
  const auto count = parse_number(text.substr(slash + 1));
  if (!index || !count || *index < 1 || *index > *count) return wrong(text, "a shard such as 2/8");
  return Shard{*index, *count};
}

Parsed<double> parse_duration_s(std::string_view text) {
  constexpr std::string_view kWhat = "a duration such as 60s, 10m or 2h";
  constexpr uint64_t kMostSeconds = 1000 * 3600;
  if (text.size() < 2) return wrong(text, kWhat);
  const auto number = parse_number(text.substr(0, text.size() - 1));
  const char unit = text.back();
  const uint64_t unit_s = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
  if (!number || *number == 0 || unit_s == 0 || *number > kMostSeconds / unit_s)
    return wrong(text, kWhat);
  return static_cast<double>(*number * unit_s);
}

}  // namespace squall::commands
