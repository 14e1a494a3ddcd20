// Who a decision is about: a causal path, never a fiber, connection, incarnation or global counter.
// When one perturbation disappears, the entities of all others still mean the same.
//
// As text, in capsules and traces: "a2/t7.0/commit/1" = actor 2, transaction 7 of its script, run 0
// of it, the second (0, 1, …) commit request in it. See entity.cc for all forms.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace squall::sim {

enum class EntityKind : uint8_t {
  kNone,
  kTransaction,  // subject: id in the actor's script; run: how often it was begun before
  kZombie,       // the same, repeated by a session that its client has left
  kStart,        // subject: the actor's n-th start command
  kCompaction,   // subject: the txid that set it off; run: how often that txid set one off before
  kHost,         // actor: 0, subject: host number
  kNode,         // actor: 0, subject: node number
  kTenant,       // actor: 0, subject: number of the other tenant's transaction; run: its attempt
};

enum class EntityStep : uint8_t {
  kNone,
  kTakeover,
  kFetch,
  kCommit,
  kStageBegin,
  kStage,
  kFinalize,
};

// "transaction", "zombie" …; "any" for kNone.
std::string_view to_string(EntityKind kind);
std::optional<EntityKind> parse_entity_kind(std::string_view name);

struct Entity {
  uint64_t actor = 0;
  uint64_t subject = 0;
  EntityKind kind = EntityKind::kNone;
  EntityStep step = EntityStep::kNone;
  uint16_t run = 0;
  uint32_t attempt = 0;  // requests of this step before this one

  friend bool operator==(const Entity&, const Entity&) = default;
  uint64_t hash() const;
};

std::string to_string(const Entity& entity);
std::optional<Entity> parse_entity(std::string_view text);

}  // namespace squall::sim

// So that an entity can be an argument of a text that is made only if somebody reads it.
template <>
struct fmt::formatter<squall::sim::Entity> : fmt::formatter<std::string> {
  auto format(const squall::sim::Entity& entity, fmt::format_context& context) const {
    return fmt::formatter<std::string>::format(to_string(entity), context);
  }
};
