#include "wash/dev/session.h"

#include "base/units.h"
#include "wash/build/wasm_file.h"

#include <filesystem>

namespace wasmcloud::wash {

namespace fs = std::filesystem;

Session::Session(Loop& loop, SessionOptions options, ComponentHost& host, Terminal& terminal)
    : loop_(loop), options_(std::move(options)), host_(host), terminal_(terminal) {}

Session::~Session() = default;

void Session::show(std::string_view text) { terminal_.line(Stream::Err, text); }

Task<void> Session::run() {
  if (options_.plan) plan_ = CO_TRY(options_.plan());
  // Watched before the first build, so that no edit during it is missed.
  CO_TRY(co_await start_watching());
  if (plan_) CO_TRY(co_await loop_.offload([this] { return watch_others(); }));
  CO_TRY(co_await reload());
  show(host_.url().empty()
           ? terminal_.paint(Stream::Err, Colour::Green, "running the service")
           : fmt::format("{} {}", terminal_.paint(Stream::Err, Colour::Green, "serving"),
                         terminal_.paint(Stream::Err, Colour::Bold, host_.url())));
  show(terminal_.paint(Stream::Err, Colour::Dim, "watching for changes; Ctrl-C stops"));
  for (;;) {
    CO_TRY(co_await wait_for_change());
    if (options_.plan) {
      Result<DevPlan> plan = options_.plan();
      if (!plan) {
        show(fmt::format("{}\n{}",
                         terminal_.paint(Stream::Err, Colour::Red, plan.error().message()),
                         "still serving the component before"));
        continue;
      }
      plan_ = std::move(*plan);
      if (const auto watched = co_await loop_.offload([this] { return watch_others(); }); !watched)
        show(fmt::format("not all files are watched: {}", watched.error().message()));
    }
    const Result<void> reloaded = co_await reload();
    if (reloaded) continue;
    if (reloaded.error().code() == Errc::Cancelled) co_return fail(reloaded.error().copy());
    show(fmt::format("{}\n{}",
                     terminal_.paint(Stream::Err, Colour::Red, reloaded.error().message()),
                     "still serving the component before"));
  }
}

Task<void> Session::start_watching() {
  std::string root;
  FileWatch::Filter skip;
  if (plan_) {
    root = plan_->build.project;
    filter_ = std::make_unique<ChangeFilter>(
        root, (fs::path(root) / plan_->build.component_path).lexically_normal());
    skip = [filter = filter_.get()](std::string_view path, FileKind kind) {
      return filter->skips(path, kind);
    };
  } else {
    // The folder, not the file: builds put a new file in the old one's place.
    const fs::path file = options_.workload.components.front().path;
    root = file.parent_path();
    const std::string name = file.filename();
    skip = [name](std::string_view path, FileKind) { return path != name; };
  }
  watch_ =
      CO_TRY(co_await loop_.offload([&] { return FileWatch::tree(loop_, root, std::move(skip)); }));
  co_return Result<void>();
}

/// Sidecars and files of values may lie outside, or be ignored by version control.
Result<void> Session::watch_others() {
  others_ = plan_->read;
  for (const std::string& path : plan_->read) {
    if (!fs::is_directory(path)) filter_->know(path);
  }
  for (const DevComponent* each : plan_->workload.all()) {
    if (!each->is_built && !each->image_policy)
      others_.push_back(fs::path(each->path).lexically_normal());
  }
  return watch_->also(others_);
}

Task<void> Session::wait_for_change() {
  for (;;) {
    std::vector<std::string> changed =
        during_build_ ? watch_->pending() : std::vector<std::string>();
    const bool from_build = std::exchange(during_build_, false);
    if (changed.empty()) {
      if (from_build) continue;
      changed = CO_TRY(co_await watch_->next(options_.quiet));
    }
    if (!filter_) co_return Result<void>();
    const std::vector<std::string> relevant = filter_->relevant(changed, from_build);
    for (const std::string& path : filter_->take_given_up()) {
      show(fmt::format(
          "every build changes {}: it is no reason to build again; list it in .gitignore", path));
    }
    if (relevant.empty()) continue;
    show(fmt::format(
        "changed: {}{}", relevant.front(),
        relevant.size() == 1 ? std::string() : fmt::format(" and {} more", relevant.size() - 1)));
    co_return Result<void>();
  }
}

Task<void> Session::make_components(DevWorkload& workload) {
  std::string built;
  if (plan_) {
    const std::function<void(std::string_view)> tell = [this](std::string_view step) {
      show(step);
    };
    built = CO_TRY(co_await build_component(loop_, plan_->build, tell));
    // The build may have made the folders that they are in.
    static_cast<void>(watch_->also(others_));
  }
  for (DevComponent* component : workload.all()) {
    if (component->is_built) {
      component->path = built;
    } else if (filter_ && !component->image_policy) {
      filter_->know(fs::path(component->path).lexically_normal());
    }
    component->bytes = component->image_policy ? CO_TRY(co_await options_.fetch(*component))
                                               : CO_TRY(co_await loop_.offload([component] {
                                                   return read_component(component->path);
                                                 }));
  }
  co_return Result<void>();
}

Task<void> Session::reload() {
  during_build_ = plan_.has_value();
  DevWorkload workload = plan_ ? plan_->workload : options_.workload;
  CO_TRY(co_await make_components(workload));
  const size_t count = workload.all().size();
  if (workload == serving_) {
    show(count == 1 ? "the component is as before" : "the components are as before");
    co_return Result<void>();
  }
  const DevComponent& first = *workload.all().front();
  size_t size = 0;
  for (const DevComponent* each : workload.all()) size += each->bytes.size();
  const std::string what = count == 1 ? first.path : fmt::format("{} components", count);
  terminal_.progress(fmt::format("compiling {} ({})", what, format_size(size)));
  const Clock::time_point start = Clock::now();
  const Result<void> swapped = co_await host_.swap(workload);
  terminal_.end_progress();
  if (!swapped) co_return fail(swapped.error().copy());
  const std::string short_name = count == 1 ? fs::path(first.path).filename().string() : what;
  show(fmt::format("{} {} in {}", serving_ ? "now serving the new" : "loaded",
                   serving_ ? short_name : what, format_duration(Clock::now() - start)));
  serving_ = std::move(workload);
  co_return Result<void>();
}

}  // namespace wasmcloud::wash
