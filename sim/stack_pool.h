// Stacks for fibers: reserved with a guard page below, kept and handed out again, since making one
// costs more than a whole simulated commit.
#pragma once

#include <cstddef>
#include <vector>

namespace squall::sim {

struct Stack {
  char* bottom = nullptr;  // lowest usable address
  size_t size_bytes = 0;
  char* top() const { return bottom + size_bytes; }
};

class StackPool {
 public:
  StackPool();
  ~StackPool();
  StackPool(const StackPool&) = delete;
  StackPool& operator=(const StackPool&) = delete;

  Stack take();
  void give_back(Stack stack);

 private:
  std::vector<Stack> free_;
  size_t live_ = 0;
};

}  // namespace squall::sim
