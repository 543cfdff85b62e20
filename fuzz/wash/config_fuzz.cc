// Configurations in all formats, environment values, ignore patterns and core modules: no input may
// do worse than an error. The first byte chooses the reader.
#include "wash/build/wasm_file.h"
#include "wash/config/config.h"
#include "wash/config/read.h"
#include "wash/dev/gitignore.h"

#include <cstdint>

using namespace wasmcloud;
using namespace wasmcloud::wash;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 64 * 1024) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const SourceName source = std::make_shared<const std::string>("input");
  const auto check = [](const Result<Value>& value) {
    if (!value) return;
    static_cast<void>(read_config(*value));
    static_cast<void>(to_json(*value));
  };
  switch (data[0]) {
    case 'j':
      check(read_json(text, source));
      break;
    case 't':
      check(read_toml(text, source));
      break;
    case 'y':
      check(read_yaml(text, source));
      break;
    case 'e':
      check(read_environment({{"WASH_BUILD", std::string(text)}}));
      break;
    case 'i':
      if (const auto pattern = IgnorePattern::parse(text))
        static_cast<void>(pattern->matches(text.substr(0, 200), FileKind::File));
      break;
    default:
      static_cast<void>(core_exports(text));
  }
  return 0;
}
