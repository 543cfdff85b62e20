#pragma once

#include "host/guest_server.h"

#include <string>
#include <string_view>
#include <thread>

namespace wasmcloud::host {

/// Sockets on 127.0.0.1, and the name localhost.
wasi::sockets::NetworkPolicy on_loopback();

/// A guest's command on a thread of its own, which must end by itself, else it is cancelled.
class RunningCommand {
 public:
  /// The program's name is put in front of the arguments, and the output is kept.
  RunningCommand(std::string_view guest, WorkloadConfig config);
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  /// Its exit status; -1 for a failure.
  int wait();
  std::string out() { return joined(out_.get()); }
  /// Why it failed, too, if it did and was waited for.
  std::string err() { return joined(err_.get()) + failure_; }

 private:
  static std::string joined(const std::vector<std::string>& lines);

  Lines out_;
  Lines err_;
  Loop loop_;
  TaskGroup tasks_{loop_};
  Result<int> status_ = -1;
  std::string failure_;
  std::thread thread_;
};

}  // namespace wasmcloud::host
