#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud::component {

// Componentizing tools break the cycle between a lowered function, which needs the main module's
// memory, and the main module, which imports the function, with two small modules: a shim whose
// functions call through a table, made first, and a fixup that fills the table, made last. Nothing
// marks them, so what a module is has to be proved from its bytes.

/// A module that has a table and functions which only call, with their own arguments, what stands
/// in one slot of it. No state, no imports, nothing that runs when it is made.
struct ShimModule {
  std::string table;  ///< name of the table's export
  uint32_t size = 0;  ///< slots that the table is sure to have
  std::vector<std::pair<std::string, uint32_t>> trampolines;  ///< name of export, slot
};

/// A module that, when made, writes functions it imports into a table it imports, may call one of
/// them, and has nothing else.
struct FixupModule {
  size_t table = 0;                                 ///< position among its imports
  std::vector<std::pair<uint32_t, size_t>> writes;  ///< slot, position of the function's import
  std::optional<size_t> start;                      ///< position of the function's import
};

/// Nothing if it is not certain. The module is valid.
std::optional<ShimModule> read_shim_module(std::span<const std::byte> bytes);
std::optional<FixupModule> read_fixup_module(std::span<const std::byte> bytes);

}  // namespace wasmcloud::component
