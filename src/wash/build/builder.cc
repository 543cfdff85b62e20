#include "wash/build/builder.h"

#include "base/file.h"
#include "base/process.h"
#include "wash/build/componentize.h"
#include "wash/build/wasm_file.h"
#include "wash/wit/fetch.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

Task<void> run_command(Loop& loop, const BuildPlan& plan) {
  ProcessOptions options;
  options.command = {
      "sh", "-c",
      plan.stdout_is_result ? fmt::format("exec 1>&2\n{}", plan.command) : plan.command};
  options.environment = plan.env;
  options.environment.emplace_back("WASH_COMPONENT_PATH", plan.component_path);
  options.directory = plan.project;
  options.input = Input::Inherit;
  const Finished finished = CO_TRY(co_await run_process(loop, std::move(options)));
  if (!finished.status.ok()) {
    // As shells say that there is no such program.
    const bool lacks_program = finished.status.signal == 0 && finished.status.code == 127;
    co_return fail(
        Errc::Invalid, "build command '{}' failed: {}{}", plan.command, finished.status.describe(),
        lacks_program ? "; a program is not installed: 'wash doctor' says which, and how to" : "");
  }
  co_return Result<void>();
}

}  // namespace

Result<BuildPlan> plan_build(const Config& config, Purpose purpose, std::string project,
                             std::string adapters) {
  const bool dev = purpose == Purpose::Dev;
  const auto& command = dev && config.dev.command ? config.dev.command : config.build.command;
  if (!command) {
    return fail(
        Errc::Invalid,
        "build.command is required in wash config; write it in {}/.wash/config.yaml, for example\n"
        "build:\n  command: cargo build --release --target wasm32-wasip2\n"
        "  component_path: target/wasm32-wasip2/release/NAME.wasm",
        project);
  }
  const auto& path =
      dev && config.dev.component_path ? config.dev.component_path : config.build.component_path;
  const std::string name = fs::path(project).filename();
  return BuildPlan{.project = std::move(project),
                   .command = *command,
                   .component_path = path.value_or((name.empty() ? "component" : name) + ".wasm"),
                   .env = config.build.env,
                   .wit = config.wit,
                   .adapters = std::move(adapters)};
}

Task<std::string> build_component(Loop& loop, const BuildPlan& plan,
                                  const std::function<void(std::string_view)>& progress) {
  if (!plan.wit.skip_fetch) {
    WitFetch request = CO_TRY(default_wit_fetch(plan.project, plan.wit));
    CO_TRY(co_await fetch_wit(loop, std::move(request)));
  }
  progress(fmt::format("building: {}", plan.command));
  CO_TRY(co_await run_command(loop, plan));

  std::error_code error;
  const std::string path = fs::canonical(fs::path(plan.project) / plan.component_path, error);
  if (error || !fs::is_regular_file(path, error)) {
    co_return fail(
        Errc::NotFound,
        "build command completed successfully but component not found at expected path: {}; "
        "set build.component_path to where the command leaves it",
        (fs::path(plan.project) / plan.component_path).lexically_normal().string());
  }
  const std::string bytes = CO_TRY(co_await loop.offload([&path] { return read_file(path); }));
  if (shape_of(bytes) == FileShape::CoreModule) {
    progress(fmt::format("wrapping {} into a component", plan.component_path));
    CO_TRY(co_await componentize(loop, path, bytes, plan.adapters));
  } else {
    CO_TRY(require_component(bytes, path));
  }
  co_return path;
}

std::string find_adapters() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = program.parent_path() / "adapters";
  if (fs::is_directory(beside, error)) return beside;
  return program.parent_path().parent_path() / "share/wash/adapters";
}

}  // namespace wasmcloud::wash
