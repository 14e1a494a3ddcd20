#include "sim/stack_pool.h"

#include <sys/mman.h>
#include <unistd.h>

#include "engine/assert.h"
#include "sim/sanitizers.h"

namespace squall::sim {

namespace {
// SQLite's deepest measured use under our limits is 53 KiB; sanitized frames are several times
// larger.
constexpr size_t kStackBytes = kAddressSanitizer ? size_t{1} << 20 : size_t{256} << 10;
constexpr size_t kGuardBytes = 4096;
}  // namespace

StackPool::StackPool() = default;

StackPool::~StackPool() {
  SQUALL_ASSERT(live_ == 0);
  for (const Stack& stack : free_) munmap(stack.bottom - kGuardBytes, kGuardBytes + kStackBytes);
}

Stack StackPool::take() {
  ++live_;
  if (!free_.empty()) {
    const Stack stack = free_.back();
    free_.pop_back();
    return stack;
  }
  void* memory = mmap(nullptr, kGuardBytes + kStackBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  SQUALL_ASSERT(memory != MAP_FAILED);
  SQUALL_ASSERT(mprotect(memory, kGuardBytes, PROT_NONE) == 0);
  return Stack{static_cast<char*>(memory) + kGuardBytes, kStackBytes};
}

void StackPool::give_back(Stack stack) {
  SQUALL_ASSERT(live_ > 0);
  --live_;
  unpoison_stack(stack.bottom, stack.size_bytes);
  free_.push_back(stack);
}

}  // namespace squall::sim
