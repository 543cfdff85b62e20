#include "base/text.h"
#include "base/units.h"
#include "component/composition/composition.h"
#include "component/decoder.h"
#include "wash/build/wasm_file.h"
#include "wash/commands/commands.h"
#include "wash/commands/guest_flags.h"
#include "wash/compose/manifest.h"
#include "wash/config/read.h"
#include "wash/output_file.h"

#include <deque>
#include <filesystem>
#include <map>

namespace wasmcloud::wash {
namespace {

using component::Composition;

/// A composition with the bytes of its parts.
struct Parts {
  std::deque<std::string> bytes;
  std::map<std::string, size_t> by_path;
  Composition composition;
  std::vector<std::string> files;
  std::string output;

  /// The position of the part that is that file, read once. `shown` is its name in messages.
  Result<size_t> part(const std::string& path, const std::string& shown) {
    if (const auto known = by_path.find(path); known != by_path.end()) return known->second;
    const std::string& read = bytes.emplace_back(TRY(read_component(path)));
    const size_t at = composition.parts.size();
    composition.parts.push_back({.name = shown, .bytes = std::as_bytes(std::span(read))});
    files.push_back(path);
    by_path.emplace(path, at);
    return at;
  }
};

Result<Parts> parts_of_flags(const Invocation& invocation) {
  Parts out;
  const std::string& outer = invocation.arguments.positionals().front();
  std::vector<std::string> files = {outer};
  for (const std::string& plug : invocation.arguments.values("--plug")) files.push_back(plug);
  for (const std::string& file : files) {
    const size_t part = TRY(out.part(resolve(file, invocation.working_directory), file));
    out.composition.instances.push_back({.name = file, .part = part});
  }
  for (size_t i = 1; i < files.size(); ++i) out.composition.instances[0].plugs.push_back(i);
  out.composition.exported = {0};
  return out;
}

/// Names of a manifest made positions.
class Resolver {
 public:
  Resolver(const ComposeManifest& manifest, Composition& composition)
      : manifest_(manifest), composition_(composition) {
    for (const auto& instance : manifest.instances) names_.push_back(instance.name);
  }

  Result<void> run() {
    for (size_t i = 0; i < manifest_.instances.size(); ++i) {
      for (const auto& plug : manifest_.instances[i].plugs) {
        if (const auto at = find(plug.name, plug.origin))
          composition_.instances[i].plugs.push_back(*at);
      }
      for (const auto& wire : manifest_.instances[i].wires) {
        if (const auto at = find(wire.instance, wire.origin)) {
          composition_.instances[i].wires.push_back(
              {.import = wire.import, .instance = *at, .item = wire.item});
        }
      }
    }
    for (const auto& exported : manifest_.exported) {
      if (const auto at = find(exported.name, exported.origin))
        composition_.exported.push_back(*at);
    }
    if (!errors_.empty()) return fail(Errc::Invalid, "{}", join(errors_, "\n"));
    return manifest_.exported.empty() ? export_the_last() : Result<void>();
  }

