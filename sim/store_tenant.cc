#include "sim/store_tenant.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/tenant_client.h"
#include "sim/tenant_watch.h"

namespace squall::sim {
namespace {

constexpr uint64_t kMembers = 3;
constexpr uint64_t kWatchers = 2;
constexpr uint64_t kFirstWatch = 1'000'000;  // the members' own transactions lie below
constexpr uint64_t kKeys = 10;
constexpr uint64_t kUnwritten = 14;  // from here on no range clear comes by, nor the members' marks
constexpr uint16_t kMaxAttempts = 4;

std::string key_of(uint64_t number) {
  return std::string(kTenantPrefix) + static_cast<char>('a' + number);
}

// One attempt at a transaction: all that it does follows from its key.
class TenantAttempt {
 public:
  TenantAttempt(Core& core, squall::Transaction& store, TenantReads& truth, uint64_t key)
      : core_(core), store_(store), truth_(truth), client_(store, truth), draw_(key) {}

  StoreResult<void> run(const std::string& mark_key, const std::string& mark) {
    const uint64_t steps = 3 + draw_(4);
    for (uint64_t i = 0; i < steps; ++i) {
      if (auto done = step(fmt::format("{}.{}", mark, i)); !done) return done;
    }
    if (draw_(4) == 0) {
      if (auto stamped = write_stamped(mark); !stamped) return stamped;
    }
    if (draw_(96) != 0) {
      pause();
    } else if (auto aged = outlive(); !aged) {
      return aged;
    }
    return client_.commit(mark_key, mark, aged_);
  }

 private:
  void pause() {
    if (draw_(2) == 0) return;
    core_.scheduler.wait(static_cast<int64_t>(
        draw_(2 * static_cast<uint64_t>(core_.plan.knobs.store_latency_us) + 1)));
  }

  // Stands still for longer than a transaction may read or commit.
  StoreResult<void> outlive() {
    // Nobody writes these keys, so that both looks go to the store.
    auto looked = client_.get(key_of(kUnwritten), ReadMode::kSerializable);
    if (!looked) return looked;
    core_.scheduler.wait(2 * kMaxTransactionAgeVersions);
    aged_ = true;
    if (draw_(2) == 0) return {};
    const auto value = store_.get(key_of(kUnwritten + 1), ReadMode::kSnapshot);
    if (!value) return tl::unexpected(value.error());
    truth_.check_age(aged_, "read");
    return {};
  }

  StoreResult<void> step(const std::string& value) {
    // As much goes as comes, so that scans meet keys that are not there.
    switch (draw_(16)) {
      case 0: return get_two();
      case 1: return get_one();
      case 2: return find();
      case 3:
      case 4:
      case 5:
      case 6: pause(); return scan();
      case 7:
      case 8:
      case 9: return clear();
      case 10:
      case 11: return combine(key_of(draw_(kKeys)));
      case 12: return look_over_clears();
      case 13: return draw_(4) == 0 ? get_all() : get_one();
      default: return set(value);
    }
  }

  StoreResult<void> get_two() {
    const std::vector<std::string> keys{key_of(draw_(kKeys)), key_of(draw_(kKeys))};
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    std::vector<std::optional<SharedBytes>> values;
    if (auto got = store_.get_many(views, ReadMode::kSerializable, &values); !got) return got;
    for (size_t i = 0; i < keys.size(); ++i) {
      TenantRows rows;
      if (values[i]) rows.emplace_back(keys[i], std::string(values[i]->view()));
      const TenantRead read{keys[i], keys[i] + '\0', 1, false};
      auto noted = client_.note(read, ReadMode::kSerializable, std::move(rows));
      if (!noted) return noted;
    }
    return {};
  }

