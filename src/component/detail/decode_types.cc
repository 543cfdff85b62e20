#include "component/detail/core_reader.h"
#include "component/detail/decoding.h"
#include "component/limits.h"

namespace wasmcloud::component::detail {
namespace {

/// primvaltype ::= 0x7f … 0x73 | 0x64
std::optional<TypeKind> primitive_kind(uint8_t code) {
  switch (code) {
    case 0x7f:
      return TypeKind::Bool;
    case 0x7e:
      return TypeKind::S8;
    case 0x7d:
      return TypeKind::U8;
    case 0x7c:
      return TypeKind::S16;
    case 0x7b:
      return TypeKind::U16;
    case 0x7a:
      return TypeKind::S32;
    case 0x79:
      return TypeKind::U32;
    case 0x78:
      return TypeKind::S64;
    case 0x77:
      return TypeKind::U64;
    case 0x76:
      return TypeKind::F32;
    case 0x75:
      return TypeKind::F64;
    case 0x74:
      return TypeKind::Char;
    case 0x73:
      return TypeKind::String;
    case 0x64:
      return TypeKind::ErrorContext;
    default:
      return std::nullopt;
  }
}

/// labelvaltype ::= l:<label'> t:<valtype>
Result<LabeledType> read_labeled(ReaderView& reader) {
  LabeledType result;
  result.name = TRY(reader.name());
  result.type = TRY(read_value_type(reader));
  return result;
}

/// case ::= l:<label'> t?:<valtype>? 0x00
Result<LabeledType> read_case(ReaderView& reader) {
  LabeledType result;
  result.name = TRY(reader.name());
  result.type = TRY(read_optional_value_type(reader));
  TRY(reader.expect(0x00, "case ending"));
  return result;
}

Result<LabeledType> read_label(ReaderView& reader) {
  return LabeledType{.name = TRY(reader.name()), .type = {}};
}

Result<LabeledType> read_item(ReaderView& reader) {
  return LabeledType{.name = {}, .type = TRY(read_value_type(reader))};
}

Result<DefinedType> read_members(ReaderView& reader, TypeKind kind, std::string_view what,
                                 Result<LabeledType> (*read)(ReaderView&)) {
  const size_t at = reader.offset();
  DefinedType type{.kind = kind};
  type.members =
      TRY(read_vector<LabeledType>(reader, kMaxMembers, what, [&] { return read(reader); }));
  if (type.members.empty()) {
    return fail(Errc::Invalid, "{} at offset {:#x} must have at least one of its {}", name_of(kind),
                at, what);
  }
  return type;
}

/// functype ::= 0x40 ps:<paramlist> rs:<resultlist> | 0x43 … (async)
Result<FunctionTypeDefinition> read_function(ReaderView& reader, bool is_async) {
  FunctionTypeDefinition type{.is_async = is_async};
  type.params = TRY(read_vector<LabeledType>(reader, kMaxFunctionParams, "parameters",
                                             [&] { return read_labeled(reader); }));
  type.result = TRY(read_result_list(reader));
  return type;
}

/// resourcetype ::= 0x3f (0x7f | 0x7e) f?:<funcidx>?
Result<ResourceDefinition> read_resource(ReaderView& reader) {
  ResourceDefinition type;
  const size_t at = reader.offset();
  const uint8_t representation = TRY(reader.byte());
  if (representation != 0x7f && representation != 0x7e) {
    return fail(
        Errc::Malformed,
        "resource representation {:#04x} at offset {:#x}; expected 0x7f (i32) or 0x7e (i64)",
        representation, at);
  }
  type.is_64 = representation == 0x7e;
  if (TRY(reader.flag("optional destructor")))
    type.destructor = CoreFunctionIndex{TRY(reader.u32())};
  return type;
}

/// instancedecl ::= 0x00 core:type | 0x01 type | 0x02 alias | 0x04 exportdecl; componentdecl adds
/// 0x03 importdecl
Result<Declaration> read_declaration(ReaderView& reader, bool in_component, uint32_t depth) {
  TRY(reader.count_definition());
  Declaration declaration{.offset = reader.offset()};
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x00:
      declaration.what = TRY(read_core_type(reader));
      return declaration;
    case 0x01:
      declaration.what = TRY(read_type(reader, depth + 1));
      return declaration;
    case 0x02:
      declaration.what = TRY(read_alias(reader));
      return declaration;
    case 0x03:
      if (!in_component) break;
      declaration.what = TRY(read_import(reader));
      return declaration;
    case 0x04: {
      ExportDeclaration item;
      item.name = TRY(read_extern_name(reader));
      item.type = TRY(read_extern_descriptor(reader));
      declaration.what = std::move(item);
      return declaration;
    }
    default:
      return fail(Errc::Malformed, "declarator {:#04x} at offset {:#x}; expected 0x00 to 0x04",
                  code, declaration.offset);
  }
  return fail(Errc::Malformed, "import in an instance type at offset {:#x}", declaration.offset);
}

Result<std::vector<Declaration>> read_declarations(ReaderView& reader, bool in_component,
                                                   uint32_t depth) {
  return read_vector<Declaration>(reader, kMaxDeclarations, "declarators",
                                  [&] { return read_declaration(reader, in_component, depth); });
}

Result<DefinedType> read_defined(ReaderView& reader, uint8_t code, size_t at) {
  DefinedType type;
  switch (code) {
    case 0x72:
      return read_members(reader, TypeKind::Record, "fields", read_labeled);
    case 0x71:
      return read_members(reader, TypeKind::Variant, "cases", read_case);
    case 0x6f:
      return read_members(reader, TypeKind::Tuple, "items", read_item);
    case 0x6e: {
      type = TRY(read_members(reader, TypeKind::Flags, "flags", read_label));
      if (type.members.size() > kMaxFlags) {
        return fail(Errc::Invalid, "flags at offset {:#x} cannot have more than {} flags", at,
                    kMaxFlags);
      }
      return type;
    }
    case 0x6d:
      return read_members(reader, TypeKind::Enum, "cases", read_label);
    case 0x70:
      type.kind = TypeKind::List;
      type.first = TRY(read_value_type(reader));
      return type;
    case 0x67:
      type.kind = TypeKind::FixedList;
      type.first = TRY(read_value_type(reader));
      type.length = TRY(reader.u32());
      return type;
    case 0x6b:
      type.kind = TypeKind::Option;
      type.first = TRY(read_value_type(reader));
      return type;
    case 0x6a:
      type.kind = TypeKind::Result;
      type.first = TRY(read_optional_value_type(reader));
      type.second = TRY(read_optional_value_type(reader));
      return type;
    case 0x69:
    case 0x68:
      type.kind = code == 0x69 ? TypeKind::Own : TypeKind::Borrow;
      type.resource = TypeIndex{TRY(reader.u32())};
      return type;
    case 0x66:
    case 0x65:
      type.kind = code == 0x66 ? TypeKind::Stream : TypeKind::Future;
      type.first = TRY(read_optional_value_type(reader));
      return type;
    case 0x63:
      type.kind = TypeKind::Map;
      type.first = TRY(read_value_type(reader));
      type.second = TRY(read_value_type(reader));
      return type;
    default:
      if (const auto kind = primitive_kind(code)) {
        type.kind = *kind;
        return type;
      }
      return fail(Errc::Malformed, "type {:#04x} at offset {:#x} is unknown", code, at);
  }
}

/// moduledecl ::= 0x00 import | 0x01 type | 0x02 alias (0x10 0x01 ct idx) | 0x03 exportdecl
Result<CoreModuleDeclaration> read_module_declaration(ReaderView& reader) {
  TRY(reader.count_definition());
  CoreModuleDeclaration declaration{.offset = reader.offset()};
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x00: {
      CoreModuleImportDeclaration item;
      item.module = TRY(reader.name());
      item.name = TRY(reader.name());
      item.type = TRY(read_core_extern_type(reader));
      declaration.what = std::move(item);
      return declaration;
    }
    case 0x01:
      declaration.what = TRY(read_core_recursion_group(reader));
      return declaration;
    case 0x02: {
      OuterAlias alias{.sort = Sort::CoreType};
      TRY(reader.expect(0x10, "sort of an alias in a module type"));
      TRY(reader.expect(0x01, "target of an alias in a module type"));
      alias.count = TRY(reader.u32());
      alias.index = TRY(reader.u32());
      declaration.what = alias;
      return declaration;
    }
    case 0x03: {
      CoreModuleExportDeclaration item;
      item.name = TRY(reader.name());
      item.type = TRY(read_core_extern_type(reader));
      declaration.what = std::move(item);
      return declaration;
    }
    default:
      return fail(Errc::Malformed,
                  "module type declarator {:#04x} at offset {:#x}; expected 0x00 to 0x03", code,
                  declaration.offset);
  }
}

}  // namespace

