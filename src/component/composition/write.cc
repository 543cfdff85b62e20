#include "component/composition/write.h"

#include "component/composition/scope.h"
#include "component/detail/validation.h"
#include "component/encoder.h"

#include <map>

namespace wasmcloud::component::composition {
namespace {

using Kind = ExternType::Kind;

class Writer {
 public:
  Writer(const Composition& composition, const Wiring& wiring, const MergedImports& imports,
         SharedTypes& types)
      : composition_(composition),
        wiring_(wiring),
        imports_(imports),
        types_(types),
        root_(types.table(), out_) {}

  Result<std::vector<std::byte>> run() {
    for (const MergedImport& import : imports_.list) {
      auto index = add_import(import);
      if (!index) {
        return fail(std::move(index).error().within(
            fmt::format("the import {} of {}", import.name.name, import.asked_by)));
      }
      import_indices_.push_back(*index);
    }
    for (const size_t at : wiring_.order) add_part(wiring_.nodes[at].given->part);
    for (const size_t at : wiring_.order) add_instance(at);
    for (const size_t at : composition_.exported) TRY(add_exports(at));
    return out_.finish();
  }

 private:
  Result<uint32_t> add_import(const MergedImport& import) {
    using Described = ExternDescriptor::Kind;
    if (import.type.kind == Kind::Function) {
      const TypeIndex type = TRY(root_.function(import.type.function()));
      return out_.import(
          {.name = import.name, .type = {.kind = Described::Function, .index = type.value}});
    }
    if (import.type.is_resource()) {
      const ResourceId id = import.type.type.resource();
      ExternDescriptor type{.kind = Described::Resource};
      if (root_.has(id))
        type = {.kind = Described::TypeEqual, .index = TRY(root_.resource(id)).value};
      const uint32_t index = out_.import({.name = import.name, .type = type});
      root_.name(id, TypeIndex{index});
      return index;
    }
    if (import.type.kind == Kind::Type) {
      const ValueType value = import.type.type.value();
      const TypeIndex type = TRY(root_.index(value));
      const uint32_t index = out_.import(
          {.name = import.name, .type = {.kind = Described::TypeEqual, .index = type.value}});
      root_.name(value, TypeIndex{index});
      return index;
    }
    InstanceScope scope(types_.table(), root_);
    for (const MergedImport::Item& item : import.items) TRY(scope.add_export(item.name, item.type));
    const TypeIndex type = out_.type(scope.take());
    const uint32_t index = out_.import(
        {.name = import.name, .type = {.kind = Described::Instance, .index = type.value}});
    for (const MergedImport::Item& item : import.items) offer(InstanceIndex{index}, item);
    return index;
  }

  void offer(InstanceIndex instance, const MergedImport::Item& item) {
    if (item.type.is_resource()) {
      root_.offer(item.type.type.resource(), instance, item.name);
    } else if (item.type.kind == Kind::Type) {
      root_.offer(item.type.type.value(), instance, item.name);
    }
  }

  /// Parts that several instances are of are there once, and those that none is of are not.
  void add_part(size_t part) {
    if (components_.contains(part)) return;
    components_.emplace(part, out_.component(composition_.parts[part].bytes));
  }

  /// An export of an instance, taken out of it once.
  SortIndex item_of(size_t instance, const ExportInfo& item) {
    const Sort sort = detail::sort_of(item.type.kind);
    const std::string& name = wiring_.nodes[instance].text(item.name);
    const auto [entry, is_new] = taken_.try_emplace({instance, name});
    if (is_new) {
      entry->second =
          out_.alias(ExportAlias{.sort = sort, .instance = instances_.at(instance), .name = name});
    }
    return {.sort = sort, .index = entry->second};
  }

