#include "engine/message_codec.h"

#include <gtest/gtest.h>

namespace squall {
namespace {

class MessageCodec : public ::testing::Test {
 protected:
  PageRef page(char fill) {
    return pool.build([&](char* bytes) { std::memset(bytes, fill, kPageSizeBytes); });
  }
  std::vector<Request> requests() {
    return {
        {7, 0, TakeoverRequest{{1, 2}, {3, 900}, {{10, 4}}, 4096}},
        {7, 1, GetPagesRequest{{5, 1, 9}}},
        {7, 1, CommitRequest{4, {2, 1}, 9, {{1, page('a')}, {9, page('b')}}}},
        {7, 1, StageBeginRequest{4, {2, 1}}},
        {7, 1, StageRequest{4, {2, 1}, 3, SharedBytes("blob")}},
        {7, 1, FinalizeRequest{4, {2, 1}, 9, 4, 0x1234}},
    };
  }
  std::vector<Reply> replies() {
    return {
        {{1, 2, 3}, DoneReply{}},
        {{1, 2, 3}, PagesReply{{{4, page('c')}, {2, PageRef()}}}},
        {{0, 0, 0}, Error{ErrorCode::kFenced, "why"}},
    };
  }
  static std::string encoded(const Request& request) {
    std::string bytes;
    encode_request(request, &bytes);
    return bytes;
  }
  static std::string encoded(const Reply& reply) {
    std::string bytes;
    encode_reply(reply, &bytes);
    return bytes;
  }
  bool refused(Request request) { return !decode_request(encoded(request), pool); }

  PagePool pool;
};

TEST_F(MessageCodec, EachMessageComesBackAsItWas) {
  for (const Request& request : requests()) {
    const std::string bytes = encoded(request);
    const auto decoded = decode_request(bytes, pool);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->body.index(), request.body.index());
    EXPECT_EQ(encoded(*decoded), bytes);
  }
  for (const Reply& reply : replies()) {
    const std::string bytes = encoded(reply);
    const auto decoded = decode_reply(bytes, pool);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(encoded(*decoded), bytes);
  }
}

TEST_F(MessageCodec, PagesComeBackByteForByte) {
  const auto decoded = decode_request(encoded(requests()[2]), pool);
  const auto& commit = std::get<CommitRequest>(decoded->body);
  ASSERT_EQ(commit.pages.size(), 2u);
  EXPECT_EQ(commit.pages[1].pgno, 9u);
  EXPECT_EQ(commit.pages[1].page.view(), page('b').view());
  EXPECT_EQ(commit.commit_id, (CommitId{2, 1}));
}

TEST_F(MessageCodec, MissingAndTrailingBytesAreRefused) {
  for (const Request& request : requests()) {
    const std::string bytes = encoded(request);
    for (size_t length = 0;
         length<bytes.size(); length += bytes.size()> 200 && length > 40 ? 97 : 1) {
      EXPECT_FALSE(decode_request(bytes.substr(0, length), pool));
    }
    EXPECT_FALSE(decode_request(bytes + '\0', pool));
  }
  for (const Reply& reply : replies()) {
    const std::string bytes = encoded(reply);
    EXPECT_FALSE(decode_reply(bytes.substr(0, bytes.size() - 1), pool));
    EXPECT_FALSE(decode_reply(bytes + '\0', pool));
  }
}

TEST_F(MessageCodec, AnUnknownTagIsRefused) {
  std::string bytes = encoded(requests()[3]);
  bytes[16] = 6;
  EXPECT_FALSE(decode_request(bytes, pool));
}

TEST_F(MessageCodec, ACountThatTheInputCannotHoldIsRefusedBeforeAnythingIsAllocated) {
  std::string bytes(16, '\0');
  bytes += "\x01\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  EXPECT_FALSE(decode_request(bytes, pool));
}

TEST_F(MessageCodec, AVarintInMoreBytesThanItNeedsIsRefused) {
  std::string bytes(16, '\0');
  bytes += std::string("\x81\x00\x00", 3);
  EXPECT_FALSE(decode_request(bytes, pool));
}

TEST_F(MessageCodec, ARequestThatBreaksARuleIsRefused) {
  EXPECT_TRUE(refused({7, 1, GetPagesRequest{{0}}}));
  EXPECT_TRUE(refused({7, 1, GetPagesRequest{{4, 2, 4}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {2, 1}, 9, {{0, page('a')}}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {2, 1}, 9, {{2, page('a')}, {2, page('a')}}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {2, 1}, 9, {{3, page('a')}, {2, page('a')}}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {2, 1}, 9, {{10, page('a')}}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {2, 1}, 9, {{1, PageRef()}}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {0, 0}, 9, {}}}));
  EXPECT_TRUE(refused({7, 1, CommitRequest{4, {2, 1}, 0, {}}}));
  EXPECT_TRUE(refused({7, 1, StageBeginRequest{4, {0, 0}}}));
  EXPECT_TRUE(refused({7, 1, StageRequest{4, {2, 1}, 65536, SharedBytes("x")}}));
  EXPECT_TRUE(refused({7, 1, FinalizeRequest{4, {2, 1}, 9, 0, 0}}));
  EXPECT_TRUE(refused({7, 0, TakeoverRequest{{1, 2}, {0}, {}, 0}}));
  EXPECT_TRUE(refused({7, 0, TakeoverRequest{{1, 2}, {}, {{0, 1}}, 0}}));
}

TEST_F(MessageCodec, AReplyWithAPageTwiceIsRefused) {
  EXPECT_FALSE(
      decode_reply(encoded(Reply{{}, PagesReply{{{4, PageRef()}, {4, PageRef()}}}}), pool));
}

}  // namespace
}  // namespace squall
