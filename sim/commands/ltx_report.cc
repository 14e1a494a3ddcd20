#include "sim/commands/ltx_report.h"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

namespace squall::commands {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(uint64_t checksum) { return fmt::format("{:016x}", checksum); }

// Paths need not be UTF-8; JSON must be.
std::string line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string verified_text(const std::string& file, const LtxFileFacts& facts) {
  const ltx::Header& header = facts.scanned.header;
  return fmt::format("{}: ok, {} {}..{}, {} of {} pages of {} bytes{}", file,
                     header.is_snapshot() ? "snapshot" : "delta", header.min_txid, header.max_txid,
                     facts.scanned.pages.size(), header.commit_pages, header.page_size_bytes,
                     facts.scanned.file_checksum == 0 ? ", no file checksum" : "");
}

std::string refused_text(const std::string& file, const std::string& error) {
  return fmt::format("{}: refused: {}", file, error);
}

std::string verified_json(const std::string& file, const LtxFileFacts& facts) {
  const ltx::Header& header = facts.scanned.header;
  return line(Json{{"file", file},
                   {"ok", true},
                   {"error", nullptr},
                   {"page_size", header.page_size_bytes},
                   {"commit", header.commit_pages},
                   {"min_txid", header.min_txid},
                   {"max_txid", header.max_txid},
                   {"pages", facts.scanned.pages.size()}});
}

std::string refused_json(const std::string& file, const std::string& error) {
  return line(Json{{"file", file},
                   {"ok", false},
                   {"error", error},
                   {"page_size", nullptr},
                   {"commit", nullptr},
                   {"min_txid", nullptr},
                   {"max_txid", nullptr},
                   {"pages", nullptr}});
}

std::string dump_text(const std::string& file, const LtxFileFacts& facts) {
  const ltx::ScannedFile& scanned = facts.scanned;
  const ltx::Header& header = scanned.header;
  fmt::memory_buffer out;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "{}\n", file);
  fmt::format_to(to, "  flags                {:#x}{}\n", header.flags,
                 header.has_checksums() ? "" : " (NoChecksum)");
  fmt::format_to(to, "  page size            {}\n", header.page_size_bytes);
  fmt::format_to(to, "  commit               {}\n", header.commit_pages);
  fmt::format_to(to, "  min txid             {}\n", header.min_txid);
  fmt::format_to(to, "  max txid             {}\n", header.max_txid);
  fmt::format_to(to, "  timestamp ms         {}\n", header.timestamp_ms);
  fmt::format_to(to, "  pre-apply checksum   {}\n", hex(header.pre_apply_checksum));
  fmt::format_to(to, "  WAL offset, size     {}, {}\n", header.wal_offset, header.wal_size);
  fmt::format_to(to, "  WAL salts            {:08x}, {:08x}\n", header.wal_salt1, header.wal_salt2);
  fmt::format_to(to, "  node id              {}\n", hex(header.node_id));
  fmt::format_to(to, "  pages                {}\n", scanned.pages.size());
  for (size_t i = 0; i < scanned.pages.size(); ++i) {
    const ltx::PageEntry& page = scanned.pages[i];
    fmt::format_to(to, "    page {:>10} at {:>10}, {:>6} bytes, checksum {}\n", page.pgno,
                   page.offset_bytes, page.size_bytes, hex(facts.page_checksums[i]));
  }
  fmt::format_to(to, "  index                at {}, {} bytes\n", scanned.index_offset_bytes,
                 scanned.trailer_offset_bytes - scanned.index_offset_bytes);
  fmt::format_to(to, "  post-apply checksum  {}\n", hex(scanned.post_apply_checksum));
  fmt::format_to(to, "  file checksum        {}", hex(scanned.file_checksum));
  return fmt::to_string(out);
}

std::string dump_json(const std::string& file, const LtxFileFacts& facts) {
  const ltx::ScannedFile& scanned = facts.scanned;
  const ltx::Header& header = scanned.header;
  Json pages = Json::array();
  for (size_t i = 0; i < scanned.pages.size(); ++i) {
    const ltx::PageEntry& page = scanned.pages[i];
    pages.push_back(Json{{"pgno", page.pgno},
                         {"offset", page.offset_bytes},
                         {"size", page.size_bytes},
                         {"checksum", hex(facts.page_checksums[i])}});
  }
  return line(Json{{"file", file},
                   {"ok", true},
                   {"error", nullptr},
                   {"flags", header.flags},
                   {"page_size", header.page_size_bytes},
                   {"commit", header.commit_pages},
                   {"min_txid", header.min_txid},
                   {"max_txid", header.max_txid},
                   {"timestamp_ms", header.timestamp_ms},
                   {"pre_apply_checksum", hex(header.pre_apply_checksum)},
                   {"wal_offset", header.wal_offset},
                   {"wal_size", header.wal_size},
                   {"wal_salt1", header.wal_salt1},
                   {"wal_salt2", header.wal_salt2},
                   {"node_id", hex(header.node_id)},
                   {"pages", pages},
                   {"index_offset", scanned.index_offset_bytes},
                   {"index_size", scanned.trailer_offset_bytes - scanned.index_offset_bytes},
                   {"post_apply_checksum", hex(scanned.post_apply_checksum)},
                   {"file_checksum", hex(scanned.file_checksum)}});
}

}  // namespace squall::commands
