#pragma once

#include "base/error.h"
#include "component/definitions.h"
#include "component/detail/reader.h"

#include <cstdint>

namespace wasmcloud::component::detail {

// The grammar of Binary.md by topic. All take a reader that stands at the item.

Result<SortIndex> read_sort_index(ReaderView& reader);
Result<Sort> read_sort(ReaderView& reader);
Result<Sort> read_core_sort(ReaderView& reader);
Result<ExternName> read_extern_name(ReaderView& reader);
Result<ExternDescriptor> read_extern_descriptor(ReaderView& reader);
Result<Import> read_import(ReaderView& reader);
Result<Export> read_export(ReaderView& reader);
Result<Alias> read_alias(ReaderView& reader);
Result<CoreInstance> read_core_instance(ReaderView& reader);
Result<InstanceDefinition> read_instance(ReaderView& reader);

Result<ValueTypeRef> read_value_type(ReaderView& reader);
Result<std::optional<ValueTypeRef>> read_optional_value_type(ReaderView& reader);
/// resultlist ::= 0x00 t:<valtype> | 0x01 0x00
Result<std::optional<ValueTypeRef>> read_result_list(ReaderView& reader);
/// `depth` counts the component and instance types around this one.
Result<TypeDefinition> read_type(ReaderView& reader, uint32_t depth);
Result<CoreTypeDefinition> read_core_type(ReaderView& reader);

Result<Canon> read_canon(ReaderView& reader);

}  // namespace wasmcloud::component::detail
