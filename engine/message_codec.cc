#include "engine/message_codec.h"

#include <algorithm>

#include "engine/bare.h"
#include "engine/message_check.h"

namespace squall {
namespace {

using bare::Reader;
using bare::Writer;

constexpr size_t kPgnoBytes = 4;
constexpr size_t kRangeBytes = 8;
constexpr size_t kMinNumberedPageBytes = 5;

Failure malformed() {
  return fail(ErrorCode::kInvalidRequest, "a message that is not in its wire form");
}

// --- writing ---

void write(Writer& out, const CommitId& id) {
  out.u64(id.session);
  out.u64(id.sequence);
}

void write(Writer& out, const std::vector<NumberedPage>& pages) {
  out.uint(pages.size());
  for (const NumberedPage& numbered : pages) {
    out.u32(numbered.pgno);
    out.data(numbered.page ? numbered.page.view() : std::string_view());
  }
}

void write(Writer& out, const TakeoverRequest& request) {
  out.u64(request.owner.start_sequence);
  out.u64(request.owner.nonce);
  out.uint(request.preload_pgnos.size());
  for (const uint32_t pgno : request.preload_pgnos) out.u32(pgno);
  out.uint(request.preload_ranges.size());
  for (const PageRange& range : request.preload_ranges) {
    out.u32(range.first_pgno);
    out.u32(range.count);
  }
  out.u32(request.max_preload_bytes);
}

void write(Writer& out, const GetPagesRequest& request) {
  out.uint(request.pgnos.size());
  for (const uint32_t pgno : request.pgnos) out.u32(pgno);
}

void write(Writer& out, const CommitRequest& request) {
  out.u64(request.head_txid);
  write(out, request.commit_id);
  out.u32(request.size_pages);
  write(out, request.pages);
}

void write(Writer& out, const StageBeginRequest& request) {
  out.u64(request.head_txid);
  write(out, request.commit_id);
}

void write(Writer& out, const StageRequest& request) {
  out.u64(request.head_txid);
  write(out, request.commit_id);
  out.u32(request.chunk);
  out.data(request.blob);
}

void write(Writer& out, const FinalizeRequest& request) {
  out.u64(request.head_txid);
  write(out, request.commit_id);
  out.u32(request.size_pages);
  out.u32(request.chunk_count);
  out.u64(request.digest);
}

void write(Writer&, const DoneReply&) {}
void write(Writer& out, const PagesReply& reply) { write(out, reply.pages); }
void write(Writer& out, const Error& error) {
  out.u8(static_cast<uint8_t>(error.code));
  out.data(error.message);
}

// --- reading: what can't be read leaves `in` not ok ---

void read(Reader& in, CommitId* id) {
  id->session = in.u64();
  id->sequence = in.u64();
}

// False: a page of a wrong length.
bool read(Reader& in, PagePool& pool, bool absent_allowed, std::vector<NumberedPage>* pages) {
  const uint64_t count = in.count(kMinNumberedPageBytes);
  pages->reserve(count);
  for (uint64_t i = 0; i < count; ++i) {
    NumberedPage numbered;
    numbered.pgno = in.u32();
    const std::string_view bytes = in.data();
    if (!in.ok()) return false;
    if (bytes.size() == kPageSizeBytes) {
      numbered.page = pool.copy(bytes.data());
    } else if (!bytes.empty() || !absent_allowed) {
      return false;
    }
    pages->push_back(std::move(numbered));
  }
  return true;
}

bool read(Reader& in, PagePool&, TakeoverRequest* request) {
  request->owner.start_sequence = in.u64();
  request->owner.nonce = in.u64();
  request->preload_pgnos.resize(in.count(kPgnoBytes));
  for (uint32_t& pgno : request->preload_pgnos) pgno = in.u32();
  request->preload_ranges.resize(in.count(kRangeBytes));
  for (PageRange& range : request->preload_ranges) {
    range.first_pgno = in.u32();
    range.count = in.u32();
  }
  request->max_preload_bytes = in.u32();
  return true;
}

bool read(Reader& in, PagePool&, GetPagesRequest* request) {
  request->pgnos.resize(in.count(kPgnoBytes));
  for (uint32_t& pgno : request->pgnos) pgno = in.u32();
  return true;
}

bool read(Reader& in, PagePool& pool, CommitRequest* request) {
  request->head_txid = in.u64();
  read(in, &request->commit_id);
  request->size_pages = in.u32();
  return read(in, pool, false, &request->pages);
}

bool read(Reader& in, PagePool&, StageBeginRequest* request) {
  request->head_txid = in.u64();
  read(in, &request->commit_id);
  return true;
}

bool read(Reader& in, PagePool&, StageRequest* request) {
  request->head_txid = in.u64();
  read(in, &request->commit_id);
  request->chunk = in.u32();
  request->blob = SharedBytes(in.data());
  return true;
}

bool read(Reader& in, PagePool&, FinalizeRequest* request) {
  request->head_txid = in.u64();
  read(in, &request->commit_id);
  request->size_pages = in.u32();
  request->chunk_count = in.u32();
  request->digest = in.u64();
  return true;
}

bool read(Reader&, PagePool&, DoneReply*) { return true; }

bool read(Reader& in, PagePool& pool, PagesReply* reply) {
  if (!read(in, pool, true, &reply->pages)) return false;
  std::vector<uint32_t> pgnos;
  pgnos.reserve(reply->pages.size());
  for (const NumberedPage& numbered : reply->pages) pgnos.push_back(numbered.pgno);
  std::sort(pgnos.begin(), pgnos.end());
  if (!pgnos.empty() && pgnos.front() == 0) return false;
  return std::adjacent_find(pgnos.begin(), pgnos.end()) == pgnos.end();
}

bool read(Reader& in, PagePool&, Error* error) {
  const uint8_t code = in.u8();
  if (code > static_cast<uint8_t>(ErrorCode::kUnavailable)) return false;
  error->code = static_cast<ErrorCode>(code);
  error->message = std::string(in.data());
  return true;
}

// Reads the alternative that the next tag names into the union.
template <size_t I = 0, typename... Bodies>
bool read_union(Reader& in, PagePool& pool, uint64_t tag, std::variant<Bodies...>* body) {
  if constexpr (I < sizeof...(Bodies)) {
    if (tag == I) return read(in, pool, &body->template emplace<I>());
    return read_union<I + 1>(in, pool, tag, body);
  } else {
    return false;
  }
}

template <typename Message>
void write_union(Writer& out, const Message& message) {
  out.uint(message.body.index());
  std::visit([&](const auto& body) { write(out, body); }, message.body);
}

}  // namespace

void encode_request(const Request& request, std::string* out) {
  Writer writer(out);
  writer.u64(request.actor);
  writer.u64(request.generation);
  write_union(writer, request);
}

void encode_reply(const Reply& reply, std::string* out) {
  Writer writer(out);
  writer.u64(reply.head.generation);
  writer.u64(reply.head.head_txid);
  writer.u32(reply.head.size_pages);
  write_union(writer, reply);
}

Result<Request> decode_request(std::string_view bytes, PagePool& pool) {
  Reader in(bytes);
  Request request;
  request.actor = in.u64();
  request.generation = in.u64();
  const uint64_t tag = in.uint();
  if (!in.ok() || !read_union(in, pool, tag, &request.body)) return malformed();
  if (!in.ok() || !in.at_end()) return malformed();
  if (auto checked = check_request(request); !checked) return Failure(std::move(checked.error()));
  return request;
}

Result<Reply> decode_reply(std::string_view bytes, PagePool& pool) {
  Reader in(bytes);
  Reply reply;
  reply.head.generation = in.u64();
  reply.head.head_txid = in.u64();
  reply.head.size_pages = in.u32();
  const uint64_t tag = in.uint();
  if (!in.ok() || !read_union(in, pool, tag, &reply.body)) return malformed();
  if (!in.ok() || !in.at_end()) return malformed();
  return reply;
}

}  // namespace squall
