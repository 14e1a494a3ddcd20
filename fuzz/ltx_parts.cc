#include "fuzz/ltx_parts.h"

#include <lz4.h>

#include "engine/big_endian.h"
#include "engine/crc64.h"
#include "engine/ltx_format.h"

namespace squall::fuzz {
namespace {

void append_u32(std::string* out, uint32_t value) {
  char bytes[4];
  put_u32(bytes, value);
  out->append(bytes, sizeof bytes);
}
void append_u64(std::string* out, uint64_t value) {
  char bytes[8];
  put_u64(bytes, value);
  out->append(bytes, sizeof bytes);
}

std::string frame_lead(const FrameParts& frame) {
  std::string lead;
  append_u32(&lead, frame.pgno);
  lead.push_back(static_cast<char>(frame.flags >> 8));
  lead.push_back(static_cast<char>(frame.flags));
  append_u32(&lead, static_cast<uint32_t>(frame.block.size()));
  return lead;
}

}  // namespace

uint32_t LtxParts::header_u32(size_t offset) const { return get_u32(header.data() + offset); }
void LtxParts::set_header_u32(size_t offset, uint32_t value) {
  put_u32(header.data() + offset, value);
}
void LtxParts::set_header_u64(size_t offset, uint64_t value) {
  put_u64(header.data() + offset, value);
}

uint32_t LtxParts::page_size_bytes() const {
  const uint32_t stored = header_u32(ltx::kPageSizeAt);
  return ltx::is_page_size(stored) ? stored : ltx::kMinPageBytes;
}

std::string LtxParts::page(const FrameParts& frame) const {
  std::string page(page_size_bytes(), '\0');
  LZ4_decompress_safe(frame.block.data(), page.data(), static_cast<int>(frame.block.size()),
                      static_cast<int>(page.size()));
  return page;
}

LtxParts take_apart(std::string_view file) {
  LtxParts parts;
  parts.header = std::string(file.substr(0, ltx::kHeaderBytes));
  parts.header.resize(ltx::kHeaderBytes);
  size_t at = ltx::kHeaderBytes;
  while (file.size() > at + ltx::kFrameLeadBytes) {
    const char* in = file.data() + at;
    FrameParts frame{get_u32(in), get_u16(in + 4), {}};
    const uint32_t size = get_u32(in + ltx::kFrameHeaderBytes);
    if (frame.pgno == 0 || size > file.size() - at - ltx::kFrameLeadBytes) break;
    frame.block = std::string(file.substr(at + ltx::kFrameLeadBytes, size));
    at += ltx::kFrameLeadBytes + size;
    parts.frames.push_back(std::move(frame));
  }
  if (file.size() >= at + ltx::kTrailerBytes) {
    parts.post_apply_checksum = get_u64(file.data() + file.size() - ltx::kTrailerBytes);
  }
  return parts;
}

std::string put_together(const LtxParts& parts) {
  std::string file = parts.header;
  std::string index;
  for (const FrameParts& frame : parts.frames) {
    char triple[3 * ltx::kMaxVarintBytes];
    const ltx::PageEntry entry{frame.pgno, file.size(), ltx::kFrameLeadBytes + frame.block.size()};
    index.append(triple, static_cast<size_t>(ltx::write_index_entry(entry, triple) - triple));
    file += frame_lead(frame) + frame.block;
  }
  file.append(ltx::kFrameHeaderBytes, '\0');
  index.push_back('\0');
  file += index;
  append_u64(&file, index.size());
  append_u64(&file, parts.post_apply_checksum);
  append_u64(&file, 0);
  seal(parts, &file);
  return file;
}

void seal(const LtxParts& parts, std::string* file) {
  uint64_t crc = crc64(0, parts.header);
  size_t frames_end = ltx::kHeaderBytes;
  for (const FrameParts& frame : parts.frames) {
    crc = crc64(crc64(crc, frame_lead(frame)), parts.page(frame));
    frames_end += ltx::kFrameLeadBytes + frame.block.size();
  }
  const size_t checksum_at = file->size() - sizeof crc;
  crc = crc64(crc, std::string_view(*file).substr(frames_end, checksum_at - frames_end));
  put_u64(file->data() + checksum_at, ltx::kChecksumBit | crc);
}

}  // namespace squall::fuzz
