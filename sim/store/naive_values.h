// What the naive store is made of: ranges of keys, the operations of a transaction, versionstamps
// and atomics, each as its definition reads. For tests; it shares no code with any implementation.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "engine/store.h"

namespace squall::naive {

using Data = std::map<std::string, std::string>;
using Value = std::optional<std::string>;

struct Range {
  std::string begin, end;
  bool contains(const std::string& key) const { return begin <= key && key < end; }
  bool meets(const Range& other) const { return begin < other.end && other.begin < end; }
};
inline std::string after(const std::string& key) { return key + '\0'; }
inline Range of_key(const std::string& key) { return {key, after(key)}; }

struct Operation {
  enum Kind { kSet, kClear, kClearRange, kAtomic } kind;
  AtomicOp op;
  std::string key, operand;  // of a range clear: begin, end
  int64_t min_version;       // of a versionstamped key
};

inline std::string stamp_of(int64_t version, int batch) {
  std::string stamp;
  for (int shift = 56; shift >= 0; shift -= 8) stamp += static_cast<char>(version >> shift);
  return stamp + static_cast<char>(batch >> 8) + static_cast<char>(batch);
}

// `bytes` end in a position below 256.
inline std::string stamped(const std::string& bytes, const std::string& stamp) {
  std::string result = bytes.substr(0, bytes.size() - 4);
  return result.replace(static_cast<unsigned char>(bytes[bytes.size() - 4]), 10, stamp);
}

inline Value atomic(AtomicOp op, const Value& existing, const std::string& operand) {
  if (op == AtomicOp::kCompareAndClear) return existing == operand ? std::nullopt : existing;
  if (!existing) return operand;
  std::string number = *existing;
  number.resize(operand.size());
  // Numbers of the tests have at most 7 bytes.
  const auto as_number = [](const std::string& bytes) {
    uint64_t result = 0;
    for (size_t i = bytes.size(); i-- > 0;) result = result * 256 + static_cast<uint8_t>(bytes[i]);
    return result;
  };
  const auto as_bytes = [&](uint64_t value) {
    std::string result;
    for (size_t i = 0; i < operand.size(); ++i) result += static_cast<char>(value >> 8 * i);
    return result;
  };
  const uint64_t a = as_number(number), b = as_number(operand);
  switch (op) {
    case AtomicOp::kAdd: return as_bytes(a + b);
    case AtomicOp::kAnd: return as_bytes(a & b);
    case AtomicOp::kOr: return as_bytes(a | b);
    case AtomicOp::kXor: return as_bytes(a ^ b);
    case AtomicOp::kMax: return as_bytes(std::max(a, b));
    case AtomicOp::kMin: return as_bytes(std::min(a, b));
    case AtomicOp::kByteMin: return std::min(*existing, operand);
    case AtomicOp::kByteMax: return std::max(*existing, operand);
    default: return *existing + operand;  // kAppendIfFits: the tests' values always fit
  }
}

}  // namespace squall::naive
