// Random operations on three overlapping transactions, each compared with the naive model: every
// value, row, key, error code, conflict and the data that are left.
#include <rapidcheck.h>

#include <array>

#include "sim/store/naive_store.h"
#include "sim/store/store_contract.h"

namespace squall {
namespace {

// What to do: who, what, and four numbers that the operation reads as it likes.
using Step = std::array<uint8_t, 6>;

const std::string kTemplate = "k" + std::string(10, '.') + std::string("\1\0\0\0", 4);
const Strings kKeys = {"a", std::string("a\0", 2), "aa", "b", "c", "d", "k", kTemplate, "l", "m"};
constexpr int64_t kLongUs = 2'000'000;  // ages are 0, 2, 4, 6 s: never near the limit of 5
constexpr int64_t kMaxAgeUs = 5'000'000;
constexpr int kTransactions = 3;

class ModelRun {
 public:
  explicit ModelRun(StoreWorld& world) : world_(world) {
    for (int i = 0; i < kTransactions; ++i) {
      slots_.push_back({world.database().begin(), std::nullopt, 0});
      start(slots_.back());
    }
  }

  void take(const Step& step) {
    Slot& slot = slots_[step[0] % kTransactions];
    a_ = step[2], b_ = step[3], c_ = step[4], d_ = step[5];
    switch (step[1] % 16) {
      case 0:
      case 1: return get(slot);
      case 2: return get_many(slot);
      case 3: return get_key(slot);
      case 4:
      case 5:
      case 6: return get_range(slot);
      case 7: return write(slot, naive::Operation::kSet);
      case 8: return write(slot, naive::Operation::kClear);
      case 9: return write(slot, naive::Operation::kClearRange);
      case 10:
      case 11: return write(slot, naive::Operation::kAtomic);
      case 12: return add_conflict_range(slot);
      case 13: return d_ % 4 == 0 ? hide_own_writes(slot) : commit(slot);
      case 14: return commit(slot);
      case 15: return d_ % 4 == 0 ? pass_time() : start(slot);
    }
  }

  void check_end() {
    auto reader = world_.database().begin();
    const auto all = reader->get_range("", "\xff", {});
    RC_ASSERT(all.has_value());
    naive::Data stored;
    for (const KeyValue& row : all->rows) {
      stored[std::string(row.key.view())] = std::string(row.value.view());
    }
    RC_ASSERT(stored == model_.newest());
  }

 private:
  struct Slot {
    TransactionHandle real;
    std::optional<naive::Transaction> model;
    int64_t started_us;
  };

  void start(Slot& slot) {
    slot.real->reset();
    const auto version = slot.real->get_read_version();
    RC_ASSERT(version.has_value());
    slot.model.emplace(model_, *version);
    slot.started_us = passed_us_;
  }
  bool too_old(const Slot& slot) const { return passed_us_ - slot.started_us > kMaxAgeUs; }
  void pass_time() {
    world_.pass_us(kLongUs);
    passed_us_ += kLongUs;
  }

  const std::string& key_a() const { return kKeys[a_ % kKeys.size()]; }
  const std::string& key_b() const { return kKeys[b_ % kKeys.size()]; }
  ReadMode mode() const { return d_ % 4 == 3 ? ReadMode::kSnapshot : ReadMode::kSerializable; }
  static KeySelector selector(const std::string& key, uint8_t how) {
    return {key, (how & 1) != 0, (how & 2) != 0 ? 1 : how / 4 % 6 - 2};
  }

  static void expect_code(int got, int expected) { RC_ASSERT(got == expected); }
  static void expect_empty(const StoreResult<RangeResult>& got) {
    RC_ASSERT(code_of(got) == 0);
    RC_ASSERT(got->rows.empty());
  }

