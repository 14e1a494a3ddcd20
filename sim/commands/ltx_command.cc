#include "sim/commands/ltx_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "engine/ltx_compactor.h"
#include "engine/ltx_database.h"
#include "engine/ltx_decoder.h"
#include "sim/commands/command_context.h"
#include "sim/commands/exit_status.h"
#include "sim/commands/input_file.h"
#include "sim/commands/ltx_report.h"
#include "sim/commands/output_file.h"

namespace squall::commands {
namespace {

struct LtxOptions {
  std::vector<std::string> files;
  std::string out;
  std::string database;
  bool json = false;
  bool force = false;
  bool no_checksum = false;
  bool zero_trailer = false;
  uint64_t txid = 1;

  ltx::TrailerForm trailer() const {
    return zero_trailer ? ltx::TrailerForm::kChecksumOrZero : ltx::TrailerForm::kChecksum;
  }
};

// A refused file outweighs an unreadable one.
int worse(int a, int b) {
  if (a == kExitViolated || b == kExitViolated) return kExitViolated;
  return a > b ? a : b;
}

CommandFailure refused(const std::string& file, const std::string& why) {
  return CommandFailure({kExitViolated, refused_text(file, why)});
}

int report(const CommandError& error) {
  fmt::print(stderr, "squall: {}\n", error.message);
  return error.exit_status;
}

// A line of results; kExitFailed if it can't be written.
int print_line(const std::string& text) {
  const std::string line = text + "\n";
  if (fwrite(line.data(), 1, line.size(), stdout) == line.size() && fflush(stdout) == 0)
    return kExitHeld;
  return report({kExitFailed, "writing the results failed"});
}

int finish(const CommandResult<void>& result) {
  return result ? kExitHeld : report(result.error());
}

CommandResult<ltx::OpenedBlob> open_file(const std::string& path, const LtxOptions& options) {
  auto bytes = read_shared(path);
  if (!bytes) return CommandFailure(bytes.error());
  auto blob = ltx::OpenedBlob::open(std::move(*bytes), 0, options.trailer());
  if (!blob) return refused(path, blob.error().message());
  return std::move(*blob);
}

using Describe = std::string (*)(const std::string& file, const LtxFileFacts& facts);

int inspect_file(const std::string& path, const LtxOptions& options, Describe describe) {
  const auto refuse = [&](const std::string& error) {
    return print_line(options.json ? refused_json(path, error) : refused_text(path, error));
  };
  const auto bytes = read_whole(path);
  if (!bytes) {
    const int status = report(bytes.error());
    return options.json ? worse(status, refuse(bytes.error().message)) : status;
  }
  LtxFileFacts facts;
  const auto see = [&](const ltx::PageEntry& entry, std::string_view page) {
    facts.page_checksums.push_back(ltx::page_checksum(entry.pgno, page));
  };
  auto scanned = ltx::decode(*bytes, see, options.trailer());
  if (!scanned) return worse(kExitViolated, refuse(scanned.error().message()));
  facts.scanned = std::move(*scanned);
  return print_line(describe(path, facts));
}

int inspect(const LtxOptions& options, Describe describe) {
  int status = kExitHeld;
  for (const std::string& file : options.files)
    status = worse(status, inspect_file(file, options, describe));
  return status;
}

CommandResult<void> write_output(const LtxOptions& options, std::string_view bytes) {
  auto out = OutputFile::create(options.out, options.force);
  if (!out) return CommandFailure(out.error());
  out->write_at(0, bytes);
  return out->publish();
}

CommandResult<void> run_compact(const LtxOptions& options) {
  std::vector<ltx::OpenedBlob> inputs;
  for (const std::string& file : options.files) {
    auto blob = open_file(file, options);
    if (!blob) return CommandFailure(blob.error());
    inputs.push_back(std::move(*blob));
  }
  ltx::Encoder encoder;
  const auto compacted = ltx::compact(inputs, inputs.front().header().flags, encoder);
  if (!compacted) {
    const size_t input = compacted.error().input;
    return refused(input < options.files.size() ? options.files[input] : options.out,
                   compacted.error().error.message());
  }
  return write_output(options, *compacted);
}

class FileSink : public ltx::PageSink {
 public:
  FileSink(OutputFile& file, uint32_t page_size_bytes)
      : file_(file), page_size_bytes_(page_size_bytes) {}
  void write(uint32_t pgno, std::string_view page) override {
    file_.write_at((pgno - 1) * page_size_bytes_, page);
  }
  void resize(uint32_t size_pages) override { file_.resize(size_pages * page_size_bytes_); }

