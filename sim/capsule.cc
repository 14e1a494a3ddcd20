// A capsule is one JSON object in UTF-8 and a newline. A file without that newline was cut short.
// Nothing is optional, and no other members are allowed.
//
// {"format": "squall-capsule", "version": 1,
//  "build": "…", "sqlite": "3.54.1",
//  "defects": ["shrink-leaves-rows", …],
//  "expected": {"invariant": "…", "signature": "…", "hash": 16 hexadecimal digits},
//  "plan": PLAN}                            see plan_json.cc
//
// Rows are broken into lines so that two capsules can be compared with diff; the line breaks mean
// nothing.
#include "sim/capsule.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "sim/json_reader.h"
#include "sim/plan_json.h"

namespace squall::sim {

namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kMaxFileBytes = size_t{256} << 20;
constexpr size_t kLineWidth = 120;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

tl::unexpected<CapsuleError> io_error(std::string_view what, const std::string& path) {
  return tl::unexpected(CapsuleError{
      CapsuleError::Kind::kIo, fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))});
}

tl::unexpected<CapsuleError> unreadable(std::string message) {
  return tl::unexpected(CapsuleError{CapsuleError::Kind::kUnreadable, std::move(message)});
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

void print(const Json& value, size_t indent, std::string* out) {
  const std::string line = dump(value);
  if (!value.is_structured() || line.size() + indent <= kLineWidth) {
    *out += line;
    return;
  }
  *out += value.is_object() ? '{' : '[';
  bool first = true;
  for (const auto& [name, member] : value.items()) {
    *out += first ? "\n" : ",\n";
    first = false;
    out->append(indent + 1, ' ');
    if (value.is_object()) *out += dump(Json(name)) + ": ";
    print(member, indent + 1, out);
  }
  *out += '\n';
  out->append(indent, ' ');
  *out += value.is_object() ? '}' : ']';
}

Json to_json(const Capsule& capsule) {
  Json result;
  result["format"] = "squall-capsule";
  result["version"] = kVersion;
  result["build"] = capsule.build;
  result["sqlite"] = capsule.sqlite;
  result["defects"] = capsule.defects;
  result["expected"] = {{"invariant", capsule.expected.invariant},
                        {"signature", capsule.expected.signature},
                        {"hash", hex_text(capsule.expected.hash)}};
  result["plan"] = plan_to_json(capsule.plan);
  return result;
}

// Before anything else, so that a file of a later version is told from a broken one.
void check_format(const JsonReader& reader) {
  if (!reader.has("format") || reader.member("format").text() != "squall-capsule") {
    return reader.unreadable("not a capsule");
  }
  const uint64_t version = reader.member("version").unsigned_number(UINT64_MAX);
  if (reader.ok() && version != kVersion) {
    reader.member("version").unknown_name("capsule format", std::to_string(version));
  }
}

Capsule read_members(const JsonReader& reader) {
  reader.only_members({"format", "version", "build", "sqlite", "defects", "expected", "plan"});
  Capsule capsule;
  capsule.build = reader.member("build").text();
  capsule.sqlite = reader.member("sqlite").text();
  const JsonReader defects = reader.member("defects");
  const size_t defect_count = defects.size(0, 1000);
  for (size_t i = 0; i < defect_count; ++i) capsule.defects.push_back(defects.element(i).text());
  const JsonReader expected = reader.member("expected");
  expected.only_members({"invariant", "signature", "hash"});
  capsule.expected.invariant = expected.member("invariant").text();
  capsule.expected.signature = expected.member("signature").text();
  capsule.expected.hash = expected.member("hash").hex();
  capsule.plan = plan_from_json(reader.member("plan"));
  return capsule;
}

tl::expected<void, CapsuleError> write_all(const std::string& path, std::string_view text) {
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) return io_error("create", path);
  const bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                       std::fflush(file.get()) == 0 && ::fsync(::fileno(file.get())) == 0;
  if (!written) return io_error("write", path);
  if (std::fclose(file.release()) != 0) return io_error("write", path);
  return {};
}

}  // namespace

Capsule make_capsule(const Plan& plan, const RunResult& result, std::vector<std::string> defects,
                     std::string build, std::string sqlite) {
  Capsule capsule{.build = std::move(build),
                  .sqlite = std::move(sqlite),
                  .defects = std::move(defects),
                  .plan = plan,
                  .expected = {result.invariant, result.signature, result.hash}};
  capsule.plan.mode = PlanMode::kReplay;
  capsule.plan.rates_ppm.fill(0);
  capsule.plan.strikes.clear();
  capsule.plan.perturbations = result.fired;
  return capsule;
}

std::string capsule_to_text(const Capsule& capsule) {
  std::string text;
  print(to_json(capsule), 0, &text);
  text += '\n';
  return text;
}

tl::expected<Capsule, CapsuleError> capsule_from_text(std::string_view text) {
  if (text.empty()) return unreadable("the file is empty");
  if (text.back() != '\n') return unreadable("the file is cut short: its last line has no end");
  const Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return unreadable("not a capsule, or cut short: the JSON is broken");
  std::optional<JsonProblem> problem;
  const JsonReader reader(value, "", &problem);
  check_format(reader);
  Capsule capsule = read_members(reader);
  if (!problem) return capsule;
  const bool unknown = problem->kind == JsonProblem::Kind::kUnknownName;
  return tl::unexpected(
      CapsuleError{unknown ? CapsuleError::Kind::kUnknownName : CapsuleError::Kind::kUnreadable,
                   std::move(problem->message)});
}

tl::expected<void, CapsuleError> write_capsule(const std::string& path, const Capsule& capsule) {
  const std::string temporary = path + ".tmp";
  auto written = write_all(temporary, capsule_to_text(capsule));
  if (written && std::rename(temporary.c_str(), path.c_str()) != 0) {
    written = io_error("rename a file to", path);
  }
  if (!written) std::remove(temporary.c_str());
  return written;
}

tl::expected<Capsule, CapsuleError> read_capsule(const std::string& path) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) return io_error("open", path);
  std::string text;
  char buffer[1 << 16];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, got);
    if (text.size() > kMaxFileBytes) return unreadable(path + ": too large for a capsule");
  }
  if (std::ferror(file.get())) return io_error("read", path);
  auto capsule = capsule_from_text(text);
  if (!capsule) capsule.error().message = path + ": " + capsule.error().message;
  return capsule;
}

}  // namespace squall::sim
