#include "base/semver.h"
#include "base/text.h"
#include "component/composition/plan.h"
#include "component/interface_version.h"

#include <algorithm>
#include <ranges>

namespace wasmcloud::component::composition {
namespace {

using Errors = std::vector<std::string>;

std::string listed(std::span<const std::string_view> names) {
  std::string out;
  for (const std::string_view name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out.empty() ? "nothing" : out;
}

std::vector<std::string_view> import_names(const Node& node) {
  std::vector<std::string_view> names;
  for (const ImportInfo& import : node.imports()) names.push_back(node.text(import.name));
  return names;
}

std::vector<std::string_view> export_names(const Node& node) {
  std::vector<std::string_view> names;
  for (const ExportInfo& item : node.exports()) names.push_back(node.text(item.name));
  return names;
}

/// The name among `names` that is `wanted`, else the newest version of its track, else empty.
std::string_view pick(std::span<const std::string_view> names, std::string_view wanted) {
  std::string_view best;
  for (const std::string_view name : names) {
    if (name == wanted) return name;
    if (serves(name, wanted) && (best.empty() || is_newer(name, best))) best = name;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
  const std::string_view near = closest(word, names);
  return near.empty() ? fmt::format("; there is {}", listed(names))
                      : fmt::format("; did you mean '{}'?", near);
}

void take_wire(const std::vector<Node>& nodes, Node& node, const Composition::Wire& wire,
               Errors& errors) {
  const auto imports = import_names(node);
  const std::string_view import = pick(imports, wire.import);
  if (import.empty()) {
    errors.push_back(fmt::format("{} does not import '{}'{}", node.name(), wire.import,
                                 did_you_mean(wire.import, imports)));
    return;
  }
  const Node& from = nodes[wire.instance];
  const auto exports = export_names(from);
  const std::string_view wanted = wire.item.empty() ? import : std::string_view(wire.item);
  const std::string_view item = pick(exports, wanted);
  if (item.empty()) {
    errors.push_back(fmt::format("{} does not export '{}'{}", from.name(), wanted,
                                 did_you_mean(wanted, exports)));
    return;
  }
  const auto at = static_cast<size_t>(std::ranges::find(imports, import) - imports.begin());
  node.sources[at] = {.instance = wire.instance, .item = std::string(item)};
}

void take_plug(const std::vector<Node>& nodes, Node& node, size_t plug, Errors& errors) {
  const auto imports = import_names(node);
  const auto exports = export_names(nodes[plug]);
  bool fits = false;
  for (size_t i = 0; i < imports.size(); ++i) {
    const std::string_view item = pick(exports, imports[i]);
    fits = fits || !item.empty();
    if (!item.empty() && !node.sources[i].instance)
      node.sources[i] = {.instance = plug, .item = std::string(item)};
  }
  if (fits) return;
  errors.push_back(fmt::format("{} has no import that {} exports: it imports {}, and {} exports {}",
                               node.name(), nodes[plug].name(), listed(imports), nodes[plug].name(),
                               listed(exports)));
}

/// Puts every node behind those that give to it. Returns those of a circle, if there is one.
class Ordering {
 public:
  explicit Ordering(const std::vector<Node>& nodes) : nodes_(nodes), marks_(nodes.size()) {}

  std::vector<size_t> circle() {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (!visit(i)) return circle_;
    }
    return {};
  }
  std::vector<size_t> take() { return std::move(order_); }

 private:
  enum class Mark : uint8_t { Unseen, Open, Done };

  bool visit(size_t at) {
    if (marks_[at] == Mark::Done) return true;
    path_.push_back(at);
    if (marks_[at] == Mark::Open) {
      circle_.assign(std::ranges::find(path_, at), path_.end());
      return false;
    }
    marks_[at] = Mark::Open;
    for (const Source& source : nodes_[at].sources) {
      if (source.instance && !visit(*source.instance)) return false;
    }
    marks_[at] = Mark::Done;
    path_.pop_back();
    order_.push_back(at);
    return true;
  }

  const std::vector<Node>& nodes_;
  std::vector<Mark> marks_;
  std::vector<size_t> path_;
  std::vector<size_t> circle_;
  std::vector<size_t> order_;
};

}  // namespace

const ExternName& Node::import_name(size_t import) const {
  const uint32_t at = imports()[import].definition;
  return std::get<Import>(component->decoded.root().definitions[at].what).name;
}

const ExternName& Node::export_name(size_t exported) const {
  const uint32_t at = exports()[exported].definition;
  return std::get<Export>(component->decoded.root().definitions[at].what).name;
}

std::string merge_key(const ExternName& name) {
  const VersionedName versioned = split_version(name.name);
  std::string key = name.name;
  if (!versioned.version.empty()) {
    const auto version = SemVer::parse(versioned.version);
    const auto track = version ? version->track() : std::nullopt;
    if (track) key = fmt::format("{}@{}", versioned.base, *track);
  }
  // A named instance is another one than the interface that it implements.
  if (name.implements) key += fmt::format(" implements {}", *name.implements);
  return key;
}

Result<Wiring> wire(const Composition& composition,
                    std::span<const ValidatedComponent> components) {
  Wiring out;
  for (const Composition::Instance& instance : composition.instances) {
    Node& node = out.nodes.emplace_back();
    node.given = &instance;
    node.component = &components[instance.part];
    node.sources.resize(node.imports().size());
  }
  Errors errors;
  for (Node& node : out.nodes) {
    for (const Composition::Wire& wire : node.given->wires)
      take_wire(out.nodes, node, wire, errors);
    for (const size_t plug : node.given->plugs) take_plug(out.nodes, node, plug, errors);
  }
  if (!errors.empty()) return fail(Errc::Invalid, "{}", join(errors, "\n"));
  Ordering ordering(out.nodes);
  const std::vector<size_t> circle = ordering.circle();
  if (circle.empty()) {
    out.order = ordering.take();
    return out;
  }
  std::string path;
  for (const size_t at : circle)
    path += fmt::format("{}{}", path.empty() ? "" : " needs ", out.nodes[at].name());
  return fail(Errc::Invalid,
              "these instances need each other in a circle, so that none can be made first: {}",
              path);
}

}  // namespace wasmcloud::component::composition
