#pragma once

#include "base/loop.h"
#include "wash/build/builder.h"
#include "wash/dev/change_filter.h"
#include "wash/dev/component_host.h"
#include "wash/terminal.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace wasmcloud::wash {

/// What a project's configuration says now.
struct DevPlan {
  BuildPlan build;
  DevWorkload workload;
  /// Files and folders that were read for it, such as those of `configs`; absolute.
  std::vector<std::string> read{};
};

struct SessionOptions {
  /// Reads the configuration anew, since it may have changed; without it, a file is served.
  std::function<Result<DevPlan>()> plan;
  /// Where there is no project: what is served, of one component, whose file is watched.
  DevWorkload workload;
  /// The bytes of a component that is an image; null where there are none.
  std::function<Task<std::string>(const DevComponent&)> fetch;
  /// Changes are gathered until there were none for so long.
  Clock::duration quiet = std::chrono::milliseconds(100);
};

/// `wash dev` without its command line: build, serve, watch, build again, swap.
class Session {
 public:
  Session(Loop& loop, SessionOptions options, ComponentHost& host, Terminal& terminal);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Runs until it is cancelled (Errc::Cancelled). Any other error comes from before the first
  /// component was served; later ones are shown, and the component before goes on.
  Task<void> run();

 private:
  Task<void> start_watching();
  Result<void> watch_others();
  /// Builds, or reads the file, and swaps if the component is another one.
  Task<void> reload();
  /// Builds the project's own, and reads all components' files.
  Task<void> make_components(DevWorkload& workload);
  Task<void> wait_for_change();
  void show(std::string_view text);

  Loop& loop_;
  SessionOptions options_;
  ComponentHost& host_;
  Terminal& terminal_;
  std::unique_ptr<ChangeFilter> filter_;
  std::unique_ptr<FileWatch> watch_;
  std::optional<DevPlan> plan_;
  std::vector<std::string> others_;  ///< watched beside the project's folder
  std::optional<DevWorkload> serving_;
  bool during_build_ = true;
};

}  // namespace wasmcloud::wash
