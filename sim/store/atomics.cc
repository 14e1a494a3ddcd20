#include "sim/store/atomics.h"

namespace squall::sim {
namespace {

unsigned char byte_or_zero(std::string_view bytes, size_t index) {
  return index < bytes.size() ? static_cast<unsigned char>(bytes[index]) : 0;
}

// Calls combine(existing byte, operand byte) from the least significant byte on.
template <typename Combine>
SharedBytes combine_bytes(std::string_view existing, std::string_view operand, Combine combine) {
  return SharedBytes::build(operand.size(), [&](char* out) {
    for (size_t i = 0; i < operand.size(); ++i) {
      out[i] = static_cast<char>(combine(byte_or_zero(existing, i), byte_or_zero(operand, i)));
    }
  });
}

SharedBytes resized(std::string_view bytes, size_t size_bytes) {
  return SharedBytes::build(size_bytes, [&](char* out) {
    for (size_t i = 0; i < size_bytes; ++i) out[i] = static_cast<char>(byte_or_zero(bytes, i));
  });
}

SharedBytes add(std::string_view existing, std::string_view operand) {
  unsigned carry = 0;
  return combine_bytes(existing, operand, [&](unsigned a, unsigned b) {
    const unsigned sum = a + b + carry;
    carry = sum >> 8;
    return sum & 0xff;
  });
}

// Compares the existing number, cut or extended to the operand's width, with the operand.
bool existing_is_less(std::string_view existing, std::string_view operand) {
  for (size_t i = operand.size(); i-- > 0;) {
    const unsigned char a = byte_or_zero(existing, i), b = byte_or_zero(operand, i);
    if (a != b) return a < b;
  }
  return false;
}

StoreValue append_if_fits(const SharedBytes& existing, const SharedBytes& operand) {
  if (existing.size() + operand.size() > kMaxValueBytes) return existing;
  return SharedBytes::build(existing.size() + operand.size(), [&](char* out) {
    if (!existing.empty()) std::memcpy(out, existing.data(), existing.size());
    if (!operand.empty()) std::memcpy(out + existing.size(), operand.data(), operand.size());
  });
}

}  // namespace

StoreValue apply_atomic(AtomicOp op, const StoreValue& existing, const SharedBytes& operand) {
  if (!existing) {
    if (op == AtomicOp::kCompareAndClear) return std::nullopt;
    return operand;
  }
  const SharedBytes& old = *existing;
  switch (op) {
    case AtomicOp::kAdd: return add(old, operand);
    case AtomicOp::kAnd:
      return combine_bytes(old, operand, [](unsigned a, unsigned b) { return a & b; });
    case AtomicOp::kOr:
      return combine_bytes(old, operand, [](unsigned a, unsigned b) { return a | b; });
    case AtomicOp::kXor:
      return combine_bytes(old, operand, [](unsigned a, unsigned b) { return a ^ b; });
    case AtomicOp::kMax:
      return existing_is_less(old, operand) ? operand : resized(old, operand.size());
    case AtomicOp::kMin:
      return existing_is_less(old, operand) ? resized(old, operand.size()) : operand;
    case AtomicOp::kByteMin: return old.view() < operand.view() ? old : operand;
    case AtomicOp::kByteMax: return old.view() > operand.view() ? old : operand;
    case AtomicOp::kAppendIfFits: return append_if_fits(old, operand);
    case AtomicOp::kCompareAndClear:
      if (old == operand) return std::nullopt;
      return old;
    case AtomicOp::kSetVersionstampedKey:
    case AtomicOp::kSetVersionstampedValue: break;
  }
  SQUALL_ASSERT(false);
  return std::nullopt;
}

}  // namespace squall::sim
