// A database in memory, as files are applied to it.
#pragma once

#include <string>

#include "engine/ltx_database.h"

namespace squall::fuzz {

class MemorySink : public ltx::PageSink {
 public:
  explicit MemorySink(size_t page_size_bytes) : page_size_bytes_(page_size_bytes) {}
  void write(uint32_t pgno, std::string_view page) override {
    bytes_.replace((pgno - 1) * page_size_bytes_, page_size_bytes_, page);
  }
  void resize(uint32_t size_pages) override { bytes_.resize(size_pages * page_size_bytes_); }
  const std::string& bytes() const { return bytes_; }

 private:
  size_t page_size_bytes_;
  std::string bytes_;
};

}  // namespace squall::fuzz