/// valtype ::= i:<typeidx> | pvt:<primvaltype>; an index is a non-negative s33, a primitive a
/// negative single byte
Result<ValueTypeRef> read_value_type(ReaderView& reader) {
  const size_t at = reader.offset();
  const auto next = reader.peek();
  if (next && (*next & 0xc0) == 0x40) {
    TRY(reader.byte());
    if (const auto kind = primitive_kind(*next))
      return ValueTypeRef{.primitive = *kind, .index = {}};
    return fail(Errc::Malformed,
                "value type {:#04x} at offset {:#x} is neither primitive nor an index", *next, at);
  }
  const int64_t index = TRY(reader.s33());
  if (index < 0) return fail(Errc::Malformed, "type index at offset {:#x} is negative", at);
  return ValueTypeRef{.primitive = {}, .index = TypeIndex{static_cast<uint32_t>(index)}};
}

Result<std::optional<ValueTypeRef>> read_optional_value_type(ReaderView& reader) {
  std::optional<ValueTypeRef> result;
  if (TRY(reader.flag("optional value type"))) result = TRY(read_value_type(reader));
  return result;
}

Result<std::optional<ValueTypeRef>> read_result_list(ReaderView& reader) {
  std::optional<ValueTypeRef> result;
  if (TRY(reader.flag("result list"))) {
    // Once a list of named results; only the empty one is left.
    TRY(reader.expect(0x00, "number of named results"));
  } else {
    result = TRY(read_value_type(reader));
  }
  return result;
}