  StoreResult<void> scan() {
    const uint64_t first = draw_(kKeys);
    const TenantRead read{key_of(first), key_of(first + 1 + draw_(kKeys - first)),
                          1 + draw_(4) * draw_(3), draw_(5) < 2};
    const ReadMode mode = draw_(5) == 0 ? ReadMode::kSnapshot : ReadMode::kSerializable;
    return client_.scan(read, mode);
  }

  // Two own clears with a key between them, atomics on what is cleared, and a look over all of it.
  StoreResult<void> look_over_clears() {
    const uint64_t first = draw_(kKeys - 5);
    const uint64_t between = first + 1 + draw_(2);
    const auto left = client_.clear_range(key_of(first), key_of(between));
    if (!left) return left;
    const auto right = client_.clear_range(key_of(between + 1), key_of(between + 2 + draw_(2)));
    if (!right) return right;
    for (uint64_t atomics = draw_(4); atomics < 2; ++atomics) {
      if (auto combined = combine(key_of(first)); !combined) return combined;
    }
    return client_.scan({key_of(first), key_of(kKeys), 1 + draw_(6), draw_(2) == 0}, draw_mode());
  }

  // As many read conflicts as there are keys.
  StoreResult<void> get_all() {
    for (uint64_t number = 0; number < kKeys; ++number) {
      if (auto got = client_.get(key_of(number), ReadMode::kSerializable); !got) return got;
    }
    return {};
  }

  ReadMode draw_mode() { return draw_(4) == 0 ? ReadMode::kSnapshot : ReadMode::kSerializable; }

  StoreResult<void> get_one() {
    const std::string key = key_of(draw_(kKeys));
    return client_.get(key, draw_mode());
  }

  StoreResult<void> find() {
    TenantRead read{key_of(draw_(kKeys)), "", 1, false};
    read.offset = static_cast<int32_t>(draw_(6)) - 2;
    read.or_equal = draw_(2) == 0;
    return client_.find(read, draw_mode());
  }

  StoreResult<void> set(const std::string& value) {
    return client_.set(key_of(draw_(kKeys)), value);
  }
  StoreResult<void> clear() {
    const uint64_t first = draw_(kKeys);
    if (draw_(2) == 0) return client_.clear(key_of(first));
    return client_.clear_range(key_of(first), key_of(first + 1 + draw_(3)));
  }
  // Operands of all widths around that of the values, some of them all that is there.
  StoreResult<void> combine(const std::string& key) {
    constexpr std::array kOps = {AtomicOp::kAdd,         AtomicOp::kAdd,
                                 AtomicOp::kAnd,         AtomicOp::kOr,
                                 AtomicOp::kXor,         AtomicOp::kMax,
                                 AtomicOp::kMin,         AtomicOp::kByteMin,
                                 AtomicOp::kByteMax,     AtomicOp::kCompareAndClear,
                                 AtomicOp::kAppendIfFits};
    const AtomicOp op = kOps[draw_(kOps.size())];
    std::string operand(1 + draw_(8), static_cast<char>(1 + draw_(250)));
    if (op == AtomicOp::kAppendIfFits && draw_(24) == 0) operand.resize(kMaxValueBytes - draw_(12));
    const auto& writes = client_.record().writes;
    if (op == AtomicOp::kCompareAndClear && !writes.empty()) operand = writes.back().operand;
    return client_.combine(op, key, operand);
  }

