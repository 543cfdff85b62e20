#pragma once

#include "wasi/io/sink.h"

namespace wasmcloud::wasi::cli {

/// What guests get as standard output or standard error. Thread: any; shared by instances on
/// several loops.
class Output {
 public:
  virtual ~Output() = default;
  /// A sink for one instance.
  virtual Ref<io::Sink> open(Loop& loop) = 0;
  /// The descriptor behind it, for questions such as "is it a terminal"; -1 if there is none.
  virtual int descriptor() const { return -1; }
  /// Waits until all that was written before has arrived, or cannot.
  virtual Task<void> drain(Loop&) { co_return Result<void>(); }
};

/// Takes everything and forgets it.
std::shared_ptr<Output> no_output();

/// Hands each whole line, without its end, to `line`. Lines longer than 64 KiB are cut; what has no
/// end when the instance is gone counts as a line. `line` is called on the instances' loops and
/// must not block.
std::shared_ptr<Output> output_to_lines(std::function<void(std::string_view line)> line);

/// Writes to `fd`, which is not closed, in order, from a thread of the blocking pool, so that a
/// pipe or a terminal that stands still holds up no loop: a guest gets no permit to write while
/// more than 256 KiB wait.
class DescriptorOutput final : public Output {
 public:
  explicit DescriptorOutput(int fd);
  /// Waits until nothing is on its way.
  ~DescriptorOutput() override;

  Ref<io::Sink> open(Loop& loop) override;
  int descriptor() const override;

  /// Adds text of the host's own, such as a guest's line with a prefix. Never blocks; what goes
  /// beyond 4 MiB waiting is dropped and counted, with a line that says so.
  void write(std::string_view text);
  Task<void> drain(Loop& loop) override;

 private:
  class State;
  class DescriptorSink;
  std::shared_ptr<State> state_;  // shared with the writing thread
};

}  // namespace wasmcloud::wasi::cli