  void add_instance(size_t at) {
    const Node& node = wiring_.nodes[at];
    Instantiate definition{.component = components_.at(node.given->part)};
    for (size_t i = 0; i < node.imports().size(); ++i) {
      const Source& source = node.sources[i];
      SortIndex item{.sort = detail::sort_of(node.imports()[i].type.kind)};
      if (source.instance) {
        for (const ExportInfo& offered : wiring_.nodes[*source.instance].exports()) {
          if (wiring_.nodes[*source.instance].text(offered.name) == source.item)
            item = item_of(*source.instance, offered);
        }
      } else {
        item.index = import_indices_[imports_.by_key.find(merge_key(node.import_name(i)))->second];
      }
      definition.arguments.push_back({.name = node.import_name(i).name, .item = item});
    }
    instances_.emplace(at, out_.instance(definition));
  }

  Result<void> add_exports(size_t at) {
    const Node& node = wiring_.nodes[at];
    for (size_t i = 0; i < node.exports().size(); ++i) {
      const ExportInfo& item = node.exports()[i];
      const auto [known, is_new] = exported_.emplace(node.text(item.name), at);
      if (!is_new) {
        return fail(Errc::Invalid, "{} and {} both export {}; export one of them only",
                    wiring_.nodes[known->second].name(), node.name(), known->first);
      }
      auto added = add_export(node, i, item_of(at, item));
      if (!added) {
        return fail(std::move(added).error().within(
            fmt::format("the export {} of {}", known->first, node.name())));
      }
    }
    return {};
  }

  Result<void> add_export(const Node& node, size_t at, SortIndex index) {
    const ExportInfo& item = node.exports()[at];
    Export out{.name = node.export_name(at), .item = index};
    if (item.type.kind == Kind::Function) {
      // The types that it mentions have the names here that the whole gives them.
      const auto type = types_.function(node.types(), item.type.function(), node.bindings);
      if (!type) return fail(Errc::Invalid, "it mentions a resource that is not exported");
      out.type = {.kind = ExternDescriptor::Kind::Function,
                  .index = TRY(root_.function(*type)).value};
    }
    const uint32_t exported = out_.add_export(out);
    if (item.type.kind == Kind::Instance) {
      for (const NamedExtern& inner : node.types()[item.type.instance()].exports.items()) {
        if (const auto shared = shared_type(node, inner.type))
          offer(InstanceIndex{exported}, {.name = node.text(inner.name), .type = *shared});
      }
    } else if (const auto shared = shared_type(node, item.type)) {
      if (shared->is_resource()) {
        root_.name(shared->type.resource(), TypeIndex{exported});
      } else {
        root_.name(shared->type.value(), TypeIndex{exported});
      }
    }
    return {};
  }

  /// A type that an instance names, in the shared table; none if it is no value's or resource's.
  std::optional<ExternType> shared_type(const Node& node, const ExternType& own) {
    ExternType out = own;
    if (own.is_resource()) {
      out.type.id = types_.same(node.bindings.at(own.type.resource())).value;
      return out;
    }
    if (own.kind != Kind::Type || own.type.kind != TypeEntity::Kind::Value) return std::nullopt;
    const auto value = types_.value(node.types(), own.type.value(), node.bindings);
    if (!value) return std::nullopt;
    out.type.id = value->value;
    return out;
  }

  const Composition& composition_;
  const Wiring& wiring_;
  const MergedImports& imports_;
  SharedTypes& types_;
  Encoder out_;
  RootScope root_;
  std::vector<uint32_t> import_indices_;  // by import
  std::map<size_t, ComponentIndex> components_;
  std::map<size_t, InstanceIndex> instances_;
  std::map<std::pair<size_t, std::string>, uint32_t> taken_;
  std::map<std::string, size_t> exported_;
};

}  // namespace

Result<std::vector<std::byte>> write(const Composition& composition, const Wiring& wiring,
                                     const MergedImports& imports, SharedTypes& types) {
  return Writer(composition, wiring, imports, types).run();
}

}  // namespace wasmcloud::component::composition
