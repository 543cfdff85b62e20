#pragma once

#include "base/error.h"
#include "component/types.h"
#include "component/value.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

// WAVE, the text form of component-level values: `{name: "x", tags: [1, 2], when: some(days(3))}`.
// The format's rules are those of the WebAssembly Value Encoding; a map is written as a list of
// pairs. Resources and error contexts have no text form. Streams and futures have one only in the
// result of a call, once they were read: a list of what the stream gave, and the future's value.

/// What a text may cost. How deep it nests is bounded by its type (kMaxTypeDepth).
struct WaveLimits {
  size_t text_bytes = size_t{16} << 20;
  size_t values = 4'000'000;  ///< at any depth; fields that are left out count
};

/// `text` as a value of that type; nothing else may stand in it.
/// Errors: Errc::Malformed with the place in the text and what was expected there;
/// Errc::Unsupported for a type without a text form; Errc::Limit.
Result<Value> read_wave(const TypeTable& types, ValueType type, std::string_view text,
                        const WaveLimits& limits = {});

/// A call as a person writes it: `wasi:cli/run#run()`, `add(1, 2)`.
struct WaveCall {
  std::string_view function;   ///< what stands in front of the arguments
  size_t arguments_begin = 0;  ///< where they begin in the text, with a parenthesis; else its end
};
WaveCall split_wave_call(std::string_view text);

/// The arguments of a call, one for each parameter: "(1, 2)" from `begin` to the end of `text`, or
/// nothing at all. Optional ones may be left out at the end. Errors: as `read_wave`.
Result<std::vector<Value>> read_wave_arguments(const TypeTable& types, const FunctionType& function,
                                               std::string_view text, size_t begin,
                                               const WaveLimits& limits = {});

/// On one line, with every optional field left out that is `none`. What has no text form is shown
/// between angle brackets, which nobody reads back.
std::string write_wave(const Value& value);
/// The text around the streams and futures in the value, in pieces: one more than there are.
std::vector<std::string> write_wave_around(const Value& value);

/// Whether all parameters and the result have a text form; streams and futures in the result have
/// one if what they carry has.
/// Errors: Errc::Unsupported, naming the parameter and what is in it.
Result<void> check_wave(const TypeTable& types, const FunctionType& function);

}  // namespace wasmcloud::component
