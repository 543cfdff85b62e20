#include "wash/build/componentize.h"

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "wash/build/wasm_file.h"

#include <unistd.h>

#include <cstdio>

namespace wasmcloud::wash {

Task<void> componentize(Loop& loop, std::string path, std::string_view bytes,
                        std::string adapters) {
  const std::vector<std::string> exports = CO_TRY(core_exports(bytes));
  const bool is_command = std::ranges::find(exports, "_start") != exports.end();
  const std::string adapter = fmt::format("{}/wasi_snapshot_preview1.{}.wasm", adapters,
                                          is_command ? "command" : "reactor");
  if (find_program("wasm-tools").empty()) {
    co_return fail(Errc::NotFound,
                   "{} is a core module, and 'wasm-tools', which makes components of them, is not "
                   "on PATH; install it "
                   "with 'cargo install --locked wasm-tools', or build for wasm32-wasip2",
                   path);
  }
  if (!file_exists(adapter)) {
    co_return fail(Errc::NotFound,
                   "{} is a core module, and the adapter to wrap it with is not at {}; reinstall "
                   "wash, or build for "
                   "wasm32-wasip2",
                   path, adapter);
  }
  // Beside the target, so that the rename stays within one file system.
  const std::string made = fmt::format("{}.{}.tmp", path, ::getpid());
  ProcessOptions options;
  options.command = {"wasm-tools", "component", "new",
                     path,         "--adapt",   "wasi_snapshot_preview1=" + adapter,
                     "-o",         made};
  options.errors = Output::Capture;
  const Result<Finished> finished = co_await run_process(loop, std::move(options));
  if (!finished || !finished->status.ok()) {
    ::unlink(made.c_str());
    if (!finished) co_return fail(finished.error().copy());
    co_return fail(Errc::Invalid, "'wasm-tools component new' cannot make a component of {}: {}",
                   path, trim(finished->errors));
  }
  if (::rename(made.c_str(), path.c_str()) != 0) co_return fail_errno(errno, "replacing " + path);
  co_return Result<void>();
}

}  // namespace wasmcloud::wash
