#include "wasi/cli/standard_streams.h"

#include <unistd.h>

namespace wasmcloud::wasi::cli {

Ref<io::Source> StandardStreams::input() {
  if (!input_) input_ = environment_.input->open(loop_);
  return input_;
}

Ref<io::Sink> StandardStreams::output() {
  if (!output_) output_ = environment_.output->open(loop_);
  return output_;
}

Ref<io::Sink> StandardStreams::errors() {
  if (!errors_) errors_ = environment_.errors->open(loop_);
  return errors_;
}

bool is_terminal(int descriptor) { return descriptor >= 0 && ::isatty(descriptor) == 1; }

std::unexpected<Error> exit_with(int status) {
  return fail(
      Error(Errc::Exit, fmt::format("the guest ended with status {}", status)).with_number(status));
}

}  // namespace wasmcloud::wasi::cli
