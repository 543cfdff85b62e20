#include "host/running_command.h"

#include "host/command.h"

namespace wasmcloud::host {

wasi::sockets::NetworkPolicy on_loopback() {
  using wasi::sockets::AddressRule;
  wasi::sockets::NetworkPolicy policy;
  policy.listen.push_back(AddressRule::parse("127.0.0.1").value());
  policy.connect.push_back(AddressRule::parse("127.0.0.1").value());
  policy.lookup.push_back(wasi::sockets::NameRule::parse("localhost").value());
  return policy;
}

RunningCommand::RunningCommand(std::string_view guest, WorkloadConfig config) {
  config.arguments.insert(config.arguments.begin(), std::string(guest));
  config.output = out_.output();
  config.errors = err_.output();
  auto workload = load_guest(guest, std::move(config));
  if (workload == nullptr) return;
  thread_ = std::thread([this, workload = std::move(workload)] {
    tasks_.spawn(
        [](Loop* loop, std::shared_ptr<const Workload> of, Result<int>* status) -> Task<void> {
          *status = co_await run_command(*loop, std::move(of));
          co_return Result<void>();
        },
        &loop_, workload, &status_);
    loop_.run_until([this] { return tasks_.size() == 0; });
  });
}

RunningCommand::~RunningCommand() {
  if (!thread_.joinable()) return;
  loop_.post([this] { tasks_.cancel(); });
  thread_.join();
}

int RunningCommand::wait() {
  if (thread_.joinable()) thread_.join();
  if (status_) return *status_;
  failure_ = status_.error().message() + "\n";
  return -1;
}

std::string RunningCommand::joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace wasmcloud::host
