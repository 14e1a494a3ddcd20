// {"scenario": "swarm", "seed": 7, "mode": "generate" | "replay",
//  "knobs": {NAME: number, …},              each knob of knobs.cc; absent: of before it was added
//  "decision_key": HEX, "jitter_key": HEX,  16 hexadecimal digits
//  "faults_end_us": 0,
//  "rates_ppm": {FAULT: number, …},         those that are not 0
//  "strikes": [{"fault": FAULT, "site": SITE, "kind": "any" or an entity's, "actor": 0,
//               "transaction": 0, "nth": 1, "parameter": 0}, …],
//  "faults": [[FAULT, SITE, ENTITY, occurrence, parameter], …],
//  "workload": WORKLOAD}                    see workload_json.cc
//
// FAULT and SITE are names of fault_table.cc and faults.cc, ENTITY is the text form of entity.cc.
#include "sim/plan_json.h"

#include "sim/workload_json.h"

namespace squall::sim {

namespace {

constexpr uint64_t kMaxSeed = (uint64_t{1} << 53) - 1;
constexpr uint32_t kMillion = 1'000'000;

Json knobs_to_json(const Knobs& knobs) {
  Json result = Json::object();
  for (const KnobInfo& row : knob_table()) result[std::string(row.name)] = knobs.*row.member;
  return result;
}

const KnobInfo* find_knob(std::string_view name) {
  for (const KnobInfo& row : knob_table()) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

Knobs read_knobs(const JsonReader& reader) {
  Knobs knobs;
  for (const std::string& name : reader.names()) {
    const KnobInfo* row = find_knob(name);
    if (row == nullptr) {
      reader.unknown_name("knob", name);
    } else {
      knobs.*row->member = reader.member(name).number(row->least, row->most);
    }
  }
  return knobs;
}

Fault read_fault(const JsonReader& reader) {
  const std::string name = reader.text();
  const std::optional<Fault> fault = parse_fault(name);
  if (!fault) reader.unknown_name("fault", name);
  return fault.value_or(Fault{});
}

SiteId read_site(const JsonReader& reader, Fault fault) {
  const std::string name = reader.text();
  const std::optional<SiteId> site = parse_site(name);
  if (!site) {
    reader.unknown_name("site", name);
  } else if (!applies(fault, *site)) {
    reader.unknown_name("fault '" + std::string(info(fault).name) + "' at the site", name);
  }
  return site.value_or(0);
}

Entity read_entity(const JsonReader& reader) {
  const std::optional<Entity> entity = parse_entity(reader.text());
  if (!entity) reader.unreadable("is not an entity such as a2/t7.0/commit/1");
  return entity.value_or(Entity{});
}

Json to_json(const Perturbation& row) {
  return Json::array({info(row.fault).name, site_name(row.site), to_string(row.entity),
                      row.occurrence, row.parameter});
}

Perturbation read_perturbation(const JsonReader& reader) {
  reader.size(5, 5);
  Perturbation row;
  row.fault = read_fault(reader.element(0));
  row.site = read_site(reader.element(1), row.fault);
  row.entity = read_entity(reader.element(2));
  row.occurrence = static_cast<uint32_t>(reader.element(3).unsigned_number(UINT32_MAX));
  row.parameter = reader.element(4).number(INT64_MIN, INT64_MAX);
  return row;
}

Json to_json(const Strike& strike) {
  Json row;
  row["fault"] = info(strike.fault).name;
  row["site"] = site_name(strike.site);
  row["kind"] = to_string(strike.kind);
  row["actor"] = strike.actor;
  row["transaction"] = strike.transaction;
  row["nth"] = strike.nth;
  row["parameter"] = strike.parameter;
  return row;
}

EntityKind read_kind(const JsonReader& reader) {
  const std::string name = reader.text();
  const std::optional<EntityKind> kind = parse_entity_kind(name);
  if (!kind) reader.unknown_name("kind of entity", name);
  return kind.value_or(EntityKind::kNone);
}

Strike read_strike(const JsonReader& reader) {
  reader.only_members({"fault", "site", "kind", "actor", "transaction", "nth", "parameter"});
  Strike strike;
  strike.fault = read_fault(reader.member("fault"));
  strike.site = read_site(reader.member("site"), strike.fault);
  strike.kind = read_kind(reader.member("kind"));
  strike.actor = reader.member("actor").unsigned_number(UINT64_MAX);
  strike.transaction =
      static_cast<uint32_t>(reader.member("transaction").unsigned_number(UINT32_MAX));
  strike.nth = static_cast<uint32_t>(reader.member("nth").number(1, UINT32_MAX));
  strike.parameter = reader.member("parameter").number(INT64_MIN, INT64_MAX);
  return strike;
}

Json rates_to_json(const Plan& plan) {
  Json result = Json::object();
  for (const FaultInfo& row : fault_table()) {
    const uint32_t rate = plan.rates_ppm[static_cast<size_t>(row.fault)];
    if (rate != 0) result[std::string(row.name)] = rate;
  }
  return result;
}

void read_rates(const JsonReader& reader, Plan* plan) {
  for (const std::string& name : reader.names()) {
    const std::optional<Fault> fault = parse_fault(name);
    if (!fault) return reader.unknown_name("fault", name);
    plan->rates_ppm[static_cast<size_t>(*fault)] =
        static_cast<uint32_t>(reader.member(name).unsigned_number(kMillion));
  }
}

PlanMode read_mode(const JsonReader& reader) {
  const std::string name = reader.text();
  if (name == "replay") return PlanMode::kReplay;
  if (name != "generate") reader.unknown_name("mode", name);
  return PlanMode::kGenerate;
}

}  // namespace

Json plan_to_json(const Plan& plan) {
  Json result;
  result["scenario"] = plan.scenario;
  result["seed"] = plan.seed;
  result["mode"] = plan.mode == PlanMode::kReplay ? "replay" : "generate";
  result["knobs"] = knobs_to_json(plan.knobs);
  result["decision_key"] = hex_text(plan.decision_key);
  result["jitter_key"] = hex_text(plan.jitter_key);
  result["faults_end_us"] = plan.faults_end_us;
  result["rates_ppm"] = rates_to_json(plan);
  result["strikes"] = Json::array();
  for (const Strike& strike : plan.strikes) result["strikes"].push_back(to_json(strike));
  result["faults"] = Json::array();
  for (const Perturbation& row : plan.perturbations) result["faults"].push_back(to_json(row));
  result["workload"] = workload_to_json(plan.workload);
  return result;
}

Plan plan_from_json(const JsonReader& reader) {
  reader.only_members({"scenario", "seed", "mode", "knobs", "decision_key", "jitter_key",
                       "faults_end_us", "rates_ppm", "strikes", "faults", "workload"});
  Plan plan;
  plan.scenario = reader.member("scenario").text();
  plan.seed = reader.member("seed").unsigned_number(kMaxSeed);
  plan.mode = read_mode(reader.member("mode"));
  plan.knobs = read_knobs(reader.member("knobs"));
  plan.decision_key = reader.member("decision_key").hex();
  plan.jitter_key = reader.member("jitter_key").hex();
  plan.faults_end_us = reader.member("faults_end_us").number(0, INT64_MAX);
  read_rates(reader.member("rates_ppm"), &plan);
  const JsonReader strikes = reader.member("strikes");
  const size_t strike_count = strikes.size();
  for (size_t i = 0; i < strike_count; ++i) plan.strikes.push_back(read_strike(strikes.element(i)));
  const JsonReader faults = reader.member("faults");
  const size_t fault_count = faults.size();
  for (size_t i = 0; i < fault_count; ++i) {
    plan.perturbations.push_back(read_perturbation(faults.element(i)));
  }
  plan.workload = workload_from_json(reader.member("workload"));
  return plan;
}

}  // namespace squall::sim
