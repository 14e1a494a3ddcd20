// {"sql": [{"text": "INSERT …", "outside_transaction": true, "skip_twin": true}, …],
//  "actors": [{"actor": 1, "transactions": [TRANSACTION, …]}, …],
//  "control": [{"id": 1, "kind": "move" | "restart" | "renew", "actor": 1, "at_transaction": 4,
//               "delay_us": 100, "stop_delay_us": -1}, …]}
//
// TRANSACTION = {"id": 1, "on_error": "wait", "explicit": true, "rollback": true,
//                "close_before": true, "leave_open": true, "think_us": 5, "do": [STATEMENT, …]}
// STATEMENT   = [SQL, PARAMETER…], SQL an index into "sql"
// PARAMETER   = whole number | [KIND, size_bytes, salt]
// KIND        = "text" | "random" | "zeros" | "offset-like"
//
// Flags that are false, a policy of "abandon" and times of 0 (stop_delay_us: of -1) are left out.
// Actors and, within one actor, transactions stand by rising number.
#include "sim/workload_json.h"

#include <array>

#include "engine/assert.h"

namespace squall::sim {

namespace {

constexpr uint32_t kMaxValueBytes = 16 << 20;
constexpr int64_t kMaxDelayUs = int64_t{1} << 50;

constexpr std::array<std::string_view, 5> kParameterKinds = {"integer", "text", "random", "zeros",
                                                             "offset-like"};
constexpr std::array<std::string_view, 3> kControlKinds = {"move", "restart", "renew"};

template <typename Kind, size_t kNames>
Kind read_name(const JsonReader& reader, const std::array<std::string_view, kNames>& names,
               std::string_view what) {
  const std::string name = reader.text();
  for (size_t i = 0; i < kNames; ++i) {
    if (names[i] == name) return static_cast<Kind>(i);
  }
  reader.unknown_name(what, name);
  return Kind{};
}

Json to_json(const Parameter& parameter) {
  if (parameter.kind == Parameter::Kind::kInteger) return parameter.integer;
  return Json::array(
      {kParameterKinds[static_cast<size_t>(parameter.kind)], parameter.size_bytes, parameter.salt});
}

Parameter read_parameter(const JsonReader& reader) {
  Parameter parameter;
  if (reader.is_number()) {
    parameter.integer = reader.number(INT64_MIN, INT64_MAX);
    return parameter;
  }
  reader.size(3, 3);
  parameter.kind =
      read_name<Parameter::Kind>(reader.element(0), kParameterKinds, "kind of parameter");
  if (parameter.kind == Parameter::Kind::kInteger) reader.unreadable("must be a plain number");
  parameter.size_bytes = static_cast<uint32_t>(reader.element(1).unsigned_number(kMaxValueBytes));
  parameter.salt = reader.element(2).unsigned_number(UINT64_MAX);
  return parameter;
}

Json to_json(const Statement& statement) {
  Json row = Json::array({statement.sql});
  for (const Parameter& parameter : statement.parameters) row.push_back(to_json(parameter));
  return row;
}

Statement read_statement(const JsonReader& reader, size_t sql_count) {
  Statement statement;
  const size_t size = reader.size(1, 1000);
  statement.sql = static_cast<uint16_t>(reader.element(0).unsigned_number(UINT16_MAX));
  if (reader.ok() && statement.sql >= sql_count) reader.unreadable("names SQL that isn't there");
  for (size_t i = 1; i < size; ++i)
    statement.parameters.push_back(read_parameter(reader.element(i)));
  return statement;
}

Json to_json(const Transaction& transaction) {
  Json row;
  row["id"] = transaction.id;
  if (transaction.on_error == OnError::kWaitUntilServed) row["on_error"] = "wait";
  if (transaction.explicit_transaction) row["explicit"] = true;
  if (transaction.rollback) row["rollback"] = true;
  if (transaction.close_before) row["close_before"] = true;
  if (transaction.leave_open) row["leave_open"] = true;
  if (transaction.think_us != 0) row["think_us"] = transaction.think_us;
  Json statements = Json::array();
  for (const Statement& statement : transaction.statements)
    statements.push_back(to_json(statement));
  row["do"] = std::move(statements);
  return row;
}

bool read_flag(const JsonReader& reader, std::string_view name) {
  return reader.has(name) && reader.member(name).boolean();
}

int64_t read_delay(const JsonReader& reader, std::string_view name, int64_t otherwise) {
  return reader.has(name) ? reader.member(name).number(otherwise, kMaxDelayUs) : otherwise;
}

OnError read_policy(const JsonReader& reader) {
  if (!reader.has("on_error")) return OnError::kAbandon;
  const std::string name = reader.member("on_error").text();
  if (name == "wait") return OnError::kWaitUntilServed;
  reader.member("on_error").unknown_name("policy", name);
  return OnError::kAbandon;
}

Transaction read_transaction(const JsonReader& reader, size_t sql_count) {
  reader.only_members(
      {"id", "on_error", "explicit", "rollback", "close_before", "leave_open", "think_us", "do"});
  Transaction transaction;
  transaction.id = static_cast<uint32_t>(reader.member("id").number(1, UINT32_MAX));
  transaction.on_error = read_policy(reader);
  transaction.explicit_transaction = read_flag(reader, "explicit");
  transaction.rollback = read_flag(reader, "rollback");
  transaction.close_before = read_flag(reader, "close_before");
  transaction.leave_open = read_flag(reader, "leave_open");
  transaction.think_us = read_delay(reader, "think_us", 0);
  const JsonReader statements = reader.member("do");
  const size_t count = statements.size();
  transaction.statements.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    transaction.statements.push_back(read_statement(statements.element(i), sql_count));
  }
  return transaction;
}

ActorScript read_actor(const JsonReader& reader, size_t sql_count) {
  reader.only_members({"actor", "transactions"});
  ActorScript script;
  script.actor = reader.member("actor").unsigned_number(UINT64_MAX);
  if (reader.ok() && script.actor == 0) reader.unreadable("an actor's number is 1 or more");
  const JsonReader transactions = reader.member("transactions");
  const size_t count = transactions.size();
  for (size_t i = 0; i < count; ++i) {
    script.transactions.push_back(read_transaction(transactions.element(i), sql_count));
    if (i > 0 && script.transactions[i].id <= script.transactions[i - 1].id) {
      transactions.element(i).unreadable("transactions must stand by rising id");
    }
  }
  return script;
}

Json to_json(const ControlAction& action) {
  Json row;
  row["id"] = action.id;
  row["kind"] = kControlKinds[static_cast<size_t>(action.kind)];
  row["actor"] = action.actor;
  row["at_transaction"] = action.at_transaction;
  if (action.delay_us != 0) row["delay_us"] = action.delay_us;
  if (action.stop_delay_us != -1) row["stop_delay_us"] = action.stop_delay_us;
  return row;
}

bool has_actor(const Workload& workload, ActorId actor) {
  for (const ActorScript& script : workload.actors) {
    if (script.actor == actor) return true;
  }
  return false;
}

ControlAction read_control(const JsonReader& reader, const Workload& workload) {
  reader.only_members({"id", "kind", "actor", "at_transaction", "delay_us", "stop_delay_us"});
  ControlAction action;
  action.id = static_cast<uint32_t>(reader.member("id").unsigned_number(UINT32_MAX));
  action.kind =
      read_name<ControlAction::Kind>(reader.member("kind"), kControlKinds, "control action");
  action.actor = reader.member("actor").unsigned_number(UINT64_MAX);
  if (reader.ok() && !has_actor(workload, action.actor)) {
    reader.unreadable("names an actor that isn't there");
  }
  action.at_transaction =
      static_cast<uint32_t>(reader.member("at_transaction").unsigned_number(UINT32_MAX));
  action.delay_us = read_delay(reader, "delay_us", 0);
  action.stop_delay_us = read_delay(reader, "stop_delay_us", -1);
  return action;
}

Json sql_to_json(const SqlText& sql) {
  Json row;
  row["text"] = sql.text;
  if (sql.outside_transaction) row["outside_transaction"] = true;
  if (sql.skip_twin) row["skip_twin"] = true;
  return row;
}

void read_sql(const JsonReader& reader, Workload* workload) {
  const size_t count = reader.size(0, UINT16_MAX);
  for (size_t i = 0; i < count; ++i) {
    const JsonReader row = reader.element(i);
    row.only_members({"text", "outside_transaction", "skip_twin"});
    workload->sql.push_back({row.member("text").text(), read_flag(row, "outside_transaction"),
                             read_flag(row, "skip_twin")});
  }
}

void read_actors(const JsonReader& reader, Workload* workload) {
  const size_t count = reader.size();
  for (size_t i = 0; i < count; ++i) {
    workload->actors.push_back(read_actor(reader.element(i), workload->sql.size()));
    if (i > 0 && workload->actors[i].actor <= workload->actors[i - 1].actor) {
      reader.element(i).unreadable("actors must stand by rising number");
    }
  }
}

}  // namespace

Json workload_to_json(const Workload& workload) {
  Json sql = Json::array();
  for (const SqlText& text : workload.sql) sql.push_back(sql_to_json(text));
  Json actors = Json::array();
  for (const ActorScript& script : workload.actors) {
    Json transactions = Json::array();
    for (const Transaction& transaction : script.transactions) {
      transactions.push_back(to_json(transaction));
    }
    actors.push_back({{"actor", script.actor}, {"transactions", std::move(transactions)}});
  }
  Json control = Json::array();
  for (const ControlAction& action : workload.control) control.push_back(to_json(action));
  return {{"sql", std::move(sql)}, {"actors", std::move(actors)}, {"control", std::move(control)}};
}

Workload workload_from_json(const JsonReader& reader) {
  reader.only_members({"sql", "actors", "control"});
  Workload workload;
  read_sql(reader.member("sql"), &workload);
  read_actors(reader.member("actors"), &workload);
  const JsonReader control = reader.member("control");
  const size_t count = control.size();
  for (size_t i = 0; i < count; ++i) {
    workload.control.push_back(read_control(control.element(i), workload));
  }
  return workload;
}

}  // namespace squall::sim
