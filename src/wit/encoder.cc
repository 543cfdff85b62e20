#include "wit/encoder.h"

#include "base/binary_writer.h"
#include "wit/detail/package_docs.h"

#include <map>
#include <set>

namespace wasmcloud::wit {
namespace {

constexpr size_t kMaxBytes = size_t{256} << 20;

// Binary.md of the component model.
constexpr std::string_view kPreamble("\0asm\x0d\0\1\0", 8);
constexpr uint8_t kTypeSection = 7;
constexpr uint8_t kExportSection = 11;
constexpr uint8_t kComponentType = 0x41;
constexpr uint8_t kInstanceType = 0x42;
constexpr uint8_t kTypeSort = 0x03;

/// The declarators of a component or instance type, with the indices they have used up.
struct Declarators {
  BinaryWriter bytes;
  uint32_t count = 0;
  uint32_t types = 0;
  std::map<TypeId, uint32_t> known;  ///< types that have an index here

  std::string as_type(uint8_t opcode) const {
    return BinaryWriter().byte(opcode).u32(count).raw(bytes.str()).take();
  }
};

/// externname ::= 0x00 name | 0x02 name vec(attribute)
std::string extern_name(std::string_view name, const std::optional<std::string>& external_id,
                        const std::optional<std::string>& implements = {}) {
  BinaryWriter out;
  const uint32_t attributes = (implements ? 1 : 0) + (external_id ? 1 : 0);
  out.byte(attributes == 0 ? 0x00 : 0x02).name(name);
  if (attributes == 0) return out.take();
  out.u32(attributes);
  if (implements) out.byte(0x00).name(*implements);
  if (external_id) out.byte(0x02).name(*external_id);
  return out.take();
}

// externdesc
std::string equal_type(uint32_t index) {
  return BinaryWriter().byte(0x03).byte(0x00).u32(index).take();
}
std::string some_resource() { return {"\x03\x01"}; }
std::string function_type(uint32_t index) { return BinaryWriter().byte(0x01).u32(index).take(); }
std::string component_type(uint32_t index) { return BinaryWriter().byte(0x04).u32(index).take(); }
std::string instance_type(uint32_t index) { return BinaryWriter().byte(0x05).u32(index).take(); }

uint8_t opcode_of(Primitive primitive) {
  switch (primitive) {
    case Primitive::Bool:
      return 0x7f;
    case Primitive::S8:
      return 0x7e;
    case Primitive::U8:
      return 0x7d;
    case Primitive::S16:
      return 0x7c;
    case Primitive::U16:
      return 0x7b;
    case Primitive::S32:
      return 0x7a;
    case Primitive::U32:
      return 0x79;
    case Primitive::S64:
      return 0x78;
    case Primitive::U64:
      return 0x77;
    case Primitive::F32:
      return 0x76;
    case Primitive::F64:
      return 0x75;
    case Primitive::Char:
      return 0x74;
    case Primitive::String:
      return 0x73;
    case Primitive::ErrorContext:
      return 0x64;
  }
  return 0;
}

/// Writes one component type: a world, or what exports an interface. Types are declared where they
/// are first needed; those of other interfaces come from the instances that were imported (or, in a
/// world, exported) before.
class TypeEncoder {
 public:
  explicit TypeEncoder(const Model& model) : model_(model) {}

  /// The interface, behind imports of those that it takes types from.
  std::string interface(InterfaceId id) {
    // Numbers are above those of what is used, so in order these come first.
    for (const InterfaceId used : used_by(id)) {
      begin_instance(used);
      for (const TypeId type : model_[used].types) type_index(type);
      const uint32_t index = end_instance();
      import_item(extern_name(model_.name_of(used), {}), instance_type(index));
      add_instance(used);
    }
    const uint32_t index = instance(id);
    export_item(extern_name(model_.name_of(id), {}), instance_type(index));
    return outer_.as_type(kComponentType);
  }