  void get(Slot& slot) {
    const auto got = slot.real->get(key_a(), mode());
    const bool stale = slot.model->needs_store(key_a(), mode()) && too_old(slot);
    const size_t conflicts = slot.model->read_conflicts();
    const naive::Transaction::Got expected = slot.model->get(key_a(), mode());
    if (expected.unreadable) return expect_code(code_of(got), 1036);
    if (stale) {
      slot.model->keep_read_conflicts(conflicts);
      return expect_code(code_of(got), 1007);
    }
    RC_ASSERT(code_of(got) == 0);
    compare(*got, expected.value);
  }
  static void compare(const std::optional<SharedBytes>& got, const naive::Value& expected) {
    RC_ASSERT(got.has_value() == expected.has_value());
    if (got) RC_ASSERT(std::string(got->view()) == *expected);
  }

  void get_many(Slot& slot) {
    const std::vector<std::string_view> keys{key_a(), key_b()};
    std::vector<std::optional<SharedBytes>> got;
    const int code = code_of(slot.real->get_many(keys, mode(), &got));
    const bool needs_store =
        slot.model->needs_store(key_a(), mode()) || slot.model->needs_store(key_b(), mode());
    if (needs_store && too_old(slot)) return expect_code(code, 1007);
    const size_t conflicts = slot.model->read_conflicts();
    const auto first = slot.model->get(key_a(), mode());
    const auto second = slot.model->get(key_b(), mode());
    if (first.unreadable || second.unreadable) {
      slot.model->keep_read_conflicts(conflicts);
      return expect_code(code, 1036);
    }
    RC_ASSERT(code == 0);
    compare(got.at(0), first.value);
    compare(got.at(1), second.value);
  }

  void get_key(Slot& slot) {
    const KeySelector from = selector(key_a(), c_);
    const auto got = slot.real->get_key(from, mode());
    if (too_old(slot)) return expect_code(code_of(got), 1007);
    const auto expected = slot.model->get_key(key_a(), from.or_equal, from.offset, mode());
    if (expected.unreadable) return expect_code(code_of(got), 1036);
    RC_ASSERT(code_of(got) == 0);
    RC_ASSERT(std::string(got->view()) == expected.key);
  }

  void get_range(Slot& slot) {
    // Mostly plain bounds in order, now and then any two selectors.
    const bool plain = c_ % 4 != 0;
    const std::string low = plain ? std::min(key_a(), key_b()) : key_a();
    const std::string high = plain ? std::max(key_a(), key_b()) : key_b();
    const KeySelector begin =
        plain ? KeySelector::first_greater_or_equal(low) : selector(low, c_ / 4);
    const KeySelector end =
        plain ? KeySelector::first_greater_or_equal(high) : selector(high, d_ / 8);
    const RangeOptions options{
        .limit = d_ % 5 == 4 ? SIZE_MAX : d_ % 5u, .reverse = c_ % 3 == 1, .mode = mode()};
    const auto got = slot.real->get_range(begin, end, options);
    if (options.limit == 0) return expect_empty(got);
    naive::Range range{boundary(begin), boundary(end)};
    const bool literal = begin.offset == 1 && end.offset == 1;
    if (literal && range.end <= range.begin) return expect_empty(got);
    if (too_old(slot)) return expect_code(code_of(got), 1007);
    const size_t conflicts = slot.model->read_conflicts();
    bool unreadable = resolve(slot, begin, &range.begin) || resolve(slot, end, &range.end);
    naive::Transaction::Rows expected;
    if (!unreadable) {
      expected = slot.model->get_range(range, options.limit, options.reverse, mode());
      unreadable = expected.unreadable;
    }
    if (unreadable) {
      slot.model->keep_read_conflicts(conflicts);
      return expect_code(code_of(got), 1036);
    }
    RC_ASSERT(code_of(got) == 0);
    Strings rows;
    for (const auto& [key, value] : expected.rows) rows.push_back(key + "=" + value);
    RC_ASSERT(as_strings(*got) == rows);
    RC_ASSERT(got->more == expected.more);
  }
  static std::string boundary(const KeySelector& selector) {
    const std::string key(selector.key);
    return selector.or_equal ? naive::after(key) : key;
  }
  // True when the selector meets something unreadable.
  bool resolve(Slot& slot, const KeySelector& selector, std::string* key) {
    if (selector.offset == 1) return false;
    const auto found =
        slot.model->get_key(std::string(selector.key), selector.or_equal, selector.offset, mode());
    *key = found.key;
    return found.unreadable;
  }