 private:
  std::optional<size_t> find(const std::string& name, const Origin& origin) {
    const auto found = std::ranges::find(names_, name);
    if (found != names_.end()) return static_cast<size_t>(found - names_.begin());
    const std::string_view near = closest(name, names_);
    errors_.push_back(fmt::format("{}: there is no instance '{}'{}", origin.describe(), name,
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    return std::nullopt;
  }

  /// Without a word on it, what no other uses is what the whole is for.
  Result<void> export_the_last() {
    std::vector<bool> used(names_.size());
    for (const auto& instance : composition_.instances) {
      for (const size_t plug : instance.plugs) used[plug] = true;
      for (const auto& wire : instance.wires) used[wire.instance] = true;
    }
    std::vector<std::string> left;
    for (size_t i = 0; i < used.size(); ++i) {
      if (used[i]) continue;
      left.emplace_back(names_[i]);
      composition_.exported.push_back(i);
    }
    if (left.size() == 1) return {};
    if (left.empty())
      return fail(Errc::Invalid,
                  "every instance is used by another; say with 'export' which "
                  "of them the composition is");
    return fail(Errc::Invalid,
                "{} are used by no other; say with 'export' which of them the "
                "composition's exports come from",
                join(left, " and "));
  }

  const ComposeManifest& manifest_;
  Composition& composition_;
  std::vector<std::string_view> names_;
  std::vector<std::string> errors_;
};

Result<Parts> parts_of_manifest(const Invocation& invocation, const std::string& file) {
  const std::string path = resolve(file, invocation.working_directory);
  const ComposeManifest manifest = TRY(read_compose_manifest(TRY(read_config_file(path, file))));
  const std::string folder = std::filesystem::path(path).parent_path();
  Parts out;
  for (const auto& instance : manifest.instances) {
    auto part = out.part(resolve(instance.component, folder), instance.component);
    if (!part) return fail(std::move(part).error().within(instance.component_origin.describe()));
    out.composition.instances.push_back({.name = instance.name, .part = *part});
  }
  auto resolved = Resolver(manifest, out.composition).run();
  if (!resolved) return fail(std::move(resolved).error());
  if (!manifest.output.empty()) out.output = resolve(manifest.output, folder);
  return out;
}

bool is_manifest(std::string_view file) {
  return file.ends_with(".yaml") || file.ends_with(".yml") || file.ends_with(".json") ||
         file.ends_with(".toml");
}

Result<Parts> parts_of(const Invocation& invocation) {
  const std::string& file = invocation.arguments.positionals().front();
  const bool has_plugs = invocation.arguments.has("--plug");
  if (is_manifest(file)) {
    if (has_plugs) {
      return fail(Errc::Usage, "--plug goes with a component; write the plugs of {} into it", file);
    }
    return parts_of_manifest(invocation, file);
  }
  if (!has_plugs) {
    return fail(Errc::Usage,
                "nothing is plugged into {}; give --plug FILE, or a file that ends in "
                ".yaml and says what goes where",
                file);
  }
  return parts_of_flags(invocation);
}

Value names_of(const component::ValidatedComponent& component, const auto& items) {
  Value::List out;
  for (const auto& item : items) out.push_back(component.types.text(item.name));
  return out;
}

Result<Outcome> compose(const Invocation& invocation) {
  Parts parts = TRY(parts_of(invocation));
  if (invocation.arguments.has("--output-file")) {
    parts.output =
        resolve(invocation.arguments.value("--output-file"), invocation.working_directory);
  }
  if (parts.output.empty()) return fail(Errc::Usage, "there is no file to write to; give -o FILE");
  if (parts.by_path.contains(parts.output))
    return fail(Errc::Invalid, "{} is one of the components; write to another file", parts.output);
  host::HostOptions options;
  TRY(enable_proposals(invocation.arguments, {}, options));
  const std::vector<std::byte> binary =
      TRY(component::compose(parts.composition, options.features));
  const std::string_view text(reinterpret_cast<const char*>(binary.data()), binary.size());
  TRY(write_output(parts.output, text));

  const auto whole =
      TRY(component::validate(TRY(component::decode(binary)), binary, options.features));
  Value::List files;
  for (const std::string& each : parts.files) files.push_back(each);
  return Outcome::ok(
      fmt::format("Composed {} components into {} ({})", parts.files.size(), parts.output,
                  format_size(binary.size())),
      Value::Map{{.key = "output_path", .value = parts.output},
                 {.key = "bytes", .value = static_cast<int64_t>(binary.size())},
                 {.key = "components", .value = std::move(files)},
                 {.key = "imports", .value = names_of(whole, whole.root().imports)},
                 {.key = "exports", .value = names_of(whole, whole.root().exports)}});
}

}  // namespace

const Command& compose_command() {
  static const Command kCommand = {
      .name = "compose",
      .summary = "Make one component of several that use each other",
      .description =
          "Plugs the exports of components into the imports of another and writes one component "
          "that holds them all. Exports and imports meet by name, in any version of a track. What "
          "nobody exports stays an import of the whole, and its exports are those of COMPONENT. "
          "With a YAML, TOML or JSON file in place of COMPONENT, any number of instances may use "
          "one another.",
      .flags = {{.name = "--plug",
                 .value = "FILE",
                 .takes = Takes::Many,
                 .help = "A component whose exports COMPONENT imports; may be repeated, and the "
                         "first that has an export gives it"},
                {.name = "--output-file",
                 .short_name = "-o",
                 .value = "FILE",
                 .takes = Takes::One,
                 .help = "Where the composition goes"},
                kWasmProposalFlag},
      .positionals = {{.name = "COMPONENT",
                       .help = "The component that is plugged into, or a file that says what goes "
                               "where"}},
      .examples = {{.command = "wash compose gate.wasm --plug hello.wasm -o app.wasm",
                    .what = "Put a middleware in front of a handler"},
                   {.command = "wash compose compose.yaml", .what = "Compose as a file says"}},
      .run = outcome_of<compose>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
