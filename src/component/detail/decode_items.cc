#include "component/detail/decoding.h"
#include "component/limits.h"

namespace wasmcloud::component::detail {

/// core:sort ::= 0x00 … 0x04 | 0x10 | 0x11 | 0x12
Result<Sort> read_core_sort(ReaderView& reader) {
  const size_t at = reader.offset();
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x00:
      return Sort::CoreFunction;
    case 0x01:
      return Sort::CoreTable;
    case 0x02:
      return Sort::CoreMemory;
    case 0x03:
      return Sort::CoreGlobal;
    case 0x04:
      return Sort::CoreTag;
    case 0x10:
      return Sort::CoreType;
    case 0x11:
      return Sort::CoreModule;
    case 0x12:
      return Sort::CoreInstance;
    default:
      return fail(Errc::Malformed, "core sort {:#04x} at offset {:#x} is unknown", code, at);
  }
}

/// sort ::= 0x00 cs:<core:sort> | 0x01 … 0x05
Result<Sort> read_sort(ReaderView& reader) {
  const size_t at = reader.offset();
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x00:
      return read_core_sort(reader);
    case 0x01:
      return Sort::Function;
    case 0x02:
      return Sort::Value;
    case 0x03:
      return Sort::Type;
    case 0x04:
      return Sort::Component;
    case 0x05:
      return Sort::Instance;
    default:
      return fail(Errc::Malformed, "sort {:#04x} at offset {:#x} is unknown", code, at);
  }
}

namespace {

/// sortidx of arguments and exports: of the core sorts only modules go there.
Result<SortIndex> read_item(ReaderView& reader) {
  const size_t at = reader.offset();
  const SortIndex item = TRY(read_sort_index(reader));
  if (is_core(item.sort) && item.sort != Sort::CoreModule) {
    return fail(Errc::Malformed, "{} at offset {:#x} cannot be given to or exported by a component",
                name_of(item.sort), at);
  }
  return item;
}

/// attr ::= 0x00 implements | 0x01 versionsuffix | 0x02 external-id
Result<void> read_attribute(ReaderView& reader, ExternName& name) {
  const size_t at = reader.offset();
  const uint8_t code = TRY(reader.byte());
  std::optional<std::string>* const attributes[] = {&name.implements, &name.version_suffix,
                                                    &name.external_id};
  if (code >= std::size(attributes)) {
    return fail(Errc::Malformed, "name attribute {:#04x} at offset {:#x}; expected 0x00 to 0x02",
                code, at);
  }
  std::optional<std::string>& attribute = *attributes[code];
  if (attribute)
    return fail(Errc::Malformed, "duplicate name attribute {:#04x} at offset {:#x}", code, at);
  attribute = TRY(reader.name());
  return {};
}

}  // namespace

Result<SortIndex> read_sort_index(ReaderView& reader) {
  SortIndex item;
  item.sort = TRY(read_sort(reader));
  item.index = TRY(reader.u32());
  return item;
}

/// externname' ::= 0x00 len name | 0x01 len name | 0x02 len name vec(attr)
/// The first two mean the same: they told plain from interface names in 2023.
Result<ExternName> read_extern_name(ReaderView& reader) {
  const size_t at = reader.offset();
  const uint8_t form = TRY(reader.byte());
  if (form > 0x02) {
    return fail(Errc::Malformed, "name form {:#04x} at offset {:#x}; expected 0x00 to 0x02", form,
                at);
  }
  ExternName name{
      .name = TRY(reader.name()), .implements = {}, .version_suffix = {}, .external_id = {}};
  if (form == 0x02) {
    const uint32_t count = TRY(reader.count(kMaxArguments, "name attributes"));
    for (uint32_t i = 0; i < count; ++i) TRY(read_attribute(reader, name));
  }
  return name;
}

/// externdesc ::= 0x00 0x11 i | 0x01 i | 0x02 b:<valuebound> | 0x03 b:<typebound> | 0x04 i | 0x05 i
Result<ExternDescriptor> read_extern_descriptor(ReaderView& reader) {
  using Kind = ExternDescriptor::Kind;
  const size_t at = reader.offset();
  ExternDescriptor descriptor;
  switch (const uint8_t code = TRY(reader.byte())) {
    case 0x00:
      TRY(reader.expect(0x11, "core sort of an import or export"));
      descriptor.kind = Kind::CoreModule;
      break;
    case 0x01:
      descriptor.kind = Kind::Function;
      break;
    case 0x02:
      if (TRY(reader.flag("value bound"))) {
        descriptor.kind = Kind::Value;
        descriptor.value = TRY(read_value_type(reader));
        return descriptor;
      }
      descriptor.kind = Kind::ValueEqual;
      break;
    case 0x03:
      if (TRY(reader.flag("type bound"))) {
        descriptor.kind = Kind::Resource;
        return descriptor;
      }
      descriptor.kind = Kind::TypeEqual;
      break;
    case 0x04:
      descriptor.kind = Kind::Component;
      break;
    case 0x05:
      descriptor.kind = Kind::Instance;
      break;
    default:
      return fail(Errc::Malformed,
                  "import or export kind {:#04x} at offset {:#x}; expected 0x00 to 0x05", code, at);
  }
  descriptor.index = TRY(reader.u32());
  return descriptor;
}