Result<TypeDefinition> read_type(ReaderView& reader, uint32_t depth) {
  const size_t at = reader.offset();
  if (depth > kMaxNesting) {
    return fail(Errc::Limit, "type at offset {:#x} is nested deeper than the limit of {}", at,
                kMaxNesting);
  }
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x40:
    case 0x43:
      return TRY(read_function(reader, code == 0x43));
    case 0x41:
      return ComponentTypeDefinition{.declarations = TRY(read_declarations(reader, true, depth))};
    case 0x42:
      return InstanceTypeDefinition{.declarations = TRY(read_declarations(reader, false, depth))};
    case 0x3f:
      return TRY(read_resource(reader));
    default:
      return TRY(read_defined(reader, code, at));
  }
}

/// core:type ::= moduletype (0x50 …) | 0x00 0x50 … (a non-final subtype) | rectype
Result<CoreTypeDefinition> read_core_type(ReaderView& reader) {
  if (reader.peek() == 0x50) {
    TRY(reader.byte());
    CoreModuleTypeDefinition type;
    type.declarations = TRY(read_vector<CoreModuleDeclaration>(
        reader, kMaxModuleDeclarations, "module type declarators",
        [&] { return read_module_declaration(reader); }));
    return type;
  }
  if (reader.peek() == 0x00) {
    TRY(reader.byte());
    const size_t at = reader.offset();
    if (reader.peek() != 0x50)
      return fail(Errc::Malformed, "core type after 0x00 at offset {:#x} is not 0x50", at);
  }
  return TRY(read_core_recursion_group(reader));
}

}  // namespace wasmcloud::component::detail
