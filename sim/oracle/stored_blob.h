// Reads LTX blobs straight out of the newest state of the store: the oracle's own way to a page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/keys.h"
#include "sim/oracle/pending_writes.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

class StoredBlobReader {
 public:
  explicit StoredBlobReader(const SimulatedStore& store) : store_(store) {}

  // Appends the blob's pages to *out (rising within the blob) and returns nothing; else says what is wrong with it.
  std::optional<std::string> read(const Key& key, std::vector<PendingPage>* out);
  // The same of a blob whose first value is at hand.
  std::optional<std::string> read(const Key& key, std::string_view first_value, std::vector<PendingPage>* out);
  // Appends only the numbers of its pages; a blob that can't be read gives what comes before the damage.
  void page_numbers(const Key& key, std::string_view first_value, std::vector<uint32_t>* out);
  // The bytes of the blob, whole; valid until the next call.
  tl::expected<std::string_view, std::string> bytes(const Key& key, std::string_view first_value);

 private:
  const SimulatedStore& store_;
  std::string assembled_;
};

}  // namespace squall::sim
