#pragma once

#include "base/error.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// Reads an environment variable; empty optional if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment process_environment();

/// Where wash keeps things, by the XDG rules.
struct Directories {
  std::string config;
  std::string data;
  std::string cache;
};
/// Errors: Errc::NotFound where neither the XDG variables nor HOME say where.
Result<Directories> find_directories(const Environment& environment);

/// The nearest folder from `from` upwards that holds `.wash/config.yaml`, else `from` itself.
std::string find_project(const std::string& from);

}  // namespace wasmcloud::wash