  // Beyond the keys that are read: a transaction can't know its own stamp.
  StoreResult<void> write_stamped(const std::string& value) {
    const std::string area = std::string(kTenantPrefix) + "v";
    const std::string stamp(10, '.');
    const auto with_position = [](std::string bytes, size_t position) {
      return bytes + static_cast<char>(position) + std::string(3, '\0');
    };
    const bool in_key = draw_(2) == 0;
    const uint64_t look = draw_(8);
    const std::string key = in_key ? area + std::string(10, '\x7f') : area;
    // An earlier write of the key does not change that.
    if (look == 0) {
      if (auto other = store_.set(key, SharedBytes(value)); !other) return other;
    }
    const auto written = in_key ? store_.atomic_op(AtomicOp::kSetVersionstampedKey,
                                                   with_position(area + stamp, area.size()), value)
                                : store_.atomic_op(AtomicOp::kSetVersionstampedValue, area,
                                                   with_position(value + stamp, value.size()));
    if (!written && written.error().code == StoreCode::kClientInvalidOperation)
      truth_.check_over_limit(std::nullopt, written.error().code);
    if (!written || look > 4) return written;
    if (look == 2) {
      if (auto cleared = store_.clear(key); !cleared) return cleared;
    }
    note_own_stamp(look != 2,
                   look == 3 ? code_of_scan(key, in_key ? 1 : 2, draw_(2) == 0) : code_of_get(key));
    return {};
  }

  // Any other error is that of a read that went to the store.
  void note_own_stamp(bool unreadable, std::optional<StoreCode> code) {
    if (!code || *code == StoreCode::kAccessedUnreadable) truth_.check_unreadable(unreadable, code);
  }

  std::optional<StoreCode> code_of_get(const std::string& key) {
    const auto seen = store_.get(key, ReadMode::kSnapshot);
    return seen ? std::nullopt : std::optional(seen.error().code);
  }

  // It meets another own write first, and no row in between.
  std::optional<StoreCode> code_of_scan(const std::string& key, size_t limit, bool reverse) {
    std::string neighbour = key + '\0';
    if (!reverse) {
      --neighbour[key.size() - 1];
      neighbour.back() = '\xff';
    }
    if (auto set = store_.set(neighbour, SharedBytes("")); !set) return set.error().code;
    const std::string begin = std::min(key, neighbour);
    const auto seen = store_.get_range(begin, std::max(key, neighbour) + '\0',
                                       {limit, reverse, ReadMode::kSnapshot});
    return seen ? std::nullopt : std::optional(seen.error().code);
  }

  Core& core_;
  squall::Transaction& store_;
  TenantReads& truth_;
  TenantClient client_;
  TenantDraws draw_;
  bool aged_ = false;
};

}  // namespace

StoreTenant::StoreTenant(Core& core, Database& store, TenantReads& truth)
    : core_(core), store_(store), truth_(truth), process_("tenant") {}

void StoreTenant::start() {
  for (uint64_t member = 0; member < kMembers + kWatchers; ++member) {
    Entity entity;
    entity.kind = EntityKind::kTenant;
    core_.scheduler.spawn(process_, DeathMode::kUnwind, entity, [this, member] { run(member); });
  }
}

void StoreTenant::shut_down() { core_.scheduler.kill(process_); }

void StoreTenant::run(uint64_t member) {
  for (int64_t i = 1; i <= core_.plan.knobs.tenant_transactions; ++i) {
    run_transaction(member, static_cast<uint64_t>(i));
  }
}

void StoreTenant::run_transaction(uint64_t member, uint64_t number) {
  const TransactionHandle transaction = store_.begin();
  const std::string mark_key = fmt::format("{}m{}", kTenantPrefix, member);
  const bool watches = member >= kMembers;
  Entity entity;
  entity.kind = EntityKind::kTenant;
  entity.subject =
      watches ? kFirstWatch + number * kWatchers + member - kMembers : number * kMembers + member;
  for (entity.run = 0; entity.run < kMaxAttempts; ++entity.run) {
    core_.scheduler.context().set(entity);
    const std::string mark = fmt::format("{}.{}.{}", member, number, entity.run);
    const uint64_t key = keyed_hash(core_.plan.decision_key, 0x7E2A, entity.subject, entity.run);
    const auto done = watches ? run_tenant_watch(core_, *transaction, truth_, key, mark_key, mark)
                              : TenantAttempt(core_, *transaction, truth_, key).run(mark_key, mark);
    if (done || !transaction->on_error(done.error())) return;
  }
}

}  // namespace squall::sim