  void write(Slot& slot, naive::Operation::Kind kind) {
    naive::Operation operation{kind, static_cast<AtomicOp>(c_ % 12), key_a(), operand(), 0};
    int code = 0;
    switch (kind) {
      case naive::Operation::kSet:
        code = code_of(slot.real->set(operation.key, SharedBytes(operation.operand)));
        break;
      case naive::Operation::kClear: code = code_of(slot.real->clear(operation.key)); break;
      case naive::Operation::kClearRange:
        operation.operand = key_b();
        code = code_of(slot.real->clear_range(operation.key, operation.operand));
        if (operation.operand < operation.key) return expect_code(code, 2000);
        if (operation.operand == operation.key) return expect_code(code, 0);
        break;
      case naive::Operation::kAtomic:
        if (operation.op == AtomicOp::kSetVersionstampedKey) operation.key = kTemplate;
        if (operation.op == AtomicOp::kSetVersionstampedValue) {
          operation.operand = std::string(11, 'v') + std::string("\1\0\0\0", 4);
        }
        code = code_of(slot.real->atomic_op(operation.op, operation.key, operation.operand));
        break;
    }
    RC_ASSERT(code == 0);
    slot.model->write(operation);
  }
  // Short and often equal, so that comparisons and clears hit.
  std::string operand() const {
    return std::string(b_ % 4, static_cast<char>(d_ % 3 == 0 ? 0xff : d_ % 3));
  }

  void add_conflict_range(Slot& slot) {
    const bool read = c_ % 2 == 0;
    const int code = code_of(read ? slot.real->add_read_conflict_range(key_a(), key_b())
                                  : slot.real->add_write_conflict_range(key_a(), key_b()));
    if (key_b() < key_a()) return expect_code(code, 2000);
    RC_ASSERT(code == 0);
    if (key_a() == key_b()) return;
    const naive::Range range{key_a(), key_b()};
    read ? slot.model->add_read_conflict(range) : slot.model->add_write_conflict(range);
  }
  void hide_own_writes(Slot& slot) {
    RC_ASSERT(slot.real->disable_snapshot_read_your_writes().has_value());
    slot.model->hide_own_writes_from_snapshots();
  }

  void commit(Slot& slot) {
    const auto version = slot.real->commit();
    if (!slot.model->writes()) {
      RC_ASSERT(version.has_value());
      RC_ASSERT(*version == -1);
    } else if (slot.model->reads() && too_old(slot)) {
      RC_ASSERT(code_of(version) == 1007);
    } else if (slot.model->conflicts()) {
      RC_ASSERT(code_of(version) == 1020);
    } else {
      RC_ASSERT(code_of(version) == 0);
      const auto stamp = slot.real->get_versionstamp();
      RC_ASSERT(stamp.has_value());
      slot.model->commit(std::string(stamp->begin(), stamp->end()));
    }
    start(slot);
  }

  StoreWorld& world_;
  naive::Store model_;
  std::vector<Slot> slots_;
  int64_t passed_us_ = 0;
  uint8_t a_ = 0, b_ = 0, c_ = 0, d_ = 0;
};

TEST_P(StoreContract, AgreesWithTheNaiveModel) {
  if (!world_->database().capabilities().versionstamps) GTEST_SKIP();
  const bool held = rc::check("random operations agree with the naive model", [] {
    const auto world = GetParam()();
    const auto steps = *rc::gen::scale(3.0, rc::gen::arbitrary<std::vector<Step>>());
    ModelRun run(*world);
    for (const Step& step : steps) run.take(step);
    run.check_end();
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace squall
