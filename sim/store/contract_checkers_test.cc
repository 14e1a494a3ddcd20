// Workloads that check themselves: a ring that must stay a ring, a log that must add up, reads that
// must repeat.
#include <array>
#include <random>

#include "sim/store/store_contract.h"

namespace squall {
namespace {

std::string number_key(const char* prefix, int number) {
  return prefix + std::to_string(1000 + number);
}

// Runs steps of several transactions in a random interleaving: each transaction is a list of
// closures, the last of which commits.
using Script = std::vector<std::function<void()>>;
void interleave(std::vector<Script>& scripts, std::mt19937& random) {
  std::vector<size_t> next(scripts.size(), 0);
  std::vector<size_t> alive(scripts.size());
  for (size_t i = 0; i < alive.size(); ++i) alive[i] = i;
  while (!alive.empty()) {
    const size_t pick = random() % alive.size();
    const size_t script = alive[pick];
    scripts[script][next[script]++]();
    if (next[script] == scripts[script].size())
      alive.erase(alive.begin() + static_cast<long>(pick));
  }
}

// Keys form a ring: each holds its successor. A transaction rotates three successors (r -> a -> b
// -> c becomes r -> b -> a -> c); if transactions are serializable the ring stays one ring of all
// nodes.
TEST_P(StoreContract, RingStaysOneRingUnderConcurrentRotations) {
  constexpr int kNodes = 12, kRounds = 60, kClients = 4;
  for (int i = 0; i < kNodes; ++i) {
    put(number_key("r", i), number_key("r", (i + 1) % kNodes));
  }
  std::mt19937 random(1);
  int committed = 0, conflicts = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<TransactionHandle> clients;
    std::vector<std::array<std::string, 4>> nodes(kClients);
    std::vector<Script> scripts(kClients);
    for (int i = 0; i < kClients; ++i) clients.push_back(begin());
    for (int i = 0; i < kClients; ++i) {
      nodes[i][0] = number_key("r", static_cast<int>(random() % kNodes));
      for (int hop = 0; hop < 3; ++hop) {
        scripts[i].push_back([&, i, hop] { nodes[i][hop + 1] = get(clients[i], nodes[i][hop]); });
      }
      scripts[i].push_back([&, i] {
        const std::string next = get(clients[i], nodes[i][3]);
        set(clients[i], nodes[i][0], nodes[i][2]);
        set(clients[i], nodes[i][2], nodes[i][1]);
        set(clients[i], nodes[i][1], nodes[i][3]);
        EXPECT_EQ(next.substr(0, 1), "r");
      });
      scripts[i].push_back([&, i] {
        const int code = commit(clients[i]);
        code == 0 ? ++committed : ++conflicts;
        EXPECT_TRUE(code == 0 || code == 1020) << code;
      });
    }
    interleave(scripts, random);
    auto reader = begin();
    std::string node = number_key("r", 0);
    for (int hop = 1; hop <= kNodes; ++hop) {
      node = get(reader, node);
      ASSERT_EQ(node == number_key("r", 0), hop == kNodes) << "after " << hop << " hops";
    }
  }
  EXPECT_GT(committed, kRounds);  // someone commits in each round
  EXPECT_GT(conflicts, 0);
}

// Each transaction writes a log row and adds the same number to a counter, without reading: all
// commit, and the log adds up to the counter.
TEST_P(StoreContract, AtomicLogAddsUpToItsCounter) {
  std::mt19937 random(2);
  uint64_t row = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<TransactionHandle> clients;
    std::vector<Script> scripts(5);
    for (size_t i = 0; i < scripts.size(); ++i) clients.push_back(begin());
    for (size_t i = 0; i < scripts.size(); ++i) {
      const std::string amount(1, static_cast<char>(random() % 100));
      const std::string padded = amount + std::string(7, '\0');
      const std::string key = number_key("log", static_cast<int>(row++));
      scripts[i].push_back([&, i, key, amount] { set(clients[i], key, amount); });
      scripts[i].push_back([&, i, padded] {
        EXPECT_TRUE(clients[i]->atomic_op(AtomicOp::kAdd, "counter", padded));
      });
      scripts[i].push_back([&, i] { EXPECT_EQ(commit(clients[i]), kOk); });
    }
    interleave(scripts, random);
  }
  auto reader = begin();
  const auto log = reader->get_range("log", "loh", {});
  ASSERT_TRUE(log);
  EXPECT_EQ(log->rows.size(), row);
  uint64_t sum = 0;
  for (const KeyValue& entry : log->rows) sum += static_cast<uint8_t>(entry.value.view()[0]);
  uint64_t counter = 0;
  const std::string bytes = get(reader, "counter");
  for (size_t i = bytes.size(); i-- > 0;) counter = counter << 8 | static_cast<uint8_t>(bytes[i]);
  EXPECT_EQ(counter, sum);
}

