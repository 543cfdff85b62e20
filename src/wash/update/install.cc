#include "wash/update/install.h"

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace wasmcloud::wash {
namespace fs = std::filesystem;
namespace {

/// A folder that goes away with this object.
class Scratch {
 public:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail(Errc::Io, "cannot make {}: {}", path, error.message());
  return {};
}

/// The only folder in `folder`, which an archive of ours has.
Result<std::string> top_folder(const std::string& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (fs::exists(entry.path() / "bin" / "wash", error)) return entry.path().string();
  }
  return fail(Errc::Malformed, "there is no bin/wash in it");
}

Result<void> make_executable(const std::string& path) {
  if (::chmod(path.c_str(), 0755) != 0) return fail_errno(errno, "making executable " + path);
  return {};
}

Result<void> copy_file(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return fail(Errc::Io, "copying {} to {}: {}", from, to, error.message());
  return {};
}

/// A program that does not start, such as one for another libc, must not replace one that does.
Task<void> try_out(Loop& loop, std::string program) {
  ProcessOptions options;
  options.command = {program, "--version"};
  options.output = Output::Capture;
  options.errors = Output::Capture;
  const Result<Finished> finished = co_await with_deadline(
      loop, std::chrono::seconds(60), "the new program", run_process(loop, std::move(options)));
  if (!finished)
    co_return fail(Errc::Invalid, "the new program does not run here: {}",
                   finished.error().message());
  if (!finished->status.ok() || !finished->output.starts_with("wash "))
    co_return fail(Errc::Invalid, "the new program does not run here: it ended with {}{}{}",
                   finished->status.describe(), finished->errors.empty() ? "" : ": ",
                   trim(finished->errors));
  co_return Result<void>();
}

Task<std::string> unpack(Loop& loop, const Bytes& bytes, const InstallPlan& plan,
                         std::string folder) {
  CO_TRY(make_folder(folder));
  const std::string file = folder + "/" + fs::path(plan.asset_name).filename().string();
  CO_TRY(write_file(file, bytes.text()));
  if (!plan.asset_name.ends_with(".tar.gz")) co_return std::string(file);
  ProcessOptions options;
  options.command = {"tar", "-xzf", file, "-C", folder, "--no-same-owner"};
  options.errors = Output::Capture;
  const Finished finished = CO_TRY(co_await run_process(loop, std::move(options)));
  if (!finished.status.ok())
    co_return fail(Errc::Malformed, "{} cannot be unpacked: {}", plan.asset_name,
                   trim(finished.errors));
  Result<std::string> top = top_folder(folder);
  if (!top) co_return fail(std::move(top).error().within(plan.asset_name));
  co_return std::move(*top) + "/bin/wash";
}

/// The files that an archive has beside the program, if the installed one has them, too.
Result<void> copy_shared(const std::string& unpacked, const std::string& installed) {
  const fs::path from = fs::path(unpacked).parent_path().parent_path() / "share" / "wash";
  const fs::path to = fs::path(installed).parent_path().parent_path() / "share" / "wash";
  std::error_code error;
  if (!fs::is_directory(from, error) || !fs::is_directory(to, error)) return {};
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::overwrite_existing, error);
  if (error) return fail(Errc::Io, "writing {}: {}", to.string(), error.message());
  return {};
}

}  // namespace

Task<Installed> install_program(Loop& loop, Bytes bytes, InstallPlan plan) {
  CO_TRY(make_folder(plan.work_folder));
  const Scratch scratch(fmt::format("{}/new-{}", plan.work_folder, ::getpid()));
  const std::string unpacked = CO_TRY(co_await unpack(loop, bytes, plan, scratch.path()));
  CO_TRY(make_executable(unpacked));
  CO_TRY(co_await try_out(loop, unpacked));

  Installed installed{.path = plan.program, .backup = plan.work_folder + "/wash_backup"};
  const std::string folder = fs::path(plan.program).parent_path();
  if (::access(folder.c_str(), W_OK) != 0) {
    installed.path = plan.otherwise;
    CO_TRY(make_folder(fs::path(plan.otherwise).parent_path()));
  }
  CO_TRY(copy_file(plan.program, installed.backup));
  const std::string beside = installed.path + ".tmp_upgrade";
  Result<void> placed = copy_file(unpacked, beside);
  if (placed) placed = make_executable(beside);
  if (placed) placed = copy_shared(unpacked, installed.path);
  if (placed && ::rename(beside.c_str(), installed.path.c_str()) != 0)
    placed = fail_errno(errno, "replacing " + installed.path);
  if (!placed) {
    ::unlink(beside.c_str());
    co_return fail(std::move(placed).error());
  }
  co_return std::move(installed);
}

}  // namespace wasmcloud::wash
