// What a registry, a reference or a key file says may be anything: it is understood or refused.
// What was understood is written in a form that is understood again.
//
// The first byte chooses what the rest is: a manifest, a challenge, a reference, a key, base 64.
#include "base/base64.h"
#include "base/check.h"
#include "fuzz/support/harness.h"
#include "oci/detail/challenge.h"
#include "oci/manifest.h"
#include "oci/reference.h"
#include "oci/signing_key.h"

#include <cstdint>

using namespace wasmcloud;
using namespace wasmcloud::oci;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: {
      const auto manifest = parse_manifest(text);
      if (!manifest) break;
      const std::string json = to_json(*manifest);
      CHECK(to_json(*parse_manifest(json)) == json);
      break;
    }
    case 1: {
      http::Headers headers;
      if (headers.append("www-authenticate", text))
        static_cast<void>(oci::detail::challenges_of(headers));
      break;
    }
    case 2: {
      const auto reference = Reference::parse(text);
      if (reference) CHECK(*Reference::parse(reference->text()) == *reference);
      break;
    }
    case 3:
      static_cast<void>(VerifyingKey::parse(text));
      static_cast<void>(SigningKey::parse(Secret(std::string(text)), Secret()));
      break;
    case 4: {
      const auto bytes = from_base64(text);
      if (bytes) CHECK(*from_base64(to_base64(*bytes)) == *bytes);
      break;
    }
  }
  return 0;
}
