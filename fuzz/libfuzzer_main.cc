// A target under libFuzzer; which one is set at build time.
#include <cstring>
#include <string>

#include "engine/assert.h"
#include "fuzz/targets.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

const squall::fuzz::Target& target() {
  const squall::fuzz::Target* found = squall::fuzz::find_target(SQUALL_FUZZ_TARGET);
  SQUALL_ASSERT(found != nullptr);
  return *found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  target().run({reinterpret_cast<const char*>(data), size});
  return 0;
}

// One change in four is libFuzzer's own, which knows nothing of the format.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, max_size);
  std::string input(reinterpret_cast<const char*>(data), size);
  target().mutate(&input, seed);
  if (input.empty() || input.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::memcpy(data, input.data(), input.size());
  return input.size();
}
