#include "wit/order.h"

#include <algorithm>

namespace wasmcloud::wit {

std::expected<std::vector<uint32_t>, std::vector<uint32_t>> dependencies_first(
    const std::vector<std::vector<uint32_t>>& needs) {
  enum class State : uint8_t { New, Open, Done };
  struct Frame {
    uint32_t node;
    size_t next;
  };
  std::vector<State> states(needs.size(), State::New);
  std::vector<uint32_t> order;
  std::vector<Frame> path;
  for (uint32_t root = 0; root < needs.size(); ++root) {
    if (states[root] != State::New) continue;
    path.push_back({root, 0});
    states[root] = State::Open;
    while (!path.empty()) {
      Frame& frame = path.back();
      if (frame.next == needs[frame.node].size()) {
        states[frame.node] = State::Done;
        order.push_back(frame.node);
        path.pop_back();
        continue;
      }
      const uint32_t needed = needs[frame.node][frame.next++];
      if (states[needed] == State::Open) {
        auto from = std::find_if(path.begin(), path.end(),
                                 [&](const Frame& f) { return f.node == needed; });
        std::vector<uint32_t> cycle;
        for (; from != path.end(); ++from) cycle.push_back(from->node);
        return std::unexpected(std::move(cycle));
      }
      if (states[needed] == State::New) {
        states[needed] = State::Open;
        path.push_back({needed, 0});
      }
    }
  }
  return order;
}

}  // namespace wasmcloud::wit
