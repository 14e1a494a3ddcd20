#include "reports/run_record.h"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squall::reports {
namespace {

using Json = nlohmann::ordered_json;
using sim::RunResult;

struct Figure {
  const char* name;
  uint64_t RunResult::*member;
};
constexpr Figure kFigures[] = {
    {"committing_actors", &RunResult::committing_actors},
    {"dirty_pages", &RunResult::dirty_pages},
    {"commits_struck", &RunResult::commits_struck},
    {"staged_commits", &RunResult::staged_commits},
    {"compactions", &RunResult::compactions},
    {"shrinks", &RunResult::shrinks},
    {"page_fetches", &RunResult::page_fetches},
};

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string text_of(const Json& value) { return value.is_null() ? "" : value.get<std::string>(); }

template <typename Counts>
Json counts_json(const Counts& counts) {
  Json object = Json::object();
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

template <typename Counts>
void read_counts(const Json& object, Counts& counts) {
  for (const auto& [name, count] : object.items()) counts[name] = count.template get<uint64_t>();
}

sim::Verdict verdict_of(const std::string& text) {
  for (auto verdict : {sim::Verdict::kHeld, sim::Verdict::kViolated}) {
    if (text == sim::to_string(verdict)) return verdict;
  }
  return sim::Verdict::kError;
}

void read_record(const Json& json, RunRecord& record) {
  RunResult& result = record.result;
  result.scenario = json.at("scenario").get<std::string>();
  result.seed = json.at("seed").get<uint64_t>();
  result.verdict = verdict_of(json.at("verdict").get<std::string>());
  result.invariant = text_of(json.at("invariant"));
  result.signature = text_of(json.at("signature"));
  result.message = text_of(json.at("message"));
  record.capsule = text_of(json.at("capsule"));
  record.defects = json.at("defects").get<std::vector<std::string>>();
  const Json& knobs = json.at("knobs");
  for (const sim::KnobInfo& knob : sim::knob_table()) {
    if (auto it = knobs.find(knob.name); it != knobs.end())
      result.knobs.*knob.member = it->get<int64_t>();
  }
  result.events = json.at("events").get<uint64_t>();
  result.virtual_ms = json.at("virtual_ms").get<int64_t>();
  result.commits = json.at("commits").get<uint64_t>();
  result.statements = json.at("statements").get<uint64_t>();
  read_counts(json.at("faults"), result.faults);
  read_counts(json.at("fault_sites"), result.fault_sites);
  read_counts(json.at("invariants"), result.invariants);
  read_counts(json.at("probes"), result.probes);
  const auto hash = json.at("hash").get<std::string>();
  std::from_chars(hash.data(), hash.data() + hash.size(), result.hash, 16);
  result.cpu_ms = json.at("cpu_ms").get<double>();
  for (const Figure& figure : kFigures)
    result.*figure.member = json.at(figure.name).get<uint64_t>();
  record.cell = json.value("cell", "");
  record.build = json.at("build").get<std::string>();
  record.sqlite = json.at("sqlite").get<std::string>();
}

}  // namespace

std::string hash_text(uint64_t hash) { return fmt::format("{:016x}", hash); }

std::string to_json_line(const RunRecord& record) {
  const RunResult& result = record.result;
  Json json;
  json["scenario"] = result.scenario;
  json["seed"] = result.seed;
  json["verdict"] = sim::to_string(result.verdict);
  json["invariant"] = text_or_null(result.invariant);
  json["signature"] = text_or_null(result.signature);
  json["message"] = text_or_null(result.message);
  json["capsule"] = text_or_null(record.capsule);
  json["defects"] = record.defects;
  Json knobs = Json::object();
  for (const sim::KnobInfo& knob : sim::knob_table())
    knobs[std::string(knob.name)] = result.knobs.*knob.member;
  json["knobs"] = std::move(knobs);
  json["events"] = result.events;
  json["virtual_ms"] = result.virtual_ms;
  json["commits"] = result.commits;
  json["statements"] = result.statements;
  json["faults"] = counts_json(result.faults);
  json["fault_sites"] = counts_json(result.fault_sites);
  json["invariants"] = counts_json(result.invariants);
  json["probes"] = counts_json(result.probes);
  json["hash"] = hash_text(result.hash);
  json["cpu_ms"] = result.cpu_ms;
  for (const Figure& figure : kFigures) json[figure.name] = result.*figure.member;
  json["build"] = record.build;
  json["sqlite"] = record.sqlite;
  if (!record.cell.empty()) json["cell"] = record.cell;
  if (record.reproduced) json["reproduced"] = *record.reproduced;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

tl::expected<RunRecord, std::string> parse_run_record(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return tl::unexpected(std::string("not a JSON object"));
  RunRecord record;
  try {
    read_record(json, record);
  } catch (const Json::exception& error) {
    return tl::unexpected(std::string(error.what()));
  }
  return record;
}

}  // namespace squall::reports
