#include "base/process.h"

#include "base/descriptor.h"
#include "base/text.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <map>

namespace wasmcloud {
namespace asio = boost::asio;
namespace {

/// The attributes and file actions of posix_spawn, with their destructors.
struct SpawnSettings {
  SpawnSettings() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

std::vector<std::string> merged_environment(const ProcessOptions& options) {
  std::map<std::string, std::string, std::less<>> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      merged.insert_or_assign(std::string(text.substr(0, equals)),
                              std::string(text.substr(equals + 1)));
  }
  for (const auto& [name, value] : options.environment) merged.insert_or_assign(name, value);
  std::vector<std::string> out;
  out.reserve(merged.size());
  for (const auto& [name, value] : merged) out.push_back(fmt::format("{}={}", name, value));
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  out.reserve(strings.size() + 1);
  for (std::string& text : strings) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

/// What a child's output goes to; a memory file for captured ones, so that nobody has to read along
/// and a grandchild that keeps it open holds nobody up.
Result<OwnedDescriptor> redirect(SpawnSettings& settings, Output output, int fd) {
  if (output == Output::Null)
    ::posix_spawn_file_actions_addopen(&settings.actions, fd, "/dev/null", O_WRONLY, 0);
  if (output != Output::Capture) return OwnedDescriptor();
  OwnedDescriptor memory(::memfd_create("output", MFD_CLOEXEC));
  if (!memory.is_open()) return fail_errno(errno, "making room for a program's output");
  ::posix_spawn_file_actions_adddup2(&settings.actions, memory.get(), fd);
  return memory;
}

/// A file in memory that holds `text`, read from its start.
Result<OwnedDescriptor> input_of(SpawnSettings& settings, std::string_view text) {
  OwnedDescriptor memory(::memfd_create("input", MFD_CLOEXEC));
  if (!memory.is_open()) return fail_errno(errno, "making room for a program's input");
  for (size_t written = 0; written < text.size();) {
    const ssize_t more = ::pwrite(memory.get(), text.data() + written, text.size() - written,
                                  static_cast<off_t>(written));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return fail_errno(errno, "writing a program's input");
    written += static_cast<size_t>(more);
  }
  ::posix_spawn_file_actions_adddup2(&settings.actions, memory.get(), STDIN_FILENO);
  return memory;
}

std::string captured(const OwnedDescriptor& memory) {
  std::string text;
  if (!memory.is_open()) return text;
  struct stat status = {};
  if (::fstat(memory.get(), &status) != 0) return text;
  text.resize(std::min<size_t>(static_cast<size_t>(status.st_size), kMaxCaptured));
  size_t have = 0;
  while (have < text.size()) {
    const ssize_t got =
        ::pread(memory.get(), text.data() + have, text.size() - have, static_cast<off_t>(have));
    if (got <= 0) break;
    have += static_cast<size_t>(got);
  }
  text.resize(have);
  return text;
}

/// Ended with its group if it was not reaped by then, as when its task is unwound.
struct Child {
  Child() = default;
  Child(Child&& other) noexcept
      : pid(std::exchange(other.pid, -1)),
        pidfd(std::move(other.pidfd)),
        output(std::move(other.output)),
        errors(std::move(other.errors)) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid < 0) return;
    ::kill(-pid, SIGKILL);
    static_cast<void>(reap());
  }
  ExitStatus reap() {
    int raw = 0;
    while (::waitpid(pid, &raw, 0) < 0 && errno == EINTR) {
    }
    pid = -1;
    if (WIFSIGNALED(raw)) return {.code = 128 + WTERMSIG(raw), .signal = WTERMSIG(raw)};
    return {.code = WEXITSTATUS(raw), .signal = 0};
  }