  std::string world(const World& world) {
    for (const WorldItem& item : world.imports) add_world_item(item, /*is_import=*/true);
    std::map<InterfaceId, const WorldItem*> exported;
    for (const WorldItem& item : world.exports) {
      if (item.name.empty()) exported.emplace(std::get<InterfaceId>(item.item), &item);
    }
    std::set<const WorldItem*> done;
    const auto add = [&](const WorldItem& item) {
      if (done.insert(&item).second) add_world_item(item, /*is_import=*/false);
    };
    for (const WorldItem& item : world.exports) {
      // In the order written, but for what takes types from another one exported.
      if (const auto* id = std::get_if<InterfaceId>(&item.item)) {
        for (const InterfaceId used : used_by(*id)) {
          if (const auto needed = exported.find(used); needed != exported.end())
            add(*needed->second);
        }
      }
      add(item);
    }
    return outer_.as_type(kComponentType);
  }

 private:
  std::set<InterfaceId> used_by(InterfaceId id) const {
    std::set<InterfaceId> found;
    std::vector<InterfaceId> open = model_[id].uses;
    while (!open.empty()) {
      const InterfaceId next = open.back();
      open.pop_back();
      if (!found.insert(next).second) continue;
      const auto& uses = model_[next].uses;
      open.insert(open.end(), uses.begin(), uses.end());
    }
    return found;
  }

  void add_world_item(const WorldItem& item, bool is_import) {
    if (const auto* type = std::get_if<TypeId>(&item.item)) {
      importing_types_ = true;
      type_index(*type);
      importing_types_ = false;
      return;
    }
    const auto add = [&](const std::string& name, const std::string& descriptor) {
      is_import ? import_item(name, descriptor) : export_item(name, descriptor);
    };
    if (const auto* function = std::get_if<Function>(&item.item)) {
      const uint32_t type = function_index(*function);
      add(extern_name(function->name, function->notes.external_id), function_type(type));
      return;
    }
    const InterfaceId id = std::get<InterfaceId>(item.item);
    const uint32_t type = instance(id);
    const bool is_inline = model_[id].name.empty();
    std::optional<std::string> implements;
    if (!item.name.empty() && !is_inline) implements = model_.name_of(id);
    add(extern_name(item.name.empty() ? model_.name_of(id) : item.name, item.notes.external_id,
                    implements),
        instance_type(type));
    add_instance(id);
  }

  uint32_t instance(InterfaceId id) {
    begin_instance(id);
    for (const TypeId type : model_[id].types) type_index(type);
    for (const Function& function : functions_of(id)) {
      const uint32_t type = function_index(function);
      export_item(extern_name(function.name, function.notes.external_id), function_type(type));
    }
    return end_instance();
  }

  // As they are read again: those of each resource together, the others behind.
  std::vector<Function> functions_of(InterfaceId id) const {
    std::vector<Function> sorted;
    for (const TypeId type : model_[id].types) {
      for (const Function& function : model_[id].functions) {
        if (function.resource == type) sorted.push_back(function);
      }
    }
    for (const Function& function : model_[id].functions) {
      if (!function.resource) sorted.push_back(function);
    }
    return sorted;
  }

  void begin_instance(InterfaceId id) {
    place_ = id;
    inner_.emplace();
  }
  uint32_t end_instance() {
    const std::string type = inner_->as_type(kInstanceType);
    inner_.reset();
    place_.reset();
    return define(type);
  }

  // The import or export just written is the instance that types of `id` come from from here on.
  void add_instance(InterfaceId id) {
    instances_by_interface_[id] = instances_++;
    for (const TypeId type : model_[id].types) outer_.known.erase(type);
  }

  Declarators& scope() { return inner_ ? *inner_ : outer_; }

  // componentdecl ::= 0x03 import | instancedecl;
  // instancedecl ::= 0x01 type | 0x02 alias | 0x04 export
  void declare(uint8_t kind, std::string_view first, std::string_view second = {}) {
    scope().bytes.byte(kind).raw(first).raw(second);
    ++scope().count;
  }
  uint32_t define(std::string_view type) {
    declare(0x01, type);
    return scope().types++;
  }
  void import_item(std::string_view name, std::string_view descriptor) {
    declare(0x03, name, descriptor);
  }
  void export_item(std::string_view name, std::string_view descriptor) {
    declare(0x04, name, descriptor);
  }
  // A type under its name, which is a type index of its own.
  uint32_t name_type(const TypeDefinition& type, std::string_view descriptor) {
    const std::string name = extern_name(type.name, type.notes.external_id);
    if (importing_types_ && !inner_)
      import_item(name, descriptor);
    else
      export_item(name, descriptor);
    return scope().types++;
  }

