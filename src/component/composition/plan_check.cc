#include "base/text.h"
#include "component/composition/plan.h"

#include <algorithm>

namespace wasmcloud::component::composition {
namespace {

using Kind = ExternType::Kind;

/// Calls `found(name, id)` for every resource that an import or export names: "" for itself, else
/// the name of an item in its instance.
template <class Found>
void each_resource(const Node& node, const ExternType& type, Found found) {
  if (type.is_resource()) found(std::string(), type.type.resource());
  if (type.kind != Kind::Instance) return;
  for (const NamedExtern& item : node.types()[type.instance()].exports.items()) {
    if (item.type.is_resource()) found(node.text(item.name), item.type.type.resource());
  }
}

/// Resources of what comes from outside: one for each name of each merged import. A component that
/// knows two of them as one makes them one for all.
void bind_imports(Wiring& wiring) {
  std::map<std::pair<std::string, std::string>, ResourceId> known;
  for (const size_t at : wiring.order) {
    Node& node = wiring.nodes[at];
    for (size_t i = 0; i < node.imports().size(); ++i) {
      if (node.sources[i].instance) continue;
      const std::string key = merge_key(node.import_name(i));
      each_resource(node, node.imports()[i].type, [&](const std::string& name, ResourceId own) {
        auto [entry, is_new] = known.try_emplace({key, name});
        if (is_new) entry->second = wiring.resources.add();
        const auto [bound, is_first] = node.bindings.emplace(own, entry->second);
        if (!is_first) wiring.resources.unite(bound->second, entry->second);
      });
    }
  }
}

/// Checks one thing that an instance gives to another.
class Fit {
 public:
  Fit(SharedTypes& types, Node& to, const Node& from, std::vector<std::string>& errors)
      : types_(types), to_(to), from_(from), errors_(errors) {}

  void check(size_t import, const ExportInfo& offered) {
    import_ = to_.text(to_.imports()[import].name);
    match({}, to_.imports()[import].type, offered.type);
  }

 private:
  /// `what` is "function handle"; empty for the import itself.
  void wrong(std::string_view what, std::string_view how) {
    errors_.push_back(fmt::format("{} imports {}, which {} exports, but they do not fit:{}{} {}",
                                  to_.name(), import_, from_.name(), what.empty() ? "" : " ", what,
                                  how));
  }

  void match(const std::string& name, const ExternType& wanted, const ExternType& offered) {
    const std::string what =
        name.empty() ? std::string() : fmt::format("{} {}", name_of(wanted.kind), name);
    if (wanted.kind != offered.kind ||
        (wanted.kind == Kind::Type && wanted.type.kind != offered.type.kind)) {
      return wrong(what, fmt::format("is a {} there", name_of(offered.kind)));
    }
    if (wanted.kind == Kind::Function) return match_functions(what, wanted, offered);
    if (wanted.is_resource()) return match_resources(what, wanted, offered);
    if (wanted.kind == Kind::Instance && name.empty()) return match_instances(wanted, offered);
    // The whole is validated when it is written, and their types are its own matter.
    if (wanted.kind == Kind::CoreModule || wanted.kind == Kind::Component) return;
    if (wanted.kind == Kind::Type && wanted.type.kind == TypeEntity::Kind::Value)
      return match_values(what, wanted.type.value(), offered.type.value());
    wrong(what, "is of a kind that cannot be checked");
  }

  void match_instances(const ExternType& wanted, const ExternType& offered) {
    const ExternList& there = from_.types()[offered.instance()].exports;
    for (const NamedExtern& item : to_.types()[wanted.instance()].exports.items()) {
      const std::string& name = to_.text(item.name);
      const auto known = from_.types().find_name(name);
      const ExternType* const found = known ? there.find(*known) : nullptr;
      if (found == nullptr) {
        wrong(fmt::format("{} {}", name_of(item.type.kind), name), "is not there");
      } else {
        match(name, item.type, *found);
      }
    }
  }

  void match_functions(const std::string& what, const ExternType& wanted,
                       const ExternType& offered) {
    const auto a = types_.function(to_.types(), wanted.function(), to_.bindings);
    const auto b = types_.function(from_.types(), offered.function(), from_.bindings);
    // What is not bound has an error of its own.
    if (!a || !b || *a == *b || resources_differ_) return;
    std::string there = from_.types().to_string(offered.function());
    const std::string needed = to_.types().to_string(wanted.function());
    if (there == needed) there += " with another resource";
    wrong(what, fmt::format("is {} there, and {} is needed", there, needed));
  }

  void match_values(const std::string& what, ValueType wanted, ValueType offered) {
    const auto a = types_.value(to_.types(), wanted, to_.bindings);
    const auto b = types_.value(from_.types(), offered, from_.bindings);
    if (!a || !b || *a == *b || resources_differ_) return;
    wrong(what, fmt::format("is {} there, and {} is needed", from_.types().to_string(offered),
                            to_.types().to_string(wanted)));
  }

  void match_resources(const std::string& what, const ExternType& wanted,
                       const ExternType& offered) {
    const auto there = from_.bindings.find(offered.type.resource());
    if (there == from_.bindings.end()) return wrong(what, "is a resource without a name there");
    const auto [bound, is_first] = to_.bindings.emplace(wanted.type.resource(), there->second);
    if (is_first || types_.same(bound->second) == types_.same(there->second)) return;
    resources_differ_ = true;
    wrong(what,
          "is another resource there than the one that its other imports have; plug what "
          "both of them use from one instance, or from none");
  }

  SharedTypes& types_;
  Node& to_;
  const Node& from_;
  std::vector<std::string>& errors_;
  std::string import_;
  bool resources_differ_ = false;  ///< what mentions them cannot fit then
};

const ExportInfo& export_of(const Node& node, std::string_view name) {
  return *std::ranges::find_if(
      node.exports(), [&](const ExportInfo& item) { return node.text(item.name) == name; });
}

}  // namespace

Result<void> check(Wiring& wiring, SharedTypes& types) {
  bind_imports(wiring);
  std::vector<std::string> errors;
  for (const size_t at : wiring.order) {
    Node& node = wiring.nodes[at];
    for (size_t i = 0; i < node.sources.size(); ++i) {
      const Source& source = node.sources[i];
      if (!source.instance) continue;
      const Node& from = wiring.nodes[*source.instance];
      Fit(types, node, from, errors).check(i, export_of(from, source.item));
    }
    // What is not an import's is this instance's own.
    for (const ExportInfo& item : node.exports()) {
      each_resource(node, item.type, [&](const std::string&, ResourceId own) {
        if (!node.bindings.contains(own)) node.bindings.emplace(own, wiring.resources.add());
      });
    }
  }
  if (!errors.empty()) return fail(Errc::Invalid, "{}", join(errors, "\n"));
  return {};
}

}  // namespace wasmcloud::component::composition
