#include "base/digest.h"

// The functions of one algorithm, which OpenSSL 3 calls deprecated: those that take its place look
// the algorithm up first, which costs a start of `wash` three milliseconds.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/check.h"

#include <openssl/sha.h>

namespace wasmcloud {

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { CHECK(SHA256_Init(&state_->context) == 1); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::add(std::span<const std::byte> bytes) {
  CHECK(SHA256_Update(&state_->context, bytes.data(), bytes.size()) == 1);
  return *this;
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  static_assert(sizeof(digest) == SHA256_DIGEST_LENGTH);
  CHECK(SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &state_->context) == 1);
  return digest;
}

Sha256Digest sha256(std::span<const std::byte> bytes) { return Sha256().add(bytes).finish(); }

std::string to_hex(std::span<const std::byte> bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte b : bytes) {
    text += kDigits[static_cast<size_t>(b >> 4)];
    text += kDigits[static_cast<size_t>(b & std::byte{0x0F})];
  }
  return text;
}

}  // namespace wasmcloud
