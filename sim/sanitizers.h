// AddressSanitizer must be told of every switch between stacks, or it takes them for corruption.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define SQUALL_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SQUALL_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef SQUALL_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace squall::sim {

#ifdef SQUALL_ADDRESS_SANITIZER
inline constexpr bool kAddressSanitizer = true;
// Before the switch. fake_stack null: the fiber that is left will never run again.
inline void start_switch(void** fake_stack, const void* bottom, size_t size_bytes) {
  __sanitizer_start_switch_fiber(fake_stack, bottom, size_bytes);
}
inline void finish_switch(void* fake_stack, const void** old_bottom, size_t* old_size_bytes) {
  __sanitizer_finish_switch_fiber(fake_stack, old_bottom, old_size_bytes);
}
inline void unpoison_stack(const void* bottom, size_t size_bytes) {
  __asan_unpoison_memory_region(bottom, size_bytes);
}
#else
inline constexpr bool kAddressSanitizer = false;
inline void start_switch(void**, const void*, size_t) {}
inline void finish_switch(void*, const void**, size_t*) {}
inline void unpoison_stack(const void*, size_t) {}
#endif

}  // namespace squall::sim
