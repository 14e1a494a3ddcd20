#include "sim/commands/single_run.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "sim/commands/exit_status.h"
#include "sim/commands/worker_pool.h"

namespace squall::commands {
namespace {

using File = std::unique_ptr<FILE, int (*)(FILE*)>;

int status_of(const SeedRunOutcome& outcome) {
  switch (outcome.record.result.verdict) {
    case sim::Verdict::kViolated: return kExitViolated;
    case sim::Verdict::kError: return kExitFailed;
    case sim::Verdict::kHeld: break;
  }
  return outcome.output_error.empty() ? kExitHeld : kExitFailed;
}

// By lines, so that the trace of a run that crashes is there up to the crash.
File open_trace(const std::string& path) {
  File file(std::fopen(path.c_str(), "we"), &std::fclose);
  if (file != nullptr) std::setvbuf(file.get(), nullptr, _IOLBF, 1 << 16);
  return file;
}

SeedRunOutcome run_traced(const SingleRun& single, FILE* trace) {
  sim::RunOptions options = single.run.options;
  if (trace != nullptr) {
    options.trace = [trace](std::string_view line) {
      std::fwrite(line.data(), 1, line.size(), trace);
      std::fputc('\n', trace);
    };
  }
  SeedRunOutcome outcome = single.work(options);
  if (trace != nullptr && (std::fflush(trace) != 0 || std::ferror(trace) != 0)) {
    outcome.output_error =
        fmt::format("can't write {}: {}", single.trace_path, std::strerror(errno));
  }
  return outcome;
}

}  // namespace

SingleRunEnd run_single(const System& system, Console& console, const SingleRun& single) {
  File trace(nullptr, &std::fclose);
  if (!single.trace_path.empty() && !(trace = open_trace(single.trace_path))) {
    console.complain(fmt::format("can't write {}: {}; name another --trace", single.trace_path,
                                 std::strerror(errno)));
    return {kExitFailed, std::nullopt};
  }
  bool handed_out = false;
  std::optional<SeedRunOutcome> outcome;
  JobQueue queue{.next = [&]() -> std::optional<Job> {
                   if (std::exchange(handed_out, true)) return std::nullopt;
                   return Job{0, single.run.seed};
                 },
                 .answered =
                     [&](const Job&, const Answer& answer) {
                       std::fputs(answer.noise.c_str(), console.err());
                       outcome = answer.kind == Answer::Kind::kAnswered
                                     ? decode_outcome(answer.text)
                                     : lost_outcome(system, single.run, answer);
                     },
                 .tick = nullptr};
  const PoolReport report = run_jobs(
      {.workers = 1}, [&](const Job&) { return encode_outcome(run_traced(single, trace.get())); },
      queue);
  if (!outcome) {
    console.complain(report.interrupted ? "interrupted; nothing was finished"
                                        : fork_error_text(report.fork_error));
    return {report.interrupted ? kExitInterrupted : kExitFailed, std::nullopt};
  }
  if (single.judge) single.judge(outcome->record);
  console.write(single.json ? reports::to_json_line(outcome->record) + "\n"
                            : reports::run_text(outcome->record, console.style()));
  if (!outcome->output_error.empty())
    console.complain(outcome->output_error + "; free space or work elsewhere");
  return {status_of(*outcome), std::move(outcome->record)};
}

}  // namespace squall::commands
