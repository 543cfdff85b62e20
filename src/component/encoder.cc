#include "component/encoder.h"

#include "base/check.h"

namespace wasmcloud::component {
namespace {

enum SectionId : uint8_t {
  kComponent = 4,
  kInstance = 5,
  kAlias = 6,
  kType = 7,
  kImport = 10,
  kExport = 11,
};

/// Of value types and definitions (Binary.md, "Type Definitions"); primitives by TypeKind.
constexpr std::array<uint8_t, 14> kPrimitives = {0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x7a, 0x79,
                                                 0x78, 0x77, 0x76, 0x75, 0x74, 0x73, 0x64};

// sort ::= 0x00 cs:<core:sort> | 0x01 .. 0x05
void write_sort(BinaryWriter& out, Sort sort) {
  switch (sort) {
    case Sort::Function:
      out.byte(0x01);
      break;
    case Sort::Value:
      out.byte(0x02);
      break;
    case Sort::Type:
      out.byte(0x03);
      break;
    case Sort::Component:
      out.byte(0x04);
      break;
    case Sort::Instance:
      out.byte(0x05);
      break;
    case Sort::CoreFunction:
    case Sort::CoreTable:
    case Sort::CoreMemory:
    case Sort::CoreGlobal:
    case Sort::CoreTag:
      out.byte(0x00).byte(static_cast<uint8_t>(sort));
      break;
    case Sort::CoreType:
    case Sort::CoreModule:
    case Sort::CoreInstance:
      out.byte(0x00).byte(
          static_cast<uint8_t>(0x10 + static_cast<int>(sort) - static_cast<int>(Sort::CoreType)));
      break;
  }
}

void write_item(BinaryWriter& out, SortIndex item) {
  write_sort(out, item.sort);
  out.u32(item.index);
}

// importname' ::= 0x00 len:<u32> in:<importname> | 0x02 ... vec(<nameopt>)
void write_name(BinaryWriter& out, const ExternName& name) {
  const uint32_t attributes =
      (name.implements ? 1 : 0) + (name.version_suffix ? 1 : 0) + (name.external_id ? 1 : 0);
  out.byte(attributes == 0 ? 0x00 : 0x02);
  out.name(name.name);
  if (attributes == 0) return;
  out.u32(attributes);
  const auto attribute = [&](uint8_t kind, const std::optional<std::string>& text) {
    if (!text) return;
    out.byte(kind);
    out.name(*text);
  };
  attribute(0x00, name.implements);
  attribute(0x01, name.version_suffix);
  attribute(0x02, name.external_id);
}

void write_value(BinaryWriter& out, const ValueTypeRef& type) {
  if (type.primitive)
    out.byte(kPrimitives[static_cast<size_t>(*type.primitive)]);
  else
    out.s33(type.index.value);
}

void write_optional(BinaryWriter& out, const std::optional<ValueTypeRef>& type) {
  out.byte(type ? 0x01 : 0x00);
  if (type) write_value(out, *type);
}

// externdesc
void write_descriptor(BinaryWriter& out, const ExternDescriptor& type) {
  using Kind = ExternDescriptor::Kind;
  switch (type.kind) {
    case Kind::CoreModule:
      out.byte(0x00).byte(0x11).u32(type.index);
      break;
    case Kind::Function:
      out.byte(0x01).u32(type.index);
      break;
    case Kind::Value:
      out.byte(0x02);
      out.byte(0x01);
      return write_value(out, type.value);
    case Kind::ValueEqual:
      out.byte(0x02).byte(0x00).u32(type.index);
      break;
    case Kind::TypeEqual:
      out.byte(0x03).byte(0x00).u32(type.index);
      break;
    case Kind::Resource:
      out.byte(0x03).byte(0x01);
      break;
    case Kind::Component:
      out.byte(0x04).u32(type.index);
      break;
    case Kind::Instance:
      out.byte(0x05).u32(type.index);
      break;
  }
}

void write_labeled(BinaryWriter& out, const LabeledType& member) {
  out.name(member.name);
  write_value(out, *member.type);
}

// defvaltype
void write_defined(BinaryWriter& out, const DefinedType& type) {
  const auto members = [&](uint8_t code, auto write) {
    out.byte(code);
    out.u32(static_cast<uint32_t>(type.members.size()));
    for (const LabeledType& member : type.members) write(member);
  };
  const auto label = [&](const LabeledType& member) { out.name(member.name); };
  switch (type.kind) {
    case TypeKind::Record:
      return members(0x72, [&](const LabeledType& member) { write_labeled(out, member); });
    case TypeKind::Variant:
      return members(0x71, [&](const LabeledType& member) {
        out.name(member.name);
        write_optional(out, member.type);
        out.byte(0x00);
      });
    case TypeKind::Tuple:
      return members(0x6f, [&](const LabeledType& member) { write_value(out, *member.type); });
    case TypeKind::Flags:
      return members(0x6e, label);
    case TypeKind::Enum:
      return members(0x6d, label);
    case TypeKind::List:
      out.byte(0x70);
      return write_value(out, *type.first);
    case TypeKind::FixedList:
      out.byte(0x67);
      write_value(out, *type.first);
      out.u32(type.length);
      break;
    case TypeKind::Option:
      out.byte(0x6b);
      return write_value(out, *type.first);
    case TypeKind::Result:
      out.byte(0x6a);
      write_optional(out, type.first);
      return write_optional(out, type.second);
    case TypeKind::Map:
      out.byte(0x63);
      write_value(out, *type.first);
      return write_value(out, *type.second);
    case TypeKind::Own:
    case TypeKind::Borrow:
      out.byte(type.kind == TypeKind::Own ? 0x69 : 0x68).u32(type.resource.value);
      break;
    case TypeKind::Stream:
    case TypeKind::Future:
      out.byte(type.kind == TypeKind::Stream ? 0x66 : 0x65);
      return write_optional(out, type.first);
    case TypeKind::Bool:
    case TypeKind::S8:
    case TypeKind::U8:
    case TypeKind::S16:
    case TypeKind::U16:
    case TypeKind::S32:
    case TypeKind::U32:
    case TypeKind::S64:
    case TypeKind::U64:
    case TypeKind::F32:
    case TypeKind::F64:
    case TypeKind::Char:
    case TypeKind::String:
    case TypeKind::ErrorContext:
      out.byte(kPrimitives[static_cast<size_t>(type.kind)]);
      break;
  }
}

// functype ::= 0x40 | 0x43 (async), ps:<paramlist> rs:<resultlist>
void write_function(BinaryWriter& out, const FunctionTypeDefinition& type) {
  out.byte(type.is_async ? 0x43 : 0x40);
  out.u32(static_cast<uint32_t>(type.params.size()));
  for (const LabeledType& param : type.params) write_labeled(out, param);
  out.byte(type.result ? 0x00 : 0x01);
  if (type.result) {
    write_value(out, *type.result);
  } else {
    out.byte(0x00);
  }
}

void write_alias(BinaryWriter& out, const Alias& alias) {
  if (const auto* exported = std::get_if<ExportAlias>(&alias)) {
    write_sort(out, exported->sort);
    out.byte(0x00);
    out.u32(exported->instance.value);
    out.name(exported->name);
    return;
  }
  if (const auto* core = std::get_if<CoreExportAlias>(&alias)) {
    write_sort(out, core->sort);
    out.byte(0x01);
    out.u32(core->instance.value);
    out.name(core->name);
    return;
  }
  const auto& outer = std::get<OuterAlias>(alias);
  write_sort(out, outer.sort);
  out.byte(0x02);
  out.u32(outer.count);
  out.u32(outer.index);
}

void write_type(BinaryWriter& out, const TypeDefinition& definition);

// componentdecl, instancedecl
void write_declarations(BinaryWriter& out, uint8_t code,
                        const std::vector<Declaration>& declarations) {
  out.byte(code);
  out.u32(static_cast<uint32_t>(declarations.size()));
  for (const Declaration& declaration : declarations) {
    if (const auto* type = std::get_if<TypeDefinition>(&declaration.what)) {
      out.byte(0x01);
      write_type(out, *type);
    } else if (const auto* alias = std::get_if<Alias>(&declaration.what)) {
      out.byte(0x02);
      write_alias(out, *alias);
    } else if (const auto* import = std::get_if<Import>(&declaration.what)) {
      out.byte(0x03);
      write_name(out, import->name);
      write_descriptor(out, import->type);
    } else if (const auto* exported = std::get_if<ExportDeclaration>(&declaration.what)) {
      out.byte(0x04);
      write_name(out, exported->name);
      write_descriptor(out, exported->type);
    } else {
      CHECK(false);  // core types are not written
    }
  }
}

void write_type(BinaryWriter& out, const TypeDefinition& definition) {
  if (const auto* defined = std::get_if<DefinedType>(&definition)) {
    write_defined(out, *defined);
  } else if (const auto* function = std::get_if<FunctionTypeDefinition>(&definition)) {
    write_function(out, *function);
  } else if (const auto* component = std::get_if<ComponentTypeDefinition>(&definition)) {
    write_declarations(out, 0x41, component->declarations);
  } else if (const auto* instance = std::get_if<InstanceTypeDefinition>(&definition)) {
    write_declarations(out, 0x42, instance->declarations);
  } else {
    CHECK(false);  // a resource has core code
  }
}

}  // namespace

Sort sort_of(ExternDescriptor::Kind kind) {
  using Kind = ExternDescriptor::Kind;
  switch (kind) {
    case Kind::CoreModule:
      return Sort::CoreModule;
    case Kind::Function:
      return Sort::Function;
    case Kind::Value:
    case Kind::ValueEqual:
      return Sort::Value;
    case Kind::TypeEqual:
    case Kind::Resource:
      return Sort::Type;
    case Kind::Component:
      return Sort::Component;
    case Kind::Instance:
      return Sort::Instance;
  }
  return Sort::Function;
}

Encoder::Encoder() {
  static constexpr std::array<uint8_t, 8> kPreamble = {0x00, 0x61, 0x73, 0x6d, 0x0d, 0, 0x01, 0};
  out_.raw(std::as_bytes(std::span(kPreamble)));
}

BinaryWriter& Encoder::item(uint8_t section) {
  if (section != section_) end_section();
  section_ = section;
  ++items_;
  return body_;
}

void Encoder::end_section() {
  if (section_ == 0) return;
  out_.section(section_, BinaryWriter().u32(items_).raw(body_.str()).str());
  section_ = 0;
  items_ = 0;
  body_ = {};
}

ComponentIndex Encoder::component(std::span<const std::byte> binary) {
  end_section();
  out_.byte(kComponent).u32(binary.size()).raw(binary);
  return {next(Sort::Component)};
}

void Encoder::custom(std::string_view name, std::span<const std::byte> bytes) {
  end_section();
  out_.custom_section(name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

InstanceIndex Encoder::instance(const InstanceDefinition& definition) {
  BinaryWriter& out = item(kInstance);
  if (const auto* made = std::get_if<Instantiate>(&definition)) {
    out.byte(0x00);
    out.u32(made->component.value);
    out.u32(static_cast<uint32_t>(made->arguments.size()));
    for (const auto& argument : made->arguments) {
      out.name(argument.name);
      write_item(out, argument.item);
    }
  } else {
    const auto& exports = std::get<InlineExports>(definition);
    out.byte(0x01);
    out.u32(static_cast<uint32_t>(exports.items.size()));
    for (const auto& exported : exports.items) {
      write_name(out, exported.name);
      write_item(out, exported.item);
    }
  }
  return {next(Sort::Instance)};
}

uint32_t Encoder::alias(const Alias& alias) {
  write_alias(item(kAlias), alias);
  return next(std::visit([](const auto& each) { return each.sort; }, alias));
}

TypeIndex Encoder::type(const TypeDefinition& definition) {
  write_type(item(kType), definition);
  return {next(Sort::Type)};
}

uint32_t Encoder::import(const Import& import) {
  BinaryWriter& out = item(kImport);
  write_name(out, import.name);
  write_descriptor(out, import.type);
  return next(sort_of(import.type.kind));
}

uint32_t Encoder::add_export(const Export& exported) {
  BinaryWriter& out = item(kExport);
  write_name(out, exported.name);
  write_item(out, exported.item);
  out.byte(exported.type ? 0x01 : 0x00);
  if (exported.type) write_descriptor(out, *exported.type);
  return next(exported.item.sort);
}

std::vector<std::byte> Encoder::finish() {
  end_section();
  const auto bytes = out_.bytes();
  std::vector<std::byte> binary(bytes.begin(), bytes.end());
  *this = Encoder();
  return binary;
}

}  // namespace wasmcloud::component
