// Guesses which pages will be read next, from the steps between the pages that were read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace squall {

class PrefetchPredictor {
 public:
  // At most this many pages (64 KiB: within the 256 KiB that one fetch may bring on top).
  static constexpr size_t kMaxPages = 16;

  // A page was read from below SQLite's own cache.
  void record(uint32_t pgno);

  // Pages after the last recorded one, all in 1..size_pages, likeliest first. Two equal positive
  // steps in a row predict that stride; otherwise the steps that most often followed each other are
  // chained, where a succession was seen at least twice.
  void predict(uint32_t size_pages, std::vector<uint32_t>* out) const;

 private:
  static constexpr size_t kMaxSuccessions = 32;
  struct Succession {
    int64_t step;
    int64_t next_step;
    uint32_t count;
  };

  void count_succession(int64_t step, int64_t next_step);
  const Succession* likeliest_after(int64_t step) const;

  uint32_t last_pgno_ = 0;  // 0: nothing was read yet
  int64_t last_step_ = 0;
  uint32_t run_length_ = 0;  // of last_step_
  std::vector<Succession> successions_;
  size_t next_victim_ = 0;
};

}  // namespace squall
