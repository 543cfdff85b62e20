#include "wash/compose/manifest.h"

#include "base/text.h"

#include <array>
#include <span>

namespace wasmcloud::wash {
namespace {

using Named = ComposeManifest::Named;

class Reader {
 public:
  Result<ComposeManifest> read(const Value& file) {
    static constexpr std::array<std::string_view, 3> kKeys = {"instances", "export", "output"};
    check_keys(file, kKeys);
    if (const Value* instances = file.find("instances")) {
      if (const Value::Map* map = map_of(*instances, "instances")) {
        for (const Member& member : *map) instance(member);
      }
    }
    if (out_.instances.empty() && errors_.empty())
      wrong(file.origin, "'instances' should name at least one component");
    if (const Value* exported = file.find("export")) out_.exported = names(*exported, "export");
    if (const Value* output = file.find("output")) text(*output, "output", out_.output);
    if (!errors_.empty()) return fail(Errc::Invalid, "{}", join(errors_, "\n"));
    return std::move(out_);
  }

 private:
  void wrong(const Origin& origin, std::string_view what) {
    const std::string place = origin.describe();
    errors_.push_back(place.empty() ? std::string(what) : fmt::format("{}: {}", place, what));
  }

  void check_keys(const Value& value, std::span<const std::string_view> known) {
    const Value::Map* map = value.map();
    if (map == nullptr) return;
    for (const Member& member : *map) {
      if (std::ranges::find(known, member.key) != known.end()) continue;
      const std::string_view near = closest(member.key, known);
      std::vector<std::string> all(known.begin(), known.end());
      wrong(member.origin,
            near.empty()
                ? fmt::format("unknown key '{}'; there are {}", member.key, join(all, ", "))
                : fmt::format("unknown key '{}'; did you mean '{}'?", member.key, near));
    }
  }

  const Value::Map* map_of(const Value& value, std::string_view key) {
    if (value.map() == nullptr)
      wrong(value.origin, fmt::format("'{}' should be a map, not {}", key, value.describe()));
    return value.map();
  }

  void text(const Value& value, std::string_view key, std::string& out) {
    if (value.string() == nullptr || value.string()->empty()) {
      wrong(value.origin, fmt::format("'{}' should be text, not {}", key, value.describe()));
    } else {
      out = *value.string();
    }
  }

  /// One name or a list of them.
  std::vector<Named> names(const Value& value, std::string_view key) {
    std::vector<Named> out;
    const auto add = [&](const Value& each) {
      Named named{.name = {}, .origin = each.origin};
      text(each, key, named.name);
      out.push_back(std::move(named));
    };
    if (value.list() == nullptr) {
      add(value);
    } else {
      for (const Value& each : *value.list()) add(each);
    }
    return out;
  }

  void instance(const Member& member) {
    ComposeManifest::Instance made;
    made.name = member.key;
    made.component_origin = member.value.origin;
    if (member.key.contains('#'))
      wrong(member.origin, fmt::format("the instance's name '{}' may have no '#'", member.key));
    if (const std::string* file = member.value.string()) {
      made.component = *file;
      out_.instances.push_back(std::move(made));
      return;
    }
    static constexpr std::array<std::string_view, 3> kKeys = {"component", "plugs", "with"};
    if (member.value.map() == nullptr) {
      return wrong(member.value.origin, fmt::format("'{}' should be a file or a map, not {}",
                                                    member.key, member.value.describe()));
    }
    check_keys(member.value, kKeys);
    if (const Value* component = member.value.find("component")) {
      made.component_origin = component->origin;
      text(*component, "component", made.component);
    } else {
      wrong(member.origin, fmt::format("'{}' lacks its 'component', a file", member.key));
    }
    if (const Value* plugs = member.value.find("plugs")) made.plugs = names(*plugs, "plugs");
    if (const Value* with = member.value.find("with")) wires(*with, made);
    out_.instances.push_back(std::move(made));
  }

  void wires(const Value& with, ComposeManifest::Instance& made) {
    const Value::Map* map = map_of(with, "with");
    if (map == nullptr) return;
    for (const Member& member : *map) {
      std::string source;
      text(member.value, member.key, source);
      const size_t hash = source.find('#');
      made.wires.push_back(
          {.import = member.key,
           .instance = source.substr(0, hash),
           .item = hash == std::string::npos ? std::string() : source.substr(hash + 1),
           .origin = member.value.origin});
    }
  }

  ComposeManifest out_;
  std::vector<std::string> errors_;
};

}  // namespace

Result<ComposeManifest> read_compose_manifest(const Value& file) { return Reader().read(file); }

}  // namespace wasmcloud::wash
