// Strict reading of JSON: every value is checked for its type and range, every member for its name.
// The first thing wrong is kept, as one line that says where and what; from then on reads give
// zeros and empty values, so that a caller checks once, at the end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace squall::sim {

// Members stay in the order in which they were written.
using Json = nlohmann::ordered_json;

struct JsonProblem {
  enum class Kind : uint8_t {
    kUnreadable,   // not what this format allows
    kUnknownName,  // well formed, but it names something that this build doesn't have
  };
  Kind kind = Kind::kUnreadable;
  std::string message;
};

// One value, and where it stands ("workload.actors[0].id"). Borrows the JSON and the place for the
// problem.
class JsonReader {
 public:
  JsonReader(const Json& value, std::string path, std::optional<JsonProblem>* problem)
      : value_(&value), path_(std::move(path)), problem_(problem) {}

  bool ok() const { return !problem_->has_value(); }
  void unreadable(std::string_view what) const;
  void unknown_name(std::string_view kind, std::string_view name) const;

  bool is_number() const { return value_->is_number(); }

  // The value is an object with no other members than these.
  void only_members(std::initializer_list<std::string_view> names) const;
  bool has(std::string_view name) const;
  JsonReader member(std::string_view name) const;
  // The names of an object's members.
  std::vector<std::string> names() const;

  // The number of elements of an array; between the bounds.
  size_t size(size_t least = 0, size_t most = SIZE_MAX) const;
  JsonReader element(size_t index) const;

  uint64_t unsigned_number(uint64_t most) const;
  int64_t number(int64_t least, int64_t most) const;
  bool boolean() const;
  std::string text() const;
  // 64 bits as hexadecimal text, since readers in other languages round large numbers.
  uint64_t hex() const;

 private:
  const Json* value_;
  std::string path_;
  std::optional<JsonProblem>* problem_;
};

std::string hex_text(uint64_t value);

}  // namespace squall::sim
