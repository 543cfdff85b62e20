#include "conformance/superseded.h"

namespace wasmcloud::conformance {
namespace {

struct Entry {
  std::string_view script;
  uint32_t line;  // 0: the whole script
  std::string_view why;
};

constexpr std::string_view kReentrance = "reentrance no longer traps";
constexpr std::string_view kEngine = "a limit of one engine; valid by the rules";
constexpr std::string_view kZero = "the immediate must be 0 now";

constexpr Entry kEntries[] = {
    {"async/sync-streams.wast", 208,
     "the callee cannot be let in while its instance is held: STARTING, not STARTED"},
    {"async/trap-on-reenter.wast", 86, kReentrance},
    {"async/trap-on-reenter.wast", 110, kReentrance},
    {"binary/binary.wast", 974, kZero},
    {"validation/kebab.wast", 4, "hyphens no longer tell names apart"},
    {"component-model/async/fused.wast", 148,
     "blocking traps only where it would really block; the call succeeds"},
    {"component-model/async/task-builtins.wast", 721,
     "a realloc during a stream read has slots of its own"},
    {"component-model/implements-disabled.wast", 4, "only where the attribute is switched off"},
    {"component-model/import.wast", 2, kEngine},
    {"component-model/restrictions.wast", 2, kEngine},
    {"component-model/restrictions.wast", 6, kEngine},
    {"component-model/restrictions.wast", 10, kEngine},
    {"component-model/restrictions.wast", 17, kEngine},
};

}  // namespace

std::optional<std::string_view> superseded(std::string_view script, uint32_t line) {
  for (const Entry& entry : kEntries) {
    if (entry.script == script && (entry.line == line || entry.line == 0)) return entry.why;
  }
  return std::nullopt;
}

}  // namespace wasmcloud::conformance
