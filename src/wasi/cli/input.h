#pragma once

#include "wasi/io/source.h"

namespace wasmcloud::wasi::cli {

/// What guests get as standard input. Thread: any; shared by instances on several loops.
class Input {
 public:
  virtual ~Input() = default;
  virtual Ref<io::Source> open(Loop& loop) = 0;
  /// The descriptor behind it, for questions such as "is it a terminal"; -1 if there is none.
  virtual int descriptor() const { return -1; }
};

/// At its end from the start.
std::shared_ptr<Input> no_input();
/// Every instance reads `text` from its beginning.
std::shared_ptr<Input> input_from(std::string text);
/// Reads `fd`, which is not closed. A thread of the blocking pool waits for the bytes, and only
/// while a guest does: the descriptor stays in blocking mode, because a terminal shares it with
/// others.
std::shared_ptr<Input> input_from_descriptor(int fd);

}  // namespace wasmcloud::wasi::cli
