#pragma once

#include "component/stream.h"
#include "component/value.h"

#include <span>
#include <vector>

namespace wasmcloud::component {

/// The streams and futures in a value, in the order of its text.
std::vector<Value::Readable> readables_of(const Value& value);
/// The value with these in their places, one for each.
Value with_readables(const Value& value, std::span<Value> contents);

/// The readable end of a stream or future whose type is only known at run time, for tests and
/// tools. Bindings have StreamReader and FutureReader.
///
/// Thread: owning loop.
class ValueReader : public detail::HostEnd {
 public:
  ValueReader(Loop& loop, const Value::Readable& readable)
      : HostEnd(loop, readable.shared, Side::Reader) {}

  /// Waits for at least one element and appends as many as there are to `into`, at most `most`, and
  /// returns how many. 0: the stream has ended. What carries nothing gives empty tuples. A future
  /// gives one element, once.
  /// Errors: those of a guest that gives what is no value; Errc::Unsupported where the host itself
  /// is at the other end, unless that writes bytes; Cancelled.
  Task<size_t> read(std::vector<Value>& into, size_t most);

 private:
  bool is_read_ = false;
};

}  // namespace wasmcloud::component