 private:
  OutputFile& file_;
  uint64_t page_size_bytes_;
};

CommandResult<void> run_restore(const LtxOptions& options) {
  auto out = OutputFile::create(options.out, options.force);
  if (!out) return CommandFailure(out.error());
  std::unique_ptr<FileSink> sink;
  std::unique_ptr<ltx::Restorer> restorer;
  for (const std::string& file : options.files) {
    const auto blob = open_file(file, options);
    if (!blob) return CommandFailure(blob.error());
    if (!restorer) {
      sink = std::make_unique<FileSink>(*out, blob->header().page_size_bytes);
      restorer = std::make_unique<ltx::Restorer>(*sink);
    }
    if (auto applied = restorer->apply(*blob); !applied)
      return refused(file, applied.error().message());
  }
  return out->publish();
}

CommandResult<void> run_snapshot(const LtxOptions& options) {
  if (auto quiet = check_no_journal(options.database); !quiet) return quiet;
  const auto database = read_whole(options.database);
  if (!database) return CommandFailure(database.error());
  ltx::SnapshotOptions snapshot;
  snapshot.flags = options.no_checksum ? ltx::kFlagNoChecksum : 0;
  snapshot.max_txid = options.txid;
  snapshot.timestamp_ms = modification_time_ms(options.database);
  ltx::Encoder encoder;
  const auto file = ltx::encode_snapshot(*database, snapshot, encoder);
  if (!file) {
    return CommandFailure(
        {kExitUsage, fmt::format("{}: {}", options.database, file.error().message())});
  }
  return write_output(options, *file);
}

void add_inspection(CLI::App& ltx, const char* name, const char* help,
                    std::shared_ptr<LtxOptions> options, int* exit_status, Describe text,
                    Describe json) {
  CLI::App* command = ltx.add_subcommand(name, help);
  command->add_option("FILE", options->files, "LTX files")->required();
  command->add_flag("--json", options->json, "one JSON object a file");
  command->add_flag("--zero-trailer", options->zero_trailer,
                    "also read files without a file checksum");
  command->footer(fmt::format("Example: ./squall ltx {} --json base.ltx next.ltx", name));
  command->callback([=] { *exit_status = inspect(*options, options->json ? json : text); });
}

using Write = CommandResult<void> (*)(const LtxOptions& options);

CLI::App* add_writer(CLI::App& ltx, const char* name, const char* help,
                     std::shared_ptr<LtxOptions> options, int* exit_status, Write write) {
  CLI::App* command = ltx.add_subcommand(name, help);
  add_text_option(*command, "--out", "FILE", options->out, "file to write")->required();
  command->add_flag("--force", options->force, "replace the output if it exists");
  command->callback([=] { *exit_status = finish(write(*options)); });
  return command;
}

}  // namespace

void add_ltx_commands(CLI::App& app, int* exit_status) {
  CLI::App* ltx = app.add_subcommand("ltx", "Check, show, compact, restore and make LTX files");
  ltx->require_subcommand(1);
  ltx->footer("Example: ./squall ltx verify base.ltx next.ltx");
  const auto fresh = [] { return std::make_shared<LtxOptions>(); };
  add_inspection(*ltx, "verify", "Check every rule of the format", fresh(), exit_status,
                 verified_text, verified_json);
  add_inspection(*ltx, "dump", "Show header, pages, index and checksums", fresh(), exit_status,
                 dump_text, dump_json);

  auto options = fresh();
  CLI::App* compact =
      add_writer(*ltx, "compact", "Make one file of many", options, exit_status, run_compact);
  compact->add_option("FILE", options->files, "LTX files of one database, oldest first")
      ->required();
  compact->footer("Example: ./squall ltx compact --out all.ltx base.ltx next.ltx");

  options = fresh();
  CLI::App* restore = add_writer(*ltx, "restore", "Make a database of its files", options,
                                 exit_status, run_restore);
  restore->add_option("FILE", options->files, "a snapshot and the files after it, oldest first")
      ->required();
  restore->add_flag("--zero-trailer", options->zero_trailer,
                    "also read files without a file checksum");
  restore->footer("Example: ./squall ltx restore --out database.sqlite base.ltx next.ltx");

  options = fresh();
  CLI::App* snapshot =
      add_writer(*ltx, "snapshot", "Make a file of a database", options, exit_status, run_snapshot);
  snapshot->add_option("DATABASE", options->database, "SQLite database that nobody writes to")
      ->required();
  snapshot->add_option("--txid", options->txid, "last transaction of the snapshot")
      ->check(CLI::Range(uint64_t{1}, UINT64_MAX));
  snapshot->add_flag("--no-checksum", options->no_checksum, "leave the database checksum out");
  snapshot->footer("Example: ./squall ltx snapshot --out base.ltx database.sqlite");
}

}  // namespace squall::commands
