#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace wasmcloud {

/// A hash for containers whose keys come from outside: nobody without the process's random key can
/// find many keys that collide, so that no input makes a table slow. SipHash-1-3 for text.
struct KeyedHash {
  size_t operator()(std::string_view text) const;
  size_t operator()(uint64_t number) const;
};

/// A random number, the same for the life of the process, to begin other hashes with.
uint64_t hash_seed();

}  // namespace wasmcloud
