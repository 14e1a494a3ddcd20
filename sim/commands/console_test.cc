#include "sim/commands/console.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace squall::commands {
namespace {

// A terminal of two ends: what is written to file() can be read back. A container without /dev/pts
// has none to give.
class Terminal {
 public:
  Terminal() {
    int ours = -1;
    if (openpty(&reader_, &ours, nullptr, nullptr, nullptr) == 0) file_ = fdopen(ours, "w");
  }
  ~Terminal() {
    if (file_ == nullptr) return;
    std::fclose(file_);
    close(reader_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool is_there() const { return file_ != nullptr; }
  FILE* file() const { return file_; }
  // What has come so far.
  std::string text() const {
    fcntl(reader_, F_SETFL, O_NONBLOCK);
    std::string text;
    std::array<char, 256> buffer;
    for (ssize_t n = 0; (n = read(reader_, buffer.data(), buffer.size())) > 0;)
      text.append(buffer.data(), static_cast<size_t>(n));
    return text;
  }

 private:
  int reader_ = -1;
  FILE* file_ = nullptr;
};

class ConsoleTest : public testing::Test {
 protected:
  void SetUp() override { unsetenv("NO_COLOR"); }
  void TearDown() override { unsetenv("NO_COLOR"); }
};

TEST_F(ConsoleTest, ATerminalHasColourAndProgress) {
  const Terminal out;
  const Terminal err;
  if (!out.is_there() || !err.is_there()) GTEST_SKIP() << "this machine gives no terminals";
  Console console(out.file(), err.file());
  EXPECT_TRUE(console.style().color);
  console.progress("3 runs");
  EXPECT_NE(err.text().find("3 runs"), std::string::npos);
}

TEST_F(ConsoleTest, NoColorIsObeyedUnlessEmpty) {
  const Terminal terminal;
  if (!terminal.is_there()) GTEST_SKIP() << "this machine gives no terminals";
  setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(Console(terminal.file(), terminal.file()).style().color);
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(Console(terminal.file(), terminal.file()).style().color);
}

TEST_F(ConsoleTest, APipeHasNeitherColourNorProgress) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  FILE* file = fdopen(ends[1], "w");
  {
    Console console(file, file);
    EXPECT_FALSE(console.style().color);
    console.progress("3 runs");
    console.complain("one\nline");
  }
  std::fclose(file);
  std::array<char, 256> buffer;
  const ssize_t n = read(ends[0], buffer.data(), buffer.size());
  close(ends[0]);
  EXPECT_EQ(std::string(buffer.data(), static_cast<size_t>(n)), "squall: one line\n");
}

}  // namespace
}  // namespace squall::commands
