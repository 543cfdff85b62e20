#pragma once

#include <optional>
#include <string_view>

namespace wasmcloud::component {

/// An interface name taken apart: "wasi:io/poll" and "0.2.12".
struct VersionedName {
  std::string_view base;
  std::string_view version;  ///< empty if there is none
};
VersionedName split_version(std::string_view name);

/// Whether a host that offers `offered` serves a guest that asks for `wanted`: the same name, or
/// another version of its track.
bool serves(std::string_view offered, std::string_view wanted);

/// Whether `a` has the higher version of two names that differ only in it.
bool is_newer(std::string_view a, std::string_view b);

/// Finds `wanted` in a map keyed by name: itself, else the highest version of its track.
template <class Map>
auto find_version(Map& items, std::string_view wanted) {
  auto best = items.find(wanted);
  if (best != items.end() || split_version(wanted).version.empty()) return best;
  for (auto it = items.begin(); it != items.end(); ++it) {
    if (serves(it->first, wanted) && (best == items.end() || is_newer(it->first, best->first))) {
      best = it;
    }
  }
  return best;
}

}  // namespace wasmcloud::component