  std::string value_type(const Type& type) {
    if (const auto* primitive = std::get_if<Primitive>(&type))
      return BinaryWriter().byte(opcode_of(*primitive)).take();
    return BinaryWriter().s33(type_index(std::get<TypeId>(type))).take();
  }
  std::string optional_type(const std::optional<Type>& type) {
    return type ? BinaryWriter().byte(0x01).raw(value_type(*type)).take() : std::string(1, '\0');
  }

  uint32_t type_index(TypeId id) {
    const auto found = scope().known.find(id);
    if (found != scope().known.end()) return found->second;
    const uint32_t index = new_type(id);
    scope().known.insert_or_assign(id, index);
    return index;
  }

  uint32_t new_type(TypeId id) {
    const TypeDefinition& type = model_[id];
    if (type.name.empty()) return define(defined_type(type));
    const auto* owner = std::get_if<InterfaceId>(&type.owner);
    if (owner != nullptr && place_ != *owner) return foreign_type(*owner, id);
    if (std::holds_alternative<Resource>(type.kind)) return name_type(type, some_resource());
    const auto* alias = std::get_if<Alias>(&type.kind);
    const auto* target = alias != nullptr ? std::get_if<TypeId>(&alias->target) : nullptr;
    const uint32_t definition =
        target != nullptr ? type_index(*target) : define(defined_type(type));
    return name_type(type, equal_type(definition));
  }

  // alias ::= sort 0x00 instance name | sort 0x02 count index
  uint32_t foreign_type(InterfaceId owner, TypeId id) {
    auto outside = outer_.known.find(id);
    if (outside == outer_.known.end()) {
      outer_.bytes.byte(0x02).byte(kTypeSort).byte(0x00).u32(instances_by_interface_[owner]);
      outer_.bytes.name(model_[id].name);
      ++outer_.count;
      outside = outer_.known.emplace(id, outer_.types++).first;
    }
    if (!inner_) return outside->second;
    declare(0x02, BinaryWriter().byte(kTypeSort).byte(0x02).u32(1).u32(outside->second).str());
    return inner_->types++;
  }

  std::string labeled(uint8_t opcode, const std::vector<Member>& members, bool is_record) {
    // Types are declared before what they are part of.
    std::vector<std::string> types;
    for (const Member& member : members)
      types.push_back(is_record ? value_type(*member.type) : optional_type(member.type));
    BinaryWriter out;
    out.byte(opcode).u32(members.size());
    for (size_t i = 0; i < members.size(); ++i) {
      out.name(members[i].name).raw(types[i]);
      if (!is_record) out.byte(0x00);
    }
    return out.take();
  }
  static std::string labels(uint8_t opcode, const std::vector<Member>& members) {
    BinaryWriter out;
    out.byte(opcode).u32(members.size());
    for (const Member& member : members) out.name(member.name);
    return out.take();
  }

