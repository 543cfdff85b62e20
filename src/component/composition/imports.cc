#include "component/composition/imports.h"

#include "base/text.h"
#include "component/interface_version.h"

#include <algorithm>
#include <set>

namespace wasmcloud::component::composition {
namespace {

using Kind = ExternType::Kind;

/// The resources that a type of the shared table mentions.
class Mentioned {
 public:
  explicit Mentioned(const TypeTable& types) : types_(types) {}

  void add(const ExternType& type) {
    if (type.is_resource()) out_.insert(type.type.resource());
    if (type.kind == Kind::Type && type.type.kind == TypeEntity::Kind::Value)
      add(type.type.value());
    if (type.kind != Kind::Function) return;
    const FunctionType& function = types_[type.function()];
    for (const Member& param : function.params) add(param.type);
    add(function.result);
  }
  std::set<ResourceId> take() { return std::move(out_); }

 private:
  void add(std::optional<ValueType> type) {
    if (!type || !types_.has_resource(*type) || !seen_.insert(*type).second) return;
    const TypeKind kind = types_.kind(*type);
    if (kind == TypeKind::Own || kind == TypeKind::Borrow) {
      out_.insert(types_.resource(*type));
    } else if (kind == TypeKind::Result) {
      add(types_.ok(*type));
      add(types_.error(*type));
    } else if (kind == TypeKind::Map) {
      add(types_.value(*type));
    } else if (kind == TypeKind::Record || kind == TypeKind::Variant || kind == TypeKind::Tuple) {
      for (const Member& member : types_.members(*type)) add(member.type);
    } else {
      add(types_.element(*type));
    }
  }

  const TypeTable& types_;
  std::set<ValueType> seen_;
  std::set<ResourceId> out_;
};

/// Sums up the imports of all instances.
class Merger {
 public:
  explicit Merger(SharedTypes& types) : types_(types) {}

  void add(const Node& node) {
    // Of each resource, where this instance has it from first: the others come behind that.
    std::map<ResourceId, size_t> firsts;
    for (size_t i = 0; i < node.imports().size(); ++i) {
      if (node.sources[i].instance) continue;
      const size_t at = add_import(node, i);
      for (const ResourceId id : mentioned(at)) {
        const size_t first = firsts.emplace(id, at).first->second;
        if (first != at) out_.behind[at].insert(first);
      }
    }
  }

  Result<MergedImports> finish() {
    if (!errors_.empty()) return fail(Errc::Invalid, "{}", join(errors_, "\n"));
    return in_order();
  }

 private:
  /// The import in the shared table, added to what there is under its name. Its position.
  size_t add_import(const Node& node, size_t import) {
    const ExternName& name = node.import_name(import);
    const ExternType& own = node.imports()[import].type;
    const auto [entry, is_new] = out_.by_key.try_emplace(merge_key(name), out_.list.size());
    if (is_new) {
      out_.list.push_back({.name = name, .type = own, .items = {}, .asked_by = node.name()});
      out_.behind.emplace_back();
    }
    MergedImport& merged = out_.list[entry->second];
    if (!is_new && name.name != merged.name.name && is_newer(name.name, merged.name.name))
      merged.name = name;
    if (own.kind == Kind::Instance && merged.type.kind == Kind::Instance) {
      for (const NamedExtern& item : node.types()[own.instance()].exports.items())
        add_item(node, merged, node.text(item.name), item.type);
      return entry->second;
    }
    const auto type = shared(node, name.name, own);
    if (!type) return entry->second;
    if (is_new) {
      merged.type = *type;
    } else if (!is_same(merged.type, *type)) {
      errors_.push_back(fmt::format("{} and {} import '{}' with different types", merged.asked_by,
                                    node.name(), name.name));
    }
    return entry->second;
  }

  void add_item(const Node& node, MergedImport& merged, const std::string& name,
                const ExternType& own) {
    const auto type = shared(node, fmt::format("{}#{}", merged.name.name, name), own);
    if (!type) return;
    const auto known = std::ranges::find(merged.items, name, &MergedImport::Item::name);
    if (known == merged.items.end()) {
      merged.items.push_back({.name = name, .type = *type});
    } else if (!is_same(known->type, *type)) {
      errors_.push_back(fmt::format(
          "{} and {} both import {}, but not the same: in {}, {} {} is {}", merged.asked_by,
          node.name(), merged.name.name, node.name(), name_of(own.kind), name,
          own.kind == Kind::Function ? node.types().to_string(own.function()) : "different"));
    }
  }

  std::optional<ExternType> shared(const Node& node, std::string_view name, const ExternType& own) {
    ExternType out = own;
    if (own.kind == Kind::Function) {
      const auto type = types_.function(node.types(), own.function(), node.bindings);
      if (type) out.id = type->value;
      if (type) return out;
    } else if (own.is_resource()) {
      out.type.id = types_.same(node.bindings.at(own.type.resource())).value;
      return out;
    } else if (own.kind == Kind::Type && own.type.kind == TypeEntity::Kind::Value) {
      const auto type = types_.value(node.types(), own.type.value(), node.bindings);
      if (type) out.type.id = type->value;
      if (type) return out;
    } else {
      errors_.push_back(fmt::format("{} imports {}, which is a {}: a composition cannot import it",
                                    node.name(), name, name_of(own.kind)));
      return std::nullopt;
    }
    errors_.push_back(fmt::format(
        "{} imports {}, which mentions a resource that no import of it names", node.name(), name));
    return std::nullopt;
  }

  static bool is_same(const ExternType& a, const ExternType& b) {
    return a.kind == b.kind && a.id == b.id && a.type.kind == b.type.kind && a.type.id == b.type.id;
  }

  std::set<ResourceId> mentioned(size_t at) const {
    Mentioned all(types_.table());
    const MergedImport& import = out_.list[at];
    if (import.type.kind != Kind::Instance) all.add(import.type);
    for (const MergedImport::Item& item : import.items) all.add(item.type);
    return all.take();
  }

  /// Instances first, then types, then functions, as far as the resources let them.
  Result<MergedImports> in_order() {
    std::vector<size_t> left;
    for (const Kind kind : {Kind::Instance, Kind::Type, Kind::Function}) {
      for (size_t i = 0; i < out_.list.size(); ++i) {
        if (out_.list[i].type.kind == kind) left.push_back(i);
      }
    }
    std::set<size_t> done;
    MergedImports out;
    while (!left.empty()) {
      const auto next = std::ranges::find_if(
          left, [&](size_t at) { return std::ranges::includes(done, out_.behind[at]); });
      if (next == left.end()) {
        std::string names;
        for (const size_t at : left) names += (names.empty() ? "" : ", ") + out_.list[at].name.name;
        return fail(Errc::Invalid, "these imports need each other's resources in a circle: {}",
                    names);
      }
      done.insert(*next);
      out.list.push_back(out_.list[*next]);
      left.erase(next);
    }
    for (size_t i = 0; i < out.list.size(); ++i) out.by_key.emplace(merge_key(out.list[i].name), i);
    return out;
  }

  struct Merged : MergedImports {
    std::vector<std::set<size_t>> behind;  ///< by position, what comes before
  };

  SharedTypes& types_;
  Merged out_;
  std::vector<std::string> errors_;
};

}  // namespace

Result<MergedImports> merge_imports(const Wiring& wiring, SharedTypes& types) {
  Merger merger(types);
  for (const size_t at : wiring.order) merger.add(wiring.nodes[at]);
  return merger.finish();
}

}  // namespace wasmcloud::component::composition
