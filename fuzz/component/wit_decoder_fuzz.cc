// The WIT of whatever binary it is given: no input may crash, and what is WIT prints as WIT that
// reads as the same again; packages survive being written as a binary, too.
#include "base/check.h"
#include "component/wit_decoder.h"
#include "wit/encoder.h"
#include "wit/printer.h"

#include <cstddef>
#include <cstdint>

using namespace wasmcloud;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto decoded = component::decode_wit(std::as_bytes(std::span(data, size)), "fuzz.wasm");
  if (!decoded) return 0;
  const std::string text = wit::print_with_dependencies(decoded->model, decoded->package);
  wit::Model again({.features = {}, .all_features = true});
  const auto read = again.load_text("printed.wit", text);
  CHECK(read.has_value());
  CHECK(wit::print_with_dependencies(again, *read) == text);
  if (decoded->kind != component::DecodedWit::Kind::Package) return 0;
  const auto encoded = wit::encode(again, *read, "fuzz", "1.0.0");
  CHECK(encoded.has_value());
  const auto second = component::decode_wit(std::as_bytes(std::span(*encoded)), "encoded.wasm");
  CHECK(second.has_value());
  // Not what nothing of the package refers to, which a binary may have in other packages.
  CHECK(wit::print(second->model, second->package) == wit::print(again, *read));
  return 0;
}
