// What reads as WIT prints as WIT that reads as the same.
#include "base/check.h"
#include "wit/model.h"
#include "wit/printer.h"

using namespace wasmcloud::wit;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Model model({.features = {}, .all_features = true});
  const auto package =
      model.load_text("fuzz.wit", std::string(reinterpret_cast<const char*>(data), size));
  if (!package) return 0;
  const std::string text = print_with_dependencies(model, *package);
  Model again({.features = {}, .all_features = true});
  const auto second = again.load_text("printed.wit", text);
  CHECK(second.has_value());
  CHECK(print_with_dependencies(again, *second) == text);
  return 0;
}