  int pid = -1;
  OwnedDescriptor pidfd;
  OwnedDescriptor output;
  OwnedDescriptor errors;
};

/// Only async-signal-safe defaults reach the child: no blocked or ignored signals, no descriptors.
void prepare(SpawnSettings& settings) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  sigdelset(&all, SIGKILL);
  sigdelset(&all, SIGSTOP);
  ::posix_spawnattr_setsigmask(&settings.attributes, &none);
  ::posix_spawnattr_setsigdefault(&settings.attributes, &all);
  ::posix_spawnattr_setpgroup(&settings.attributes, 0);
  ::posix_spawnattr_setflags(
      &settings.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

Result<Child> start(const ProcessOptions& options) {
  if (options.command.empty()) return fail(Errc::Invalid, "there is no program to run");
  const std::string doing = fmt::format("running '{}'", options.command.front());
  if (!options.directory.empty() && ::access(options.directory.c_str(), X_OK) != 0)
    return fail_errno(errno, fmt::format("{} in {}", doing, options.directory));

  SpawnSettings settings;
  prepare(settings);
  Child child;
  OwnedDescriptor input;
  if (options.input == Input::Text)
    input = TRY(input_of(settings, options.input_text));
  else if (options.input == Input::Null || ::isatty(STDIN_FILENO) != 0)
    ::posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  child.output = TRY(redirect(settings, options.output, STDOUT_FILENO));
  child.errors = TRY(redirect(settings, options.errors, STDERR_FILENO));
  if (!options.directory.empty())
    ::posix_spawn_file_actions_addchdir_np(&settings.actions, options.directory.c_str());
  ::posix_spawn_file_actions_addclosefrom_np(&settings.actions, STDERR_FILENO + 1);

  std::vector<std::string> command = options.command;
  std::vector<std::string> environment = merged_environment(options);
  const int error =
      ::posix_spawnp(&child.pid, command.front().c_str(), &settings.actions, &settings.attributes,
                     pointers(command).data(), pointers(environment).data());
  if (error != 0) return fail_errno(error, doing);
  // Nobody reaps the child before us, so the number is still its.
  child.pidfd = OwnedDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  if (!child.pidfd.is_open()) {
    return fail_errno(errno, "watching a program's end (pidfd_open, Linux 5.3 or newer)");
  }
  return child;
}

using Stream = asio::posix::basic_stream_descriptor<Executor>;

Task<void> wait_readable(Stream& stream) {
  const auto [error] = co_await stream.async_wait(Stream::wait_read, asio::as_tuple(kAwait));
  if (error == asio::error::operation_aborted)
    co_return fail(Errc::Cancelled, "the program was stopped");
  if (error) co_return fail(Errc::Io, "waiting for a program: {}", error.message());
  co_return Result<void>();
}

}  // namespace

std::string ExitStatus::describe() const {
  if (signal != 0) return fmt::format("killed by signal {} ({})", signal, ::sigdescr_np(signal));
  return fmt::format("exit status {}", code);
}

Task<Finished> run_process(Loop& loop, ProcessOptions options) {
  Child child = CO_TRY(start(options));
  Stream ended(loop.executor(), child.pidfd.release());
  Result<void> waited = co_await wait_readable(ended);
  if (!waited) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    ::kill(-child.pid, SIGTERM);
    const Result<void> in_time =
        co_await with_deadline(loop, options.grace, "the program's end", wait_readable(ended));
    // Also members of the group that outlived their leader.
    ::kill(-child.pid, SIGKILL);
    if (!in_time) static_cast<void>(co_await wait_readable(ended));
  }
  Finished finished{
      .status = child.reap(), .output = captured(child.output), .errors = captured(child.errors)};
  if (!waited) co_return std::unexpected(std::move(waited).error());
  co_return std::move(finished);
}

std::string find_program(const std::string& program) {
  if (program.contains('/')) return ::access(program.c_str(), X_OK) == 0 ? program : std::string();
  const char* path = ::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nothing of ours writes it
  if (path == nullptr) return {};
  for (const std::string_view folder : split(path, ':')) {
    std::string candidate = fmt::format("{}/{}", folder.empty() ? "." : folder, program);
    struct stat status = {};
    if (::stat(candidate.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
  }
  return {};
}

}  // namespace wasmcloud
