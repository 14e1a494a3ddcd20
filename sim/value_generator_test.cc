#include "sim/value_generator.h"

#include <gtest/gtest.h>
#include <lz4.h>

#include <algorithm>
#include <string>

namespace squall::sim {
namespace {

std::string bytes_of(Parameter::Kind kind, uint32_t size_bytes, uint64_t salt) {
  std::string bytes = "left over from another one";
  generate_bytes({kind, 0, size_bytes, salt}, &bytes);
  return bytes;
}

size_t compressed_bytes(const std::string& bytes) {
  std::string out(static_cast<size_t>(LZ4_compressBound(static_cast<int>(bytes.size()))), '\0');
  return static_cast<size_t>(LZ4_compress_default(
      bytes.data(), out.data(), static_cast<int>(bytes.size()), static_cast<int>(out.size())));
}

TEST(ValueGenerator, GivesTheSameBytesForTheSameDescription) {
  for (const auto kind : {Parameter::Kind::kText, Parameter::Kind::kRandom, Parameter::Kind::kZeros,
                          Parameter::Kind::kOffsetLike}) {
    for (const uint32_t size : {0u, 1u, 7u, 8u, 4095u, 4096u, 4097u}) {
      const std::string bytes = bytes_of(kind, size, 42);
      EXPECT_EQ(bytes.size(), size);
      EXPECT_EQ(bytes, bytes_of(kind, size, 42));
    }
  }
  EXPECT_NE(bytes_of(Parameter::Kind::kRandom, 16, 1), bytes_of(Parameter::Kind::kRandom, 16, 2));
  EXPECT_NE(bytes_of(Parameter::Kind::kText, 100, 1), bytes_of(Parameter::Kind::kText, 100, 2));
}

TEST(ValueGenerator, TextCompressesAndRandomBytesDoNot) {
  const std::string text = bytes_of(Parameter::Kind::kText, 8192, 3);
  EXPECT_LT(compressed_bytes(text), text.size() * 3 / 4);
  EXPECT_TRUE(std::all_of(text.begin(), text.end(),
                          [](char c) { return c == ' ' || (c >= 'a' && c <= 'z'); }));
  const std::string random = bytes_of(Parameter::Kind::kRandom, 8192, 3);
  EXPECT_GE(compressed_bytes(random), random.size());
}

TEST(ValueGenerator, OffsetLikeBlobsNameOffsetsOfTheirOwnAndHoldTheMarkByte) {
  const std::string bytes = bytes_of(Parameter::Kind::kOffsetLike, 4000, 3);
  EXPECT_GT(std::count(bytes.begin(), bytes.end(), '\x33'), 1000);
  EXPECT_GT(std::count(bytes.begin(), bytes.end(), '\0'), 1000);
}

}  // namespace
}  // namespace squall::sim
