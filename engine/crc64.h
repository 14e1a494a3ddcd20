// CRC-64/GO-ISO, the checksum of LTX: reflected polynomial 0xD800000000000000, initial value and final xor
// all ones; "123456789" gives b90956c775a41001. By carry-less multiply where the CPU has it (ISA-L).
#pragma once

#include <cstdint>
#include <string_view>

namespace squall {

// The checksum of earlier bytes followed by bytes; 0 stands for no earlier bytes.
uint64_t crc64(uint64_t earlier, std::string_view bytes);

}  // namespace squall
