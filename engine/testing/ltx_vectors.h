// The official LTX vectors: the manifest, the files, and the page contents that it describes. Tests
// skip, and say so, where the folder (CMake's SQUALL_LTX_VECTORS) is missing; with CI=true in the
// environment they fail instead.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

namespace squall::test_support {

using Json = nlohmann::json;

inline std::filesystem::path vectors_folder() { return SQUALL_LTX_VECTORS; }

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Unpacks .gz files by the gzip program.
inline std::string read_vector(const std::string& file) {
  const std::filesystem::path path = vectors_folder() / file;
  if (path.extension() != ".gz") return read_whole(path);
  std::string bytes;
  FILE* pipe = popen(("gzip -dc '" + path.string() + "'").c_str(), "r");
  if (pipe == nullptr) return bytes;
  char buffer[1 << 16];
  while (const size_t got = fread(buffer, 1, sizeof buffer, pipe)) bytes.append(buffer, got);
  pclose(pipe);
  return bytes;
}

inline uint64_t parse_hex(const Json& value) {
  return std::stoull(value.get<std::string>(), nullptr, 16);
}

// A page as the manifest's page_content_kinds define it.
inline std::string vector_page(const std::string& kind, uint64_t seed, uint32_t pgno,
                               size_t page_size) {
  std::string page(page_size, '\0');
  const auto fill_random = [&](size_t bytes) {
    uint64_t state = seed << 32 ^ pgno;
    for (size_t i = 0; i < bytes; i += 8) {
      state += 0x9e3779b97f4a7c15u;
      uint64_t value = state;
      value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
      value = (value ^ value >> 27) * 0x94d049bb133111ebu;
      value ^= value >> 31;
      for (size_t byte = 0; byte < 8 && i + byte < bytes; ++byte)
        page[i + byte] = static_cast<char>(value >> 8 * byte);
    }
  };
  if (kind == "rand") fill_random(page_size);
  if (kind == "mixed") fill_random(page_size / 2);
  if (kind == "ramp") {
    for (size_t i = 0; i < page_size; ++i) page[i] = static_cast<char>(7 * i + pgno);
  }
  if (kind == "text") {
    char line[64];
    const int length = snprintf(line, sizeof line, "page %010u seed %llu |", pgno,
                                static_cast<unsigned long long>(seed));
    for (size_t i = 0; i < page_size; ++i) page[i] = line[i % static_cast<size_t>(length)];
  }
  return page;
}

class LtxVectors : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = vectors_folder() / "manifest.json";
    if (!std::filesystem::exists(path)) {
      const char* ci = std::getenv("CI");
      if (ci != nullptr && std::string(ci) == "true") FAIL() << "no LTX vectors at " << path;
      GTEST_SKIP() << "no LTX vectors at " << path << ": set SQUALL_LTX_VECTORS to their folder";
    }
    manifest_ = Json::parse(read_whole(path));
  }

  Json manifest_;
};

}  // namespace squall::test_support
