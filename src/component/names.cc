#include "component/definitions.h"
#include "component/types.h"

#include <array>
#include <string_view>

namespace wasmcloud::component {

std::string_view name_of(TypeKind kind) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"bool",   "s8",      "u8",   "s16",    "u16",    "s32",    "u32",
       "s64",    "u64",     "f32",  "f64",    "char",   "string", "error-context",
       "record", "variant", "list", "list",   "tuple",  "flags",  "enum",
       "option", "result",  "own",  "borrow", "stream", "future", "map"});
  static_assert(kNames.size() == static_cast<size_t>(TypeKind::Map) + 1);
  return kNames[static_cast<size_t>(kind)];
}

std::string_view name_of(ExternType::Kind kind) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"core module", "func", "value", "type", "component", "instance"});
  return kNames[static_cast<size_t>(kind)];
}

std::string_view name_of(Sort sort) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"core func", "core table", "core memory", "core global", "core tag", "core type",
       "core module", "core instance", "func", "value", "type", "component", "instance"});
  return kNames[static_cast<size_t>(sort)];
}

std::string_view name_of(CanonKind kind) {
  static constexpr auto kNames = std::to_array<std::string_view>({
      "lift",
      "lower",
      "resource.new",
      "resource.drop",
      "resource.rep",
      "task.cancel",
      "subtask.cancel",
      "task.return",
      "context.get",
      "context.set",
      "thread.yield",
      "subtask.drop",
      "stream.new",
      "stream.read",
      "stream.write",
      "stream.cancel-read",
      "stream.cancel-write",
      "stream.drop-readable",
      "stream.drop-writable",
      "future.new",
      "future.read",
      "future.write",
      "future.cancel-read",
      "future.cancel-write",
      "future.drop-readable",
      "future.drop-writable",
      "error-context.new",
      "error-context.debug-message",
      "error-context.drop",
      "waitable-set.new",
      "waitable-set.wait",
      "waitable-set.poll",
      "waitable-set.drop",
      "waitable.join",
      "backpressure.inc",
      "backpressure.dec",
      "thread.index",
      "thread.new-indirect",
      "thread.resume-later",
      "thread.suspend",
      "thread.suspend-then-resume",
      "thread.yield-then-resume",
      "thread.suspend-then-promote",
      "thread.yield-then-promote",
      "stream.forward",
      "future.forward",
      "thread.spawn-ref",
      "thread.spawn-indirect",
      "thread.available-parallelism",
  });
  static_assert(kNames.size() == static_cast<size_t>(CanonKind::ThreadAvailableParallelism) + 1);
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace wasmcloud::component
