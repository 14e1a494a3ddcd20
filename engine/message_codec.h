// The wire form of requests and replies, in BARE (bare.h).
//
//   request   actor u64 · generation u64 · union:
//     0 takeover      start sequence u64 · nonce u64 · list of pgno u32 · list of (first u32, count
//                     u32) · max preload bytes u32
//     1 get pages     list of pgno u32
//     2 commit        head u64 · commit id · size u32 · list of (pgno u32, page data)
//     3 stage begin   head u64 · commit id
//     4 stage         head u64 · commit id · chunk u32 · blob data
//     5 finalize      head u64 · commit id · size u32 · chunk count u32 · digest u64
//   commit id  session u64 · sequence u64
//   reply     generation u64 · head u64 · size u32 · union:
//     0 done · 1 pages: list of (pgno u32, page data, empty when past the end) · 2 error: code u8 ·
//     message data
//
// A union's tag, a list's count and the length of data are varints. Page data is 4096 bytes.
#pragma once

#include <string>
#include <string_view>

#include "engine/messages.h"

namespace squall {

// Appends to out.
void encode_request(const Request& request, std::string* out);
void encode_reply(const Reply& reply, std::string* out);

// kInvalidRequest: bytes missing or left over, an unknown tag, a size that the input can't hold
// (checked before anything is allocated), or what check_request refuses.
Result<Request> decode_request(std::string_view bytes, PagePool& pool);
// The same, and: a page 0, or a page twice.
Result<Reply> decode_reply(std::string_view bytes, PagePool& pool);

}  // namespace squall
