#pragma once

#include <cstddef>
#include <cstdint>

// Limits of what is decoded and validated, those of the reference decoder unless a comment says
// otherwise. Errors name them.

namespace wasmcloud::component {

inline constexpr size_t kMaxComponentBytes = size_t{1} << 30;
/// Components in components, and declarators in declarators. Ours: the grammar nests without bound,
/// our stack does not.
inline constexpr uint32_t kMaxNesting = 100;
inline constexpr uint32_t kMaxItems = 1'000'000;  ///< of one kind in an index space
inline constexpr uint32_t kMaxModules = 1'000;    ///< in one component, and likewise components
/// In the whole binary. Ours: nesting multiplies what the limits of one component allow.
inline constexpr uint32_t kMaxTotalComponents = 10'000;
inline constexpr uint32_t kMaxTotalModules = 10'000;
/// Definitions and declarators in the whole binary. Ours: each takes 200 bytes of ours for a byte
/// or two of the binary, before anything else about it is checked.
inline constexpr uint32_t kMaxTotalDefinitions = 2'000'000;
inline constexpr uint32_t kMaxInstances = 4'096;
inline constexpr uint32_t kMaxValues = 1'000;
inline constexpr uint32_t kMaxNameBytes = 100'000;
inline constexpr uint32_t kMaxMembers =
    10'000;  ///< record fields, variant cases, tuple items, enum cases
inline constexpr uint32_t kMaxFlags = 32;
inline constexpr uint32_t kMaxFixedListLength = 1u << 30;
inline constexpr uint32_t kMaxValueBytes = 1u
                                           << 28;  ///< with 64-bit pointers, this itself excluded
inline constexpr uint32_t kMaxTypeDepth = 100;
inline constexpr uint32_t kMaxTypeNodes = 1'000'000;  ///< counted through references
inline constexpr uint32_t kMaxDeclarations = 1'000'000;
inline constexpr uint32_t kMaxModuleDeclarations = 100'000;
inline constexpr uint32_t kMaxArguments = 100'000;  ///< instantiation arguments; inline exports
inline constexpr uint32_t kMaxCanonOptions = 10;
inline constexpr uint32_t kMaxFunctionParams = 1'000;
inline constexpr uint32_t kMaxCoreParams = 1'000;
inline constexpr uint32_t kMaxCoreResults = 1'000;
inline constexpr uint32_t kMaxSubtypingDepth = 63;  ///< supertypes above a core type

// CanonicalABI.md, "Flattening".
inline constexpr uint32_t kMaxFlatParams = 16;
inline constexpr uint32_t kMaxFlatAsyncParams = 4;
inline constexpr uint32_t kMaxFlatResults = 1;

}  // namespace wasmcloud::component