  std::string defined_type(const TypeDefinition& type) {
    return std::visit([&](const auto& kind) { return defined(kind); }, type.kind);
  }
  std::string defined(const Record& it) { return labeled(0x72, it.fields, true); }
  std::string defined(const Variant& it) { return labeled(0x71, it.cases, false); }
  std::string defined(const Enum& it) { return labels(0x6d, it.labels); }
  std::string defined(const Flags& it) { return labels(0x6e, it.labels); }
  std::string defined(const Resource&) { return {}; }  // has a name
  std::string defined(const Alias& it) { return value_type(it.target); }
  std::string defined(const List& it) { return with(0x70, value_type(it.element)); }
  std::string defined(const FixedList& it) {
    return BinaryWriter().raw(with(0x67, value_type(it.element))).u32(it.length).take();
  }
  std::string defined(const Option& it) { return with(0x6b, value_type(it.payload)); }
  std::string defined(const Map& it) {
    const std::string key = value_type(it.key);
    return with(0x63, key + value_type(it.value));
  }
  std::string defined(const ResultType& it) {
    const std::string ok = optional_type(it.ok);
    return with(0x6a, ok + optional_type(it.error));
  }
  std::string defined(const Stream& it) { return with(0x66, optional_type(it.element)); }
  std::string defined(const Future& it) { return with(0x65, optional_type(it.payload)); }
  std::string defined(const Own& it) {
    return BinaryWriter().byte(0x69).u32(type_index(it.resource)).take();
  }
  std::string defined(const Borrow& it) {
    return BinaryWriter().byte(0x68).u32(type_index(it.resource)).take();
  }
  std::string defined(const Tuple& it) {
    std::string items;
    for (const Type& item : it.items) items += value_type(item);
    return BinaryWriter().byte(0x6f).u32(it.items.size()).raw(items).take();
  }
  static std::string with(uint8_t opcode, std::string_view parts) {
    return BinaryWriter().byte(opcode).raw(parts).take();
  }

  // functype ::= 0x40 | 0x43 vec(param) (0x00 valtype | 0x01 0x00)
  uint32_t function_index(const Function& function) {
    BinaryWriter params;
    for (const Parameter& param : function.params)
      params.name(param.name).raw(value_type(param.type));
    BinaryWriter out;
    const std::string result = function.result ? value_type(*function.result) : std::string();
    out.byte(function.is_async ? 0x43 : 0x40).u32(function.params.size()).raw(params.str());
    if (function.result)
      out.byte(0x00).raw(result);
    else
      out.byte(0x01).byte(0x00);
    return define(out.str());
  }

  const Model& model_;
  Declarators outer_;
  std::optional<Declarators> inner_;
  std::optional<InterfaceId> place_;  ///< whose types are defined where they are met
  bool importing_types_ = false;
  uint32_t instances_ = 0;
  std::map<InterfaceId, uint32_t> instances_by_interface_;
};

}  // namespace

Result<std::string> encode(const Model& model, PackageId id, std::string_view producer,
                           std::string_view version) {
  const Package& package = model[id];
  BinaryWriter out;
  out.raw(kPreamble);
  uint32_t types = 0;
  // Each type and its export are two indices.
  const auto add = [&](std::string_view name, const std::string& type) -> Result<void> {
    out.section(kTypeSection, BinaryWriter().u32(1).raw(type).str());
    out.section(kExportSection, BinaryWriter()
                                    .u32(1)
                                    .raw(extern_name(name, {}))
                                    .byte(kTypeSort)
                                    .u32(types)
                                    .byte(0x00)
                                    .str());
    types += 2;
    if (out.size() <= kMaxBytes) return {};
    return fail(Errc::Limit, "package {} takes more than {} bytes in binary form",
                package.name.str(), kMaxBytes);
  };
  for (const InterfaceId interface : package.interfaces)
    TRY(add(model[interface].name, TypeEncoder(model).interface(interface)));
  for (const WorldId world : package.worlds) {
    // A component type that exports the world under its full name.
    const std::string type = TypeEncoder(model).world(model[world]);
    TRY(add(model[world].name, BinaryWriter()
                                   .byte(kComponentType)
                                   .u32(2)
                                   .byte(0x01)
                                   .raw(type)
                                   .byte(0x04)
                                   .raw(extern_name(model.name_of(world), {}))
                                   .raw(component_type(0))
                                   .take()));
  }
  out.custom_section("package-docs", package_docs(model, id));
  // Where other tools look for them, and what registries show.
  const std::string named =
      BinaryWriter().name(fmt::format("{}:{}", package.name.ns, package.name.name)).take();
  out.custom_section(
      "component-name",
      BinaryWriter().byte(0).u32(static_cast<uint32_t>(named.size())).raw(named).str());
  if (package.name.version) out.custom_section("version", package.name.version->str());
  // producers ::= vec(field vec(name version))
  out.custom_section(
      "producers",
      BinaryWriter().u32(1).name("processed-by").u32(1).name(producer).name(version).str());
  return out.take();
}

}  // namespace wasmcloud::wit
