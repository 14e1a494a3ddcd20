// Reads LTX blobs straight out of the newest state of the store: the oracle's own way to a page.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/keys.h"
#include "engine/ltx_format.h"
#include "engine/ltx_scan.h"
#include "sim/oracle/pending_writes.h"
#include "sim/store/simulated_store.h"

namespace squall::sim {

// The page in an LTX file; empty: it is not there, or the file can't be read.
std::string page_in_file(std::string_view file, uint32_t pgno);

class StoredBlobReader {
 public:
  explicit StoredBlobReader(const SimulatedStore& store) : store_(store) {}

  // Appends the blob's pages to *out (rising within the blob) and returns nothing; else says what
  // is wrong with it.
  std::optional<std::string> read(const Key& key, std::vector<PendingPage>* out);
  // The same of a blob whose first value is at hand.
  std::optional<std::string> read(const Key& key, std::string_view first_value,
                                  std::vector<PendingPage>* out);
  // The LTX header of the blob that was last read whole.
  const ltx::Header& header() const { return header_; }
  // The bytes of one page; empty: it is not there, or the blob can't be read.
  std::string page(const Key& key, uint32_t pgno);
  // Appends only the numbers of its pages; a blob that can't be read gives what comes before the
  // damage.
  void page_numbers(const Key& key, std::string_view first_value, std::vector<uint32_t>* out);
  // The bytes of the blob, whole; valid until the next call.
  tl::expected<std::string_view, std::string> bytes(const Key& key, std::string_view first_value);

 private:
  // Remembers by a hash of the frame's bytes, for a while, what was decoded from it: most frames of
  // a shard are copies of frames that were read before.
  class Frames : public ltx::FrameMemory {
   public:
    std::optional<uint64_t> recall(std::string_view frame) override;
    void learn(std::string_view frame, uint64_t checksum, std::string_view page) override;
    // Of the frame that was asked for last.
    PageHash page() const { return page_; }

   private:
    struct Known {
      uint64_t checksum;
      PageHash page;
    };
    absl::flat_hash_map<uint64_t, Known> known_;
    uint64_t asked_ = 0;
    PageHash page_ = kUnknownPage;
  };

  const SimulatedStore& store_;
  ltx::Header header_;
  std::string assembled_;
  Frames frames_;
};

}  // namespace squall::sim
