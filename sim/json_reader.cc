#include "sim/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace squall::sim {

namespace {

const Json kNothing;

// Names come from the file: keep the message one line and short.
std::string in_quotes(std::string_view name) {
  std::string safe(name.substr(0, 60));
  for (char& c : safe) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return "'" + safe + "'";
}

}  // namespace

void JsonReader::unreadable(std::string_view what) const {
  if (!ok()) return;
  *problem_ = JsonProblem{JsonProblem::Kind::kUnreadable,
                          path_.empty() ? std::string(what) : fmt::format("{}: {}", path_, what)};
}

void JsonReader::unknown_name(std::string_view kind, std::string_view name) const {
  if (!ok()) return;
  *problem_ = JsonProblem{JsonProblem::Kind::kUnknownName,
                          fmt::format("{}: this build has no {} {}", path_, kind, in_quotes(name))};
}

void JsonReader::only_members(std::initializer_list<std::string_view> allowed) const {
  if (!ok()) return;
  if (!value_->is_object()) return unreadable("must be an object");
  for (const auto& [name, member] : value_->items()) {
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      return unreadable("unknown member " + in_quotes(name));
    }
  }
}

bool JsonReader::has(std::string_view name) const {
  return ok() && value_->is_object() && value_->contains(name);
}

JsonReader JsonReader::member(std::string_view name) const {
  std::string path = path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  if (has(name)) return {*value_->find(name), std::move(path), problem_};
  unreadable(fmt::format("member '{}' is missing", name));
  return {kNothing, std::move(path), problem_};
}

std::vector<std::string> JsonReader::names() const {
  std::vector<std::string> result;
  if (!ok()) return result;
  if (!value_->is_object()) {
    unreadable("must be an object");
    return result;
  }
  for (const auto& [name, member] : value_->items()) result.push_back(name);
  return result;
}

size_t JsonReader::size(size_t least, size_t most) const {
  if (!ok()) return 0;
  if (!value_->is_array()) {
    unreadable("must be an array");
    return 0;
  }
  if (value_->size() < least || value_->size() > most) {
    unreadable(fmt::format("has {} elements", value_->size()));
    return 0;
  }
  return value_->size();
}

JsonReader JsonReader::element(size_t index) const {
  std::string path = fmt::format("{}[{}]", path_, index);
  if (!ok() || !value_->is_array() || index >= value_->size()) {
    unreadable(fmt::format("element {} is missing", index));
    return {kNothing, std::move(path), problem_};
  }
  return {(*value_)[index], std::move(path), problem_};
}

uint64_t JsonReader::unsigned_number(uint64_t most) const {
  if (!ok()) return 0;
  if (!value_->is_number_unsigned()) {
    unreadable("must be a whole number, 0 or more");
    return 0;
  }
  const auto result = value_->get<uint64_t>();
  if (result > most) {
    unreadable(fmt::format("{} is above {}", result, most));
    return 0;
  }
  return result;
}

int64_t JsonReader::number(int64_t least, int64_t most) const {
  if (!ok()) return 0;
  const bool too_large = value_->is_number_unsigned() && value_->get<uint64_t>() > INT64_MAX;
  if (!value_->is_number_integer() || too_large) {
    unreadable("must be a whole number");
    return 0;
  }
  const auto result = value_->get<int64_t>();
  if (result < least || result > most) {
    unreadable(fmt::format("{} is not within {}..{}", result, least, most));
    return 0;
  }
  return result;
}

bool JsonReader::boolean() const {
  if (!ok()) return false;
  if (value_->is_boolean()) return value_->get<bool>();
  unreadable("must be true or false");
  return false;
}

std::string JsonReader::text() const {
  if (!ok()) return {};
  if (value_->is_string()) return value_->get<std::string>();
  unreadable("must be a string");
  return {};
}

uint64_t JsonReader::hex() const {
  const std::string digits = text();
  if (!ok()) return 0;
  uint64_t result = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, result, 16);
  if (digits.size() == 16 && error == std::errc() && stop == end) return result;
  unreadable("must be 16 hexadecimal digits");
  return 0;
}

std::string hex_text(uint64_t value) { return fmt::format("{:016x}", value); }

}  // namespace squall::sim
