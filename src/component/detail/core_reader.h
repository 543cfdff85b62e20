#pragma once

#include "base/error.h"
#include "component/core_types.h"
#include "component/detail/reader.h"

namespace wasmcloud::component::detail {

// The type grammar of core modules, which core type sections and module types of components use
// too. References to types stay indices.

Result<CoreValueType> read_core_value_type(ReaderView& reader);
Result<CoreRecursionGroup> read_core_recursion_group(ReaderView& reader);
Result<CoreTableType> read_core_table_type(ReaderView& reader);
Result<CoreMemoryType> read_core_memory_type(ReaderView& reader);
Result<CoreGlobalType> read_core_global_type(ReaderView& reader);
Result<CoreTagExtern> read_core_tag_type(ReaderView& reader);
/// importdesc of core modules.
Result<CoreExternType> read_core_extern_type(ReaderView& reader);

}  // namespace wasmcloud::component::detail
