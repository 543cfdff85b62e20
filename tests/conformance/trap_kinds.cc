#include "conformance/trap_kinds.h"

#include <array>
#include <span>

namespace wasmcloud::conformance {
namespace {

struct Kind {
  /// What the scripts say; the handle numbers in some of them are compared too.
  std::string_view expected;
  /// What we say, any of these.
  std::array<std::string_view, 2> ours;
};

constexpr Kind kKinds[] = {
    {"cannot leave component instance", {"cannot leave component instance"}},
    {"cannot enter component instance", {"cannot enter component instance"}},
    {"realloc return: result not aligned", {"realloc return: result not aligned"}},
    {"realloc return: beyond end of memory", {"realloc return: beyond end of memory"}},
    {"unaligned pointer", {"unaligned pointer", "not aligned"}},
    {"not aligned", {"unaligned pointer", "not aligned"}},
    {"invalid variant discriminant", {"invalid variant discriminant"}},
    {"out of range [0", {"invalid variant discriminant"}},
    {"invalid `char` bit pattern", {"invalid `char` bit pattern"}},
    {"string pointer/length out of bounds", {"string content out-of-bounds"}},
    {"string content out-of-bounds",
     {"string content out-of-bounds", "realloc return: beyond end"}},
    {"list content out-of-bounds", {"list content out-of-bounds", "realloc return: beyond end"}},
    {"utf-8", {"invalid utf-8"}},
    {"unknown handle index", {"unknown handle index"}},
    {"used with the wrong type", {"used with the wrong type"}},
    {"cannot remove owned resource while borrowed", {"while borrowed"}},
    {"borrow handles still remain", {"borrow handles still remain"}},
    {"unreachable", {"unreachable"}},
    {"cannot block a synchronous task", {"cannot block a synchronous task"}},
};

}  // namespace

bool is_kind(std::string_view expected, std::string_view message) {
  constexpr std::string_view kUnknownHandle = "unknown handle index ";
  if (expected.starts_with(kUnknownHandle)) return message.contains(expected);
  for (const Kind& kind : kKinds) {
    if (!expected.contains(kind.expected)) continue;
    for (const std::string_view ours : kind.ours) {
      if (!ours.empty() && message.contains(ours)) return true;
    }
    return false;
  }
  return true;
}

}  // namespace wasmcloud::conformance
