#pragma once

#include "base/error.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace wasmcloud::wash {

struct Key;

/// What a value may be.
struct Shape {
  enum class Form : uint8_t {
    Text,
    Boolean,
    Integer,    ///< from `least` to `most`
    Map,        ///< of the keys in `keys`
    Texts,      ///< a map of names of the user's own to texts
    Variables,  ///< the same, and the names are those of environment variables
    ListOf,     ///< of `each`
    MapOf,      ///< of names of the user's own to `each`
  };
  Form form = Form::Text;
  std::string_view name = {};    ///< in documentation: "path", "IP:PORT"
  std::string_view advice = {};  ///< what to write, for messages about values of another form
  /// What else must hold for a text; null: nothing. The message is about the text: "it is empty".
  Result<void> (*check)(std::string_view text) = nullptr;
  std::span<const std::string_view> choices = {};  ///< all that a text may be, if there are any
  std::span<const Key> keys = {};
  const Shape* each = nullptr;
  int64_t least = 0;
  int64_t most = INT64_MAX;
  /// Keys that are not in `keys` are an error, where otherwise they are for versions to come.
  bool is_closed = false;
};

/// A key of the configuration.
struct Key {
  std::string_view name;
  const Shape& shape;
  std::string_view help;
  std::string_view default_value = {};  ///< for documentation
  bool is_required = false;
  /// False: it is of the format, and has no effect in this version.
  bool is_served = true;
};

/// The whole format: what the reader checks, what the published schema says and what the reference
/// describes.
const Shape& config_shape();

/// Whether a `wit.sources` location is a folder or file of this machine, and not a registry,
/// repository or archive.
bool is_local_wit_source(std::string_view location);

}  // namespace wasmcloud::wash
