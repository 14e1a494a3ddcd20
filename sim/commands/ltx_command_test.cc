#include "sim/commands/ltx_command.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/ltx_encoder.h"
#include "sim/commands/exit_status.h"

namespace squall::commands {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class LtxCommand : public ::testing::Test {
 protected:
  LtxCommand() {
    char name[] = "/tmp/squall-ltx-test-XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~LtxCommand() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  // The exit status; what was printed is in out_.
  int run(std::vector<std::string> arguments) {
    CLI::App app;
    int status = -1;
    add_ltx_commands(app, &status);
    arguments.insert(arguments.begin(), "ltx");
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError&) {
      status = -2;
    }
    fflush(stdout);
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return status;
  }

  static std::string read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  static void write(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
  }

  // A delta of one page that says `letter`, in a database of 3 pages of 512 bytes.
  std::string write_delta(const std::string& name, uint64_t txid, uint32_t pgno, char letter) {
    ltx::Header header{.flags = ltx::kFlagNoChecksum,
                       .page_size_bytes = 512,
                       .commit_pages = 3,
                       .min_txid = txid,
                       .max_txid = txid};
    ltx::Encoder encoder;
    EXPECT_TRUE(encoder.begin(header));
    EXPECT_TRUE(encoder.add_page(pgno, std::string(512, letter)));
    write(path(name), std::string(*encoder.finish()));
    return path(name);
  }

  // A real database with rows, an index, and free pages.
  std::string make_database(const std::string& name, int page_size) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(path(name).c_str(), &database), SQLITE_OK);
    const std::string sql =
        "PRAGMA page_size=" + std::to_string(page_size) +
        "; CREATE TABLE t(id INTEGER PRIMARY KEY, word TEXT, noise BLOB); CREATE INDEX w ON "
        "t(word);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
        "INSERT INTO t SELECT i, 'word ' || i, zeroblob(i * 3) FROM n;"
        "DELETE FROM t WHERE id % 3 = 0;";
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
    return path(name);
  }

  fs::path folder_;
  std::string out_;
  std::string err_;
};

TEST_F(LtxCommand, ARealDatabaseComesBackByteForByte) {
  for (const int page_size : {512, 4096, 65536}) {
    const std::string size = std::to_string(page_size);
    const std::string database = make_database(size + ".db", page_size);
    ASSERT_EQ(run({"snapshot", "--out", path(size + ".ltx"), database}), 0) << err_;
    ASSERT_EQ(run({"verify", path(size + ".ltx")}), 0) << out_;
    ASSERT_EQ(run({"restore", "--out", path(size + ".restored"), path(size + ".ltx")}), 0) << err_;
    EXPECT_EQ(read(path(size + ".restored")), read(database));
    EXPECT_FALSE(read(database).empty());
  }
}

TEST_F(LtxCommand, VerifyGoesOnAfterABadFile) {
  const std::string good = write_delta("good.ltx", 2, 1, 'a');
  std::string bytes = read(good);
  bytes[120] ^= 1;
  write(path("bad.ltx"), bytes);
  EXPECT_EQ(run({"verify", path("bad.ltx"), good}), 1);
  EXPECT_NE(out_.find("bad.ltx: refused: "), std::string::npos) << out_;
  EXPECT_NE(out_.find("good.ltx: ok"), std::string::npos) << out_;
}

TEST_F(LtxCommand, VerifyAsJsonGivesOneObjectAFile) {
  const std::string good = write_delta("good.ltx", 2, 1, 'a');
  write(path("bad.ltx"), "LTX");
  EXPECT_EQ(run({"verify", "--json", good, path("bad.ltx")}), 1);
  std::istringstream lines(out_);
  std::string line;
  ASSERT_TRUE(std::getline(lines, line));
  const Json first = Json::parse(line);
  EXPECT_EQ(first["file"], good);
  EXPECT_EQ(first["ok"], true);
  EXPECT_EQ(first["page_size"], 512);
  EXPECT_EQ(first["commit"], 3);
  EXPECT_EQ(first["min_txid"], 2);
  EXPECT_EQ(first["max_txid"], 2);
  EXPECT_EQ(first["pages"], 1);
  ASSERT_TRUE(std::getline(lines, line));
  const Json second = Json::parse(line);
  EXPECT_EQ(second["ok"], false);
  EXPECT_EQ(second["error"], "truncated at byte 3: the file ends inside a field");
}