Result<Import> read_import(ReaderView& reader) {
  Import item;
  item.name = TRY(read_extern_name(reader));
  item.type = TRY(read_extern_descriptor(reader));
  return item;
}

/// export ::= n:<exportname'> si:<sortidx> ed?:<externdesc>?
Result<Export> read_export(ReaderView& reader) {
  Export item;
  item.name = TRY(read_extern_name(reader));
  item.item = TRY(read_item(reader));
  if (TRY(reader.flag("optional ascription"))) item.type = TRY(read_extern_descriptor(reader));
  return item;
}

/// alias ::= s:<sort> 0x00 i:<instanceidx> n:<core:name> | 0x01 i:<core:instanceidx> n | 0x02
/// ct:<u32> idx:<u32>
Result<Alias> read_alias(ReaderView& reader) {
  const Sort sort = TRY(read_sort(reader));
  const size_t at = reader.offset();
  const uint8_t target = TRY(reader.byte());
  if (target == 0x00) {
    ExportAlias alias{.sort = sort};
    alias.instance = InstanceIndex{TRY(reader.u32())};
    alias.name = TRY(reader.name());
    if (is_core(sort) && sort != Sort::CoreModule) {
      return fail(Errc::Malformed, "alias at offset {:#x}: an instance exports no {}", at,
                  name_of(sort));
    }
    return alias;
  }
  if (target == 0x01) {
    CoreExportAlias alias{.sort = sort};
    alias.instance = CoreInstanceIndex{TRY(reader.u32())};
    alias.name = TRY(reader.name());
    if (sort > Sort::CoreTag) {
      return fail(Errc::Malformed, "alias at offset {:#x}: a core instance exports no {}", at,
                  name_of(sort));
    }
    return alias;
  }
  if (target == 0x02) {
    OuterAlias alias{.sort = sort};
    alias.count = TRY(reader.u32());
    alias.index = TRY(reader.u32());
    if (sort != Sort::CoreModule && sort != Sort::CoreType && sort != Sort::Type &&
        sort != Sort::Component) {
      return fail(Errc::Malformed, "alias at offset {:#x}: a {} cannot be an outer alias", at,
                  name_of(sort));
    }
    return alias;
  }
  return fail(Errc::Malformed, "alias target {:#04x} at offset {:#x}; expected 0x00 to 0x02",
              target, at);
}

/// core:instance ::= 0x00 m:<moduleidx> vec(instantiatearg) | 0x01 vec(inlineexport)
Result<CoreInstance> read_core_instance(ReaderView& reader) {
  const size_t at = reader.offset();
  const uint8_t form = TRY(reader.byte());
  if (form == 0x00) {
    CoreInstantiate instance{.module = CoreModuleIndex{TRY(reader.u32())}, .arguments = {}};
    instance.arguments = TRY(read_vector<CoreInstantiate::Argument>(
        reader, kMaxArguments, "instantiation arguments",
        [&]() -> Result<CoreInstantiate::Argument> {
          CoreInstantiate::Argument argument;
          argument.name = TRY(reader.name());
          TRY(reader.expect(0x12, "sort of a core instantiation argument"));
          argument.instance = CoreInstanceIndex{TRY(reader.u32())};
          return argument;
        }));
    return instance;
  }
  if (form == 0x01) {
    CoreInlineExports instance;
    instance.items = TRY(read_vector<CoreInlineExports::Item>(
        reader, kMaxArguments, "inline exports", [&]() -> Result<CoreInlineExports::Item> {
          CoreInlineExports::Item item;
          item.name = TRY(reader.name());
          const size_t item_at = reader.offset();
          item.item.sort = TRY(read_core_sort(reader));
          if (item.item.sort > Sort::CoreTag) {
            return fail(Errc::Malformed, "{} at offset {:#x} cannot be exported by a core instance",
                        name_of(item.item.sort), item_at);
          }
          item.item.index = TRY(reader.u32());
          return item;
        }));
    return instance;
  }
  return fail(Errc::Malformed, "core instance {:#04x} at offset {:#x}; expected 0x00 or 0x01", form,
              at);
}

/// instance ::= 0x00 c:<componentidx> vec(instantiatearg) | 0x01 vec(inlineexport)
Result<InstanceDefinition> read_instance(ReaderView& reader) {
  const size_t at = reader.offset();
  const uint8_t form = TRY(reader.byte());
  if (form == 0x00) {
    Instantiate instance{.component = ComponentIndex{TRY(reader.u32())}, .arguments = {}};
    instance.arguments = TRY(read_vector<Instantiate::Argument>(
        reader, kMaxArguments, "instantiation arguments", [&]() -> Result<Instantiate::Argument> {
          Instantiate::Argument argument;
          argument.name = TRY(reader.name());
          argument.item = TRY(read_item(reader));
          return argument;
        }));
    return instance;
  }
  if (form == 0x01) {
    InlineExports instance;
    instance.items = TRY(read_vector<InlineExports::Item>(
        reader, kMaxArguments, "inline exports", [&]() -> Result<InlineExports::Item> {
          InlineExports::Item item;
          item.name = TRY(read_extern_name(reader));
          item.item = TRY(read_item(reader));
          return item;
        }));
    return instance;
  }
  return fail(Errc::Malformed, "instance {:#04x} at offset {:#x}; expected 0x00 or 0x01", form, at);
}

}  // namespace wasmcloud::component::detail
