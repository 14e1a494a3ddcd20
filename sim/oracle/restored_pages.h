// Tells a landing that changes nothing: SQLite had spilled part of a transaction, ran out of
// memory, and wrote back what it had overwritten. Free pages may have changed all the same, since
// it keeps none of their bytes in its journal (free_leaves.h).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "sim/oracle/page_image.h"
#include "sim/oracle/pending_writes.h"

namespace squall::sim {

// pages: what landed on the image, by rising page number. read_page: a page that the image has not
// kept, whole, as it is after the landing (a trunk that changed is then among pages, as page 1 is
// before it); empty: it can't be read.
bool restores(const PageImage& image, std::span<const PendingPage> pages, uint32_t size_pages,
              const std::function<std::string(uint32_t pgno)>& read_page);

}  // namespace squall::sim