// A transaction that commits would read the same again; one that conflicts would not: the writers
// here always change what they write.
TEST_P(StoreContract, ConflictsAreReportedExactlyWhenWhatWasReadHasChanged) {
  std::mt19937 random(3);
  int serial = 0;
  int outcomes[2] = {0, 0};
  for (int round = 0; round < 200; ++round) {
    const int low = static_cast<int>(random() % 20), width = 1 + static_cast<int>(random() % 6);
    const std::string from = number_key("p", low), to = number_key("p", low + width);
    const RangeOptions options{.limit = 1 + random() % 3, .reverse = random() % 2 == 0};
    auto reader = begin();
    const Strings before = range(reader, from, to, options);
    const int first = static_cast<int>(random() % 26);
    for (const int number : {first, first + 3}) {  // two keys: a change is never undone
      const std::string key = number_key("p", number);
      auto writer = begin();
      if (random() % 3 == 0 && get(writer, key) != "<none>") {
        EXPECT_TRUE(writer->clear(key));
      } else {
        set(writer, key, std::to_string(++serial));
      }
      ASSERT_EQ(commit(writer), kOk);
    }
    auto again = begin();
    const bool changed = range(again, from, to, options) != before;
    set(reader, "outcome", "x");
    EXPECT_EQ(commit(reader), changed ? 1020 : kOk) << "round " << round;
    ++outcomes[changed];
  }
  EXPECT_GT(outcomes[0], 20);
  EXPECT_GT(outcomes[1], 20);
}

// The same writes as one transaction or as three leave the same data.
TEST_P(StoreContract, OneTransactionOrThreeLeaveTheSame) {
  std::mt19937 random(4);
  for (int round = 0; round < 30; ++round) {
    std::vector<std::function<void(TransactionHandle&, const std::string&)>> writes;
    for (int i = 0; i < 9; ++i) {
      const std::string key(1, static_cast<char>('a' + random() % 4));
      const std::string value(random() % 3, static_cast<char>('x' + random() % 3));
      const auto op = static_cast<AtomicOp>(random() % 10);
      const auto kind = random() % 4;
      writes.push_back([=](TransactionHandle& transaction, const std::string& prefix) {
        if (kind == 0) set(transaction, prefix + key, value);
        if (kind == 1) (void)transaction->clear(prefix + key);
        if (kind == 2) (void)transaction->clear_range(prefix + key, prefix + "d");
        if (kind == 3) (void)transaction->atomic_op(op, prefix + key, value);
      });
    }
    const std::string one = number_key("one", round) + "/", three = number_key("two", round) + "/";
    auto transaction = begin();
    for (const auto& write : writes) write(transaction, one);
    Strings own = range(transaction, one, one + "z");
    ASSERT_EQ(commit(transaction), kOk);
    for (size_t part = 0; part < writes.size(); part += 3) {
      auto small = begin();
      for (size_t i = part; i < part + 3; ++i) writes[i](small, three);
      ASSERT_EQ(commit(small), kOk);
    }
    auto reader = begin();
    const Strings stored_one = range(reader, one, one + "z");
    Strings stored_three = range(reader, three, three + "z");
    for (std::string& row : stored_three) row.replace(0, three.size(), one);
    EXPECT_EQ(own, stored_one);
    EXPECT_EQ(stored_one, stored_three);
  }
}

}  // namespace
}  // namespace squall
