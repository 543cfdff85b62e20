#pragma once

#include "wasi/environment.h"

namespace wasmcloud::wasi::cli {

/// The standard streams of one instance. Each is opened once, so that all its handles share one
/// place in the input, and lines of output are put together whichever handle they were written by.
class StandardStreams {
 public:
  StandardStreams(Loop& loop, const Environment& environment)
      : loop_(loop), environment_(environment) {}

  Loop& loop() const { return loop_; }
  const Environment& environment() const { return environment_; }
  Ref<io::Source> input();
  Ref<io::Sink> output();
  Ref<io::Sink> errors();

 private:
  Loop& loop_;
  const Environment& environment_;
  Ref<io::Source> input_;
  Ref<io::Sink> output_;
  Ref<io::Sink> errors_;
};

/// Whether there is a terminal behind an input's or output's descriptor; -1 is none.
bool is_terminal(int descriptor);

/// What ends a guest that asked for it: Errc::Exit with the status as its number.
std::unexpected<Error> exit_with(int status);

}  // namespace wasmcloud::wasi::cli
