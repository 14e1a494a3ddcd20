#include "sim/commands/worker_pool.h"

#include <gtest/gtest.h>

#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <set>

namespace squall::commands {
namespace {

// Jobs 1 to last, and the answers by job.
struct Collected {
  explicit Collected(uint64_t last) : last_seed(last) {}

  JobQueue queue() {
    return {.next = [this]() -> std::optional<Job> {
              if (given == last_seed) return std::nullopt;
              return Job{0, ++given};
            },
            .answered = [this](const Job& job,
                               const Answer& answer) { answers.emplace(job.seed, answer); },
            .tick = nullptr};
  }

  uint64_t last_seed;
  uint64_t given = 0;
  std::multimap<uint64_t, Answer> answers;
};

TEST(WorkerPool, AnswersEveryJobOnceOnAllWorkers) {
  Collected collected(200);
  JobQueue queue = collected.queue();
  const auto report = run_jobs(
      {.workers = 3},
      [](const Job& job) { return std::to_string(job.seed) + " " + std::to_string(getpid()); },
      queue);
  EXPECT_FALSE(report.interrupted);
  ASSERT_EQ(collected.answers.size(), 200u);
  std::set<std::string> workers;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    ASSERT_EQ(collected.answers.count(seed), 1u);
    const std::string text = collected.answers.find(seed)->second.text;
    EXPECT_TRUE(text.starts_with(std::to_string(seed) + " "));
    workers.insert(text.substr(text.find(' ')));
  }
  EXPECT_EQ(workers.size(), 3u);
}

TEST(WorkerPool, ADeathIsTheAnswerOfItsJobAlone) {
  Collected collected(30);
  JobQueue queue = collected.queue();
  run_jobs(
      {.workers = 2},
      [](const Job& job) -> std::string {
        // Not SIGSEGV: AddressSanitizer would take that for its own.
        if (job.seed == 7) std::raise(SIGUSR1);
        if (job.seed == 8) std::_Exit(5);
        if (job.seed == 9) {
          std::fputs("the reason\n", stderr);
          std::abort();
        }
        return "fine";
      },
      queue);
  ASSERT_EQ(collected.answers.size(), 30u);
  for (const auto& [seed, answer] : collected.answers) {
    EXPECT_EQ(answer.kind == Answer::Kind::kCrashed, seed >= 7 && seed <= 9) << seed;
  }
  EXPECT_EQ(collected.answers.find(7)->second.site, "SIGUSR1");
  EXPECT_EQ(collected.answers.find(8)->second.site, "exit-5");
  EXPECT_EQ(collected.answers.find(9)->second.site, "SIGABRT");
  EXPECT_NE(collected.answers.find(9)->second.text.find("the reason"), std::string::npos);
}

TEST(WorkerPool, AnEndlessJobIsKilledByItsCpuTime) {
  Collected collected(3);
  JobQueue queue = collected.queue();
  run_jobs(
      {.workers = 1, .max_job_cpu_s = 0.2},
      [](const Job& job) -> std::string {
        for (volatile bool endless = job.seed == 2; endless;) {
        }
        return "fine";
      },
      queue);
  ASSERT_EQ(collected.answers.size(), 3u);
  EXPECT_EQ(collected.answers.find(2)->second.kind, Answer::Kind::kHung);
  EXPECT_GE(collected.answers.find(2)->second.cpu_s, 0.2);
  EXPECT_EQ(collected.answers.find(3)->second.text, "fine");
}

TEST(WorkerPool, AWorkerThatHasGrownIsReplacedAfterItsAnswer) {
  Collected collected(10);
  JobQueue queue = collected.queue();
  const auto report = run_jobs(
      {.workers = 1, .max_worker_bytes = 1}, [](const Job&) { return "fine"; }, queue);
  EXPECT_EQ(collected.answers.size(), 10u);
  EXPECT_EQ(report.workers_replaced_for_size, 10u);
  EXPECT_GT(report.peak_worker_bytes, 0u);
}

TEST(WorkerPool, AnInterruptionKeepsWhatWasAnswered) {
  Collected collected(1'000'000);
  JobQueue queue = collected.queue();
  const auto answered = queue.answered;
  queue.answered = [&](const Job& job, const Answer& answer) {
    answered(job, answer);
    if (collected.answers.size() == 20) kill(getpid(), SIGTERM);
  };
  const auto report = run_jobs(
      {.workers = 2}, [](const Job&) { return "fine"; }, queue);
  EXPECT_TRUE(report.interrupted);
  EXPECT_GE(collected.answers.size(), 20u);
  EXPECT_LT(collected.answers.size(), 1'000'000u);
}

TEST(WorkerPool, AQueueMayHaveMoreAfterAnAnswer) {
  uint64_t given = 0;
  uint64_t answered = 0;
  JobQueue queue{.next = [&]() -> std::optional<Job> {
                   // One at a time: the next only once the last is in.
                   if (given > answered || given == 5) return std::nullopt;
                   return Job{0, ++given};
                 },
                 .answered = [&](const Job&, const Answer&) { ++answered; },
                 .tick = nullptr};
  run_jobs(
      {.workers = 2}, [](const Job&) { return "fine"; }, queue);
  EXPECT_EQ(answered, 5u);
}

}  // namespace
}  // namespace squall::commands