TEST_F(LtxCommand, AnUnreadableFileIsTwoAndARefusedOneOutweighsIt) {
  EXPECT_EQ(run({"verify", path("absent.ltx")}), 2);
  EXPECT_NE(err_.find("absent.ltx"), std::string::npos);
  write(path("bad.ltx"), "LTX");
  EXPECT_EQ(run({"verify", path("absent.ltx"), path("bad.ltx")}), 1);
  EXPECT_EQ(run({"verify", folder_.string()}), 2);
}

TEST_F(LtxCommand, DumpShowsPagesAndChecksums) {
  const std::string file = write_delta("one.ltx", 7, 2, 'z');
  ASSERT_EQ(run({"dump", "--json", file}), 0);
  const Json dump = Json::parse(out_);
  EXPECT_EQ(dump["pages"][0]["pgno"], 2);
  EXPECT_EQ(dump["pages"][0]["offset"], 100);
  EXPECT_TRUE(dump["file_checksum"].is_string());
  ASSERT_EQ(run({"dump", file}), 0);
  EXPECT_NE(out_.find("max txid             7"), std::string::npos) << out_;
}

TEST_F(LtxCommand, CompactKeepsTheNewestPage) {
  const std::string older = write_delta("2.ltx", 2, 1, 'a');
  const std::string newer = write_delta("3.ltx", 3, 1, 'b');
  ASSERT_EQ(run({"compact", "--out", path("23.ltx"), older, newer}), 0) << err_;
  ASSERT_EQ(run({"verify", "--json", path("23.ltx")}), 0);
  EXPECT_EQ(Json::parse(out_)["max_txid"], 3);
  EXPECT_EQ(run({"compact", "--out", path("32.ltx"), newer, older}), 1);
  EXPECT_NE(err_.find("2.ltx: refused: not-contiguous"), std::string::npos) << err_;
  EXPECT_FALSE(fs::exists(path("32.ltx")));
}

TEST_F(LtxCommand, RestoreWithoutASnapshotIsRefusedAndLeavesNothing) {
  const std::string delta = write_delta("2.ltx", 2, 1, 'a');
  EXPECT_EQ(run({"restore", "--out", path("db"), delta}), 1);
  EXPECT_NE(err_.find("not-snapshot"), std::string::npos) << err_;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(LtxCommand, NothingIsOverwrittenWithoutForce) {
  const std::string database = make_database("a.db", 4096);
  write(path("out"), "precious");
  EXPECT_EQ(run({"snapshot", "--out", path("out"), database}), 2);
  EXPECT_EQ(read(path("out")), "precious");
  EXPECT_EQ(run({"snapshot", "--force", "--out", path("out"), database}), 0) << err_;
  EXPECT_EQ(run({"verify", path("out")}), 0);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(LtxCommand, OnlyARegularFileIsReplaced) {
  const std::string database = make_database("a.db", 4096);
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(run({"snapshot", "--force", "--out", path("pipe"), database}), kExitUsage) << err_;
  EXPECT_NE(err_.find("is no regular file"), std::string::npos) << err_;
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
  EXPECT_EQ(run({"snapshot", "--force", "--out", path(""), database}), kExitUsage) << "a folder";
}

TEST_F(LtxCommand, AFullDiskIsThreeAndLeavesNothing) {
  const std::string database = make_database("a.db", 4096);
  ASSERT_EQ(run({"snapshot", "--out", path("a.ltx"), database}), 0) << err_;
  // A limit on file sizes stands in for the full disk.
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight{10'000, before.rlim_max};
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const int status = run({"restore", "--out", path("b.db"), path("a.ltx")});
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  signal(SIGXFSZ, old_handler);
  EXPECT_EQ(status, 3);
  EXPECT_NE(err_.find("b.db"), std::string::npos) << err_;
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 2);
}

TEST_F(LtxCommand, ADatabaseWithAJournalOrNoDatabaseIsUnreadable) {
  const std::string database = make_database("a.db", 4096);
  write(database + "-wal", "something");
  EXPECT_EQ(run({"snapshot", "--out", path("a.ltx"), database}), 2);
  write(path("text"), std::string(4096, 't'));
  EXPECT_EQ(run({"snapshot", "--out", path("a.ltx"), path("text")}), 2);
  EXPECT_FALSE(fs::exists(path("a.ltx")));
}

TEST_F(LtxCommand, WrongUsageIsAParseError) {
  EXPECT_EQ(run({}), -2);
  EXPECT_EQ(run({"verify"}), -2);
  EXPECT_EQ(run({"compact", path("a")}), -2);
}

}  // namespace
}  // namespace squall::commands
