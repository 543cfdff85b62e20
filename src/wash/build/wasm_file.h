#pragma once

#include "base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wash {

enum class FileShape : uint8_t {
  Component,   ///< binary component
  CoreModule,  ///< binary core module, which runs nowhere by itself
  Text,        ///< WebAssembly in its text form
  Empty,
  Other,  ///< nothing of WebAssembly
};

/// Told from the first bytes (core: "\0asm" 01 00 00 00; component: layer 1 in bytes 6 and 7).
FileShape shape_of(std::string_view bytes);

/// Nothing for a component, else an error that says what the file is and what to do about it.
/// `path` is for the message. Errors: Errc::Invalid.
Result<void> require_component(std::string_view bytes, std::string_view path);

/// The bytes of a component's file. Errors: as `read_file` and `require_component`, with what to
/// do.
Result<std::string> read_component(const std::string& path);

/// What a host said of a component it cannot load, with the file's name and, where imports are
/// missing, what there is.
Error explain_load(Error error, std::string_view path);

/// The names a core module exports. Errors: Errc::Malformed.
Result<std::vector<std::string>> core_exports(std::string_view bytes);

}  // namespace wasmcloud::wash
