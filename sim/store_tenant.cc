#include "sim/store_tenant.h"

#include <fmt/format.h>

#include <utility>

namespace squall::sim {
namespace {

constexpr uint64_t kMembers = 3;
constexpr uint64_t kKeys = 10;
constexpr uint16_t kMaxAttempts = 4;

std::string key_of(uint64_t number) {
  return std::string(kTenantPrefix) + static_cast<char>('a' + number);
}

// One attempt at a transaction: all that it does follows from its key.
class TenantAttempt {
 public:
  TenantAttempt(Core& core, squall::Transaction& store, TenantReads& truth, uint64_t key)
      : core_(core), store_(store), truth_(truth), key_(key) {}

  StoreResult<void> run(const std::string& mark_key, const std::string& mark) {
    const uint64_t steps = 3 + draw(4);
    for (uint64_t i = 0; i < steps; ++i) {
      if (auto done = step(fmt::format("{}.{}", mark, i)); !done) return done;
    }
    if (draw(4) == 0) {
      if (auto stamped = write_stamped(mark); !stamped) return stamped;
    }
    pause();
    if (auto marked = store_.set(mark_key, SharedBytes(mark)); !marked) return marked;
    truth_.expect_commit(mark_key, mark, record_);
    const auto committed = store_.commit();
    if (!committed) return tl::unexpected(committed.error());
    return {};
  }

 private:
  uint64_t draw(uint64_t bound) { return below(keyed_hash(key_, ++draws_), bound); }
  void pause() {
    if (draw(2) == 0) return;
    core_.scheduler.wait(static_cast<int64_t>(
        draw(2 * static_cast<uint64_t>(core_.plan.knobs.store_latency_us) + 1)));
  }

  StoreResult<void> step(const std::string& value) {
    switch (draw(8)) {
      case 0: return get_two();
      case 1:
      case 2:
      case 3: pause(); return scan();
      case 4: return clear();
      case 5: return add();
      default: return set(value);
    }
  }

  StoreResult<void> get_two() {
    const std::vector<std::string> keys{key_of(draw(kKeys)), key_of(draw(kKeys))};
    const std::vector<std::string_view> views(keys.begin(), keys.end());
    std::vector<std::optional<SharedBytes>> values;
    if (auto got = store_.get_many(views, ReadMode::kSerializable, &values); !got) return got;
    for (size_t i = 0; i < keys.size(); ++i) {
      TenantRows rows;
      if (values[i]) rows.emplace_back(keys[i], std::string(values[i]->view()));
      const TenantRead read{keys[i], keys[i] + '\0', 1, false};
      if (auto noted = note(read, ReadMode::kSerializable, std::move(rows)); !noted) return noted;
    }
    return {};
  }

  StoreResult<void> scan() {
    const uint64_t first = draw(kKeys);
    const TenantRead read{key_of(first), key_of(first + 1 + draw(kKeys - first)),
                          1 + draw(4) * draw(3), draw(5) < 2};
    const ReadMode mode = draw(5) == 0 ? ReadMode::kSnapshot : ReadMode::kSerializable;
    const auto got = store_.get_range(read.begin, read.end, {read.limit, read.reverse, mode});
    if (!got) return tl::unexpected(got.error());
    TenantRows rows;
    for (const KeyValue& row : got->rows) rows.emplace_back(row.key.view(), row.value.view());
    return note(read, mode, std::move(rows));
  }

  // The version is that of the first read that went to the store, this one at the latest.
  StoreResult<void> note(const TenantRead& read, ReadMode mode, TenantRows rows) {
    const auto version = store_.get_read_version();
    if (!version) return tl::unexpected(version.error());
    record_.read_version = *version;
    truth_.check_read(record_, read, rows);
    if (mode == ReadMode::kSerializable) {
      record_.looks.push_back({read, record_.writes.size(), std::move(rows)});
    }
    return {};
  }

  StoreResult<void> set(const std::string& value) {
    const std::string key = key_of(draw(kKeys));
    record_.writes.push_back({TenantWrite::Kind::kSet, key, value});
    return store_.set(key, SharedBytes(value));
  }
  StoreResult<void> clear() {
    const uint64_t first = draw(kKeys);
    if (draw(2) == 0) {
      const std::string key = key_of(first);
      record_.writes.push_back({TenantWrite::Kind::kClearRange, key, key + '\0'});
      return store_.clear(key);
    }
    const std::string begin = key_of(first), end = key_of(first + 1 + draw(3));
    record_.writes.push_back({TenantWrite::Kind::kClearRange, begin, end});
    return store_.clear_range(begin, end);
  }
  StoreResult<void> add() {
    const std::string key = key_of(draw(kKeys)), operand(4, static_cast<char>(1 + draw(250)));
    record_.writes.push_back({TenantWrite::Kind::kAdd, key, operand});
    return store_.atomic_op(AtomicOp::kAdd, key, operand);
  }

  // Beyond the keys that are read: a transaction can't know its own stamp.
  StoreResult<void> write_stamped(const std::string& value) {
    const std::string area = std::string(kTenantPrefix) + "v";
    const std::string stamp(10, '.');
    const auto with_position = [](std::string bytes, size_t position) {
      return bytes + static_cast<char>(position) + std::string(3, '\0');
    };
    if (draw(2) == 0) {
      return store_.atomic_op(AtomicOp::kSetVersionstampedKey,
                              with_position(area + stamp, area.size()), value);
    }
    return store_.atomic_op(AtomicOp::kSetVersionstampedValue, area,
                            with_position(value + stamp, value.size()));
  }

  Core& core_;
  squall::Transaction& store_;
  TenantReads& truth_;
  const uint64_t key_;
  uint64_t draws_ = 0;
  TenantTransaction record_;
};

}  // namespace

StoreTenant::StoreTenant(Core& core, Database& store, TenantReads& truth)
    : core_(core), store_(store), truth_(truth), process_("tenant") {}

void StoreTenant::start() {
  for (uint64_t member = 0; member < kMembers; ++member) {
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
  Entity entity;
  entity.kind = EntityKind::kTenant;
  entity.subject = number * kMembers + member;
  for (entity.run = 0; entity.run < kMaxAttempts; ++entity.run) {
    core_.scheduler.context().set(entity);
    const std::string mark = fmt::format("{}.{}.{}", member, number, entity.run);
    const uint64_t key = keyed_hash(core_.plan.decision_key, 0x7E2A, entity.subject, entity.run);
    const auto done = TenantAttempt(core_, *transaction, truth_, key).run(mark_key, mark);
    if (done || !transaction->on_error(done.error())) return;
  }
}

}  // namespace squall::sim
