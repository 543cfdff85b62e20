#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace wasmcloud::component {

/// The specification's table of handles, for models: the index freed last is given out first.
template <class Entry>
struct HandleModel {
  std::map<uint32_t, Entry> entries;
  std::vector<uint32_t> free;
  uint32_t size = 0;

  uint32_t add(Entry entry) {
    uint32_t index = size + 1;
    if (free.empty()) {
      ++size;
    } else {
      index = free.back();
      free.pop_back();
    }
    entries.emplace(index, std::move(entry));
    return index;
  }
  void remove(uint32_t index) {
    entries.erase(index);
    free.push_back(index);
  }
  Entry* find(uint32_t index) {
    const auto found = entries.find(index);
    return found == entries.end() ? nullptr : &found->second;
  }
};

}  // namespace wasmcloud::component
