// The text form: [a<actor>/]<kind><subject>.<run>[/<step>/<attempt>]
//
//   a2/t7.0/commit/1   actor 2, transaction 7, run 0, its second commit request
//   a2/z7.1/fetch/0    the same transaction, repeated by a session that its client has left
//   a2/s3.0/takeover/0 the actor's third start command, its first takeover request
//   a2/c40.0           the compaction that txid 40 of actor 2 set off
//   h1.0, n2.0         host 1, node 2
//   o7.1               transaction 7 of the store's other tenant, its second attempt
//   x0.0               nobody
//
// The actor is left out when it is 0, the step and attempt when there is no step and the attempt is
// 0. There is one text for an entity, and the parser takes no other.
#include "sim/entity.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "engine/assert.h"

namespace squall::sim {

namespace {

constexpr std::array<char, 8> kKindLetters = {'x', 't', 'z', 's', 'c', 'h', 'n', 'o'};
constexpr std::array<std::string_view, 8> kKindNames = {
    "any", "transaction", "zombie", "start", "compaction", "host", "node", "tenant",
};
constexpr std::array<std::string_view, 7> kStepNames = {
    "none", "takeover", "fetch", "commit", "stage-begin", "stage", "finalize",
};

// MurmurHash3's finalizer: every input bit reaches every output bit.
uint64_t mix(uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdu;
  value ^= value >> 33;
  value *= 0xc4ceb9fe1a85ec53u;
  value ^= value >> 33;
  return value;
}

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }

  bool take(char expected) {
    if (text_.empty() || text_.front() != expected) return false;
    text_.remove_prefix(1);
    return true;
  }

  template <typename Number>
  bool take_number(Number* out) {
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), *out);
    if (error != std::errc()) return false;
    text_.remove_prefix(static_cast<size_t>(end - text_.data()));
    return true;
  }

  bool take_kind(EntityKind* out) {
    for (size_t i = 0; i < kKindLetters.size(); ++i) {
      if (!take(kKindLetters[i])) continue;
      *out = static_cast<EntityKind>(i);
      return true;
    }
    return false;
  }

  bool take_step(EntityStep* out) {
    const std::string_view name = text_.substr(0, text_.find('/'));
    for (size_t i = 0; i < kStepNames.size(); ++i) {
      if (name != kStepNames[i]) continue;
      *out = static_cast<EntityStep>(i);
      text_.remove_prefix(name.size());
      return true;
    }
    return false;
  }

 private:
  std::string_view text_;
};

bool read_entity(TextCursor cursor, Entity* out) {
  if (cursor.take('a')) {
    if (!cursor.take_number(&out->actor) || !cursor.take('/')) return false;
  }
  if (!cursor.take_kind(&out->kind) || !cursor.take_number(&out->subject)) return false;
  if (!cursor.take('.') || !cursor.take_number(&out->run)) return false;
  if (cursor.at_end()) return true;
  return cursor.take('/') && cursor.take_step(&out->step) && cursor.take('/') &&
         cursor.take_number(&out->attempt) && cursor.at_end();
}

}  // namespace

std::string_view to_string(EntityKind kind) {
  SQUALL_ASSERT(static_cast<size_t>(kind) < kKindNames.size());
  return kKindNames[static_cast<size_t>(kind)];
}

std::optional<EntityKind> parse_entity_kind(std::string_view name) {
  for (size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<EntityKind>(i);
  }
  return std::nullopt;
}

uint64_t Entity::hash() const {
  const uint64_t small = static_cast<uint64_t>(kind) | static_cast<uint64_t>(step) << 8 |
                         static_cast<uint64_t>(run) << 16 | static_cast<uint64_t>(attempt) << 32;
  return mix(mix(mix(actor + 0x9e3779b97f4a7c15u) ^ subject) ^ small);
}

std::string to_string(const Entity& entity) {
  const auto kind = static_cast<size_t>(entity.kind);
  const auto step = static_cast<size_t>(entity.step);
  SQUALL_ASSERT(kind < kKindLetters.size());
  SQUALL_ASSERT(step < kStepNames.size());
  std::string text;
  if (entity.actor != 0) text = fmt::format("a{}/", entity.actor);
  text += fmt::format("{}{}.{}", kKindLetters[kind], entity.subject, entity.run);
  if (entity.step != EntityStep::kNone || entity.attempt != 0) {
    text += fmt::format("/{}/{}", kStepNames[step], entity.attempt);
  }
  return text;
}

std::optional<Entity> parse_entity(std::string_view text) {
  Entity entity;
  if (!read_entity(TextCursor(text), &entity)) return std::nullopt;
  if (to_string(entity) != text) return std::nullopt;
  return entity;
}

}  // namespace squall::sim
