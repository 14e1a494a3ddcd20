#include "engine/crc64.h"

#include <isa-l/crc64.h>

namespace squall {

uint64_t crc64(uint64_t earlier, std::string_view bytes) {
  return crc64_iso_refl(earlier, reinterpret_cast<const unsigned char*>(bytes.data()),
                        bytes.size());
}

}  // namespace squall
