#pragma once

#include "base/keyed_hash.h"

#include <unordered_map>
#include <unordered_set>

namespace wasmcloud::component::detail {

// Whoever writes a component chooses the names and, by the order of things, the numbers that are
// looked up while it is checked.

template <class Key>
using HashSet = std::unordered_set<Key, KeyedHash>;
template <class Key, class Value>
using HashMap = std::unordered_map<Key, Value, KeyedHash>;

}  // namespace wasmcloud::component::detail
