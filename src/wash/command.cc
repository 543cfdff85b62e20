#include "wash/command.h"

namespace wasmcloud::wash {

std::vector<std::string_view> Flag::names() const {
  std::vector<std::string_view> out;
  for (const std::string_view each : {name, short_name})
    if (!each.empty()) out.push_back(each);
  return out;
}

const std::vector<std::string>* Arguments::find(std::string_view flag) const {
  for (const auto& [name, values] : flags_) {
    if (name == flag) return &values;
  }
  return nullptr;
}

std::string_view Arguments::value(std::string_view flag) const {
  const auto all = values(flag);
  return all.empty() ? std::string_view() : std::string_view(all.front());
}

std::span<const std::string> Arguments::values(std::string_view flag) const {
  const auto* found = find(flag);
  return found == nullptr ? std::span<const std::string>() : std::span<const std::string>(*found);
}

void Arguments::add(std::string_view flag, std::vector<std::string> values) {
  for (auto& [name, held] : flags_) {
    if (name != flag) continue;
    held.insert(held.end(), std::make_move_iterator(values.begin()),
                std::make_move_iterator(values.end()));
    return;
  }
  flags_.emplace_back(flag, std::move(values));
}

std::string CommandPath::text() const {
  std::string out;
  for (const Command* command : commands) {
    if (!out.empty()) out += ' ';
    out += command->name;
  }
  return out;
}

}  // namespace wasmcloud::wash
