#include "fuzz/targets.h"

#include "fuzz/dice.h"

namespace squall::fuzz {
namespace {

constexpr Target kTargets[] = {
    {"decode", run_decode, mutate_ltx_file},
    {"random-access", run_random_access, mutate_random_access},
    {"compact", run_compact, mutate_ltx_files},
    {"encode", run_encode, mutate_bytes},
    {"wire-message", run_wire_message, mutate_wire_message},
    {"head-record", run_head_record, mutate_head_record},
};

}  // namespace

std::span<const Target> targets() { return kTargets; }

const Target* find_target(std::string_view name) {
  for (const Target& target : kTargets) {
    if (target.name == name) return &target;
  }
  return nullptr;
}

void mutate_bytes(std::string* input, uint64_t seed) {
  Dice dice(seed);
  for (uint64_t changes = dice.below(4) + 1; changes > 0; --changes) {
    const size_t at = dice.below(input->size() + 1);
    switch (dice.below(6)) {
      case 0: input->insert(at, dice.below(16) + 1, static_cast<char>(dice.next())); break;
      case 1: input->erase(at, dice.below(16) + 1); break;
      case 2:
        if (at < input->size()) (*input)[at] ^= static_cast<char>(1 << dice.below(8));
        break;
      case 3:
        if (at < input->size()) (*input)[at] = static_cast<char>(dice.next());
        break;
      case 4:
        if (at < input->size())
          (*input)[at] = static_cast<char>(dice.pick({0, 1, 2, 0x7f, 0x80, 0xff}));
        break;
      default:
        input->insert(at, input->substr(dice.below(input->size() + 1), dice.below(32)));
        break;
    }
  }
}

}  // namespace squall::fuzz
