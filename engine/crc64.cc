#include "engine/crc64.h"

#include <isa-l/crc64.h>

namespace squall {
namespace {

#if defined(__x86_64__)
// ISA-L's AVX-512 kernels leave the upper halves of the vector registers in use. Until someone
// clears them, every SSE instruction (LZ4's, SQLite's, ours) waits for them: a sixth of a sweep.
__attribute__((target("avx"))) void clear_upper_halves() { __builtin_ia32_vzeroupper(); }

void leave_vector_registers_clean() {
  if (__builtin_cpu_supports("avx")) clear_upper_halves();
}
#else
void leave_vector_registers_clean() {}
#endif

}  // namespace

uint64_t crc64(uint64_t earlier, std::string_view bytes) {
  const uint64_t sum = crc64_iso_refl(
      earlier, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  leave_vector_registers_clean();
  return sum;
}

}  // namespace squall
