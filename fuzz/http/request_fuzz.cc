// A stream of requests means the same however it is cut. The first byte chooses the cuts.
#include "base/check.h"
#include "fuzz/support/harness.h"
#include "http/parser_driver.h"

#include <cstdint>

using namespace wasmcloud::http;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  wasmcloud::fuzz::Dice dice(data[0]);
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Transcript whole = parse_whole(stream);
  const Transcript bytes = parse_by_bytes(stream);
  const Transcript cut = parse_stream(stream, [&](size_t left) {
    return 1 + dice.roll(static_cast<uint32_t>(left < 40 ? left : 40));
  });
  for (const Transcript* other : {&bytes, &cut}) {
    CHECK(other->requests == whole.requests);
    // Which of two faults of one request is found first may differ.
    CHECK((other->refused == 0) == (whole.refused == 0));
    CHECK(whole.refused != 0 || other->open == whole.open);
  }
  return 0;
}
