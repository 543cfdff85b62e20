// What reads as WIT can be written as a binary package that holds the same WIT.
#include "base/check.h"
#include "component/wit_decoder.h"
#include "wit/encoder.h"
#include "wit/printer.h"

#include <cstddef>
#include <cstdint>

using namespace wasmcloud;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  wit::Model model({.features = {}, .all_features = true});
  const auto package =
      model.load_text("fuzz.wit", std::string(reinterpret_cast<const char*>(data), size));
  if (!package) return 0;
  const auto encoded = wit::encode(model, *package, "fuzz", "1.0.0");
  if (!encoded) {
    CHECK(encoded.error().code() == Errc::Limit);
    return 0;
  }
  // A package of nothing is a component of nothing, which says no name.
  const wit::Package& content = model[*package];
  if (content.interfaces.empty() && content.worlds.empty()) return 0;
  const auto decoded = component::decode_wit(std::as_bytes(std::span(*encoded)), "encoded.wasm");
  CHECK(decoded.has_value());
  CHECK(wit::print(decoded->model, decoded->package) == wit::print(model, *package));
  return 0;
}
