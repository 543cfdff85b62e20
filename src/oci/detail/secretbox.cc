#include "oci/detail/secretbox.h"

#include "base/check.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <cstdint>

namespace wasmcloud::oci::detail {
namespace {

using Block = std::array<uint32_t, 16>;

constexpr size_t kTagSize = 16;

uint32_t load(std::string_view bytes, size_t at) {
  uint32_t word = 0;
  for (size_t i = 0; i < 4; ++i)
    word |= static_cast<uint32_t>(static_cast<uint8_t>(bytes[at + i])) << (8 * i);
  return word;
}

void store(std::string& out, uint32_t word) {
  for (size_t i = 0; i < 4; ++i) out += static_cast<char>(word >> (8 * i) & 0xff);
}

/// "The Salsa20 core": the key and 16 more bytes in their places between the constants.
Block arrange(std::string_view key, std::string_view input) {
  Block block{};
  constexpr std::array<uint32_t, 4> kConstants = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (size_t i = 0; i < 4; ++i) {
    block[5 * i] = kConstants[i];
    block[1 + i] = load(key, 4 * i);
    block[6 + i] = load(input, 4 * i);
    block[11 + i] = load(key, 16 + 4 * i);
  }
  return block;
}

void quarter_round(uint32_t& a, uint32_t& b, uint32_t& c, uint32_t& d) {
  b ^= std::rotl(a + d, 7);
  c ^= std::rotl(b + a, 9);
  d ^= std::rotl(c + b, 13);
  a ^= std::rotl(d + c, 18);
}

void twenty_rounds(Block& x) {
  for (int i = 0; i < 20; i += 2) {
    quarter_round(x[0], x[4], x[8], x[12]);
    quarter_round(x[5], x[9], x[13], x[1]);
    quarter_round(x[10], x[14], x[2], x[6]);
    quarter_round(x[15], x[3], x[7], x[11]);
    quarter_round(x[0], x[1], x[2], x[3]);
    quarter_round(x[5], x[6], x[7], x[4]);
    quarter_round(x[10], x[11], x[8], x[9]);
    quarter_round(x[15], x[12], x[13], x[14]);
  }
}

/// HSalsa20: a key of its own for each half of the long nonce.
std::string derive_key(std::string_view key, std::string_view nonce) {
  Block x = arrange(key, nonce.substr(0, 16));
  twenty_rounds(x);
  std::string out;
  for (const size_t i : {0, 5, 10, 15, 6, 7, 8, 9}) store(out, x[i]);
  OPENSSL_cleanse(x.data(), sizeof(x));
  return out;
}

/// The first `size` bytes of XSalsa20's stream.
std::string stream_of(std::string_view key, std::string_view nonce, size_t size) {
  std::string derived = derive_key(key, nonce);
  std::string out;
  out.reserve(size + 64);
  for (uint64_t counter = 0; out.size() < size; ++counter) {
    std::string input(nonce.substr(16, 8));
    store(input, static_cast<uint32_t>(counter));
    store(input, static_cast<uint32_t>(counter >> 32));
    const Block start = arrange(derived, input);
    Block x = start;
    twenty_rounds(x);
    for (size_t i = 0; i < x.size(); ++i) store(out, x[i] + start[i]);
  }
  wipe(derived);
  return out;
}

Result<std::string> poly1305(std::string_view key, std::string_view message) {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "POLY1305", nullptr);
  EVP_MAC_CTX* const context = mac == nullptr ? nullptr : EVP_MAC_CTX_new(mac);
  std::string tag(kTagSize, '\0');
  size_t size = 0;
  const bool done =
      context != nullptr &&
      EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                   nullptr) == 1 &&
      EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(message.data()),
                     message.size()) == 1 &&
      EVP_MAC_final(context, reinterpret_cast<unsigned char*>(tag.data()), &size, tag.size()) == 1;
  EVP_MAC_CTX_free(context);
  EVP_MAC_free(mac);
  if (!done) return fail(Errc::Unsupported, "this OpenSSL has no Poly1305");
  return tag;
}

std::string xored(std::string_view text, std::string_view stream) {
  std::string out(text);
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(out[i] ^ stream[i]);
  return out;
}

}  // namespace

Result<std::string> seal_box(std::string_view plain, std::string_view key, std::string_view nonce) {
  CHECK(key.size() == kBoxKeySize && nonce.size() == kBoxNonceSize);
  // The stream's first 32 bytes are the key of Poly1305.
  const Secret stream(stream_of(key, nonce, 32 + plain.size()));
  std::string box = xored(plain, stream.reveal().substr(32));
  box.insert(0, TRY(poly1305(stream.reveal().substr(0, 32), box)));
  return box;
}

Result<Secret> open_box(std::string_view box, std::string_view key, std::string_view nonce) {
  CHECK(key.size() == kBoxKeySize && nonce.size() == kBoxNonceSize);
  if (box.size() < kTagSize) return fail(Errc::Malformed, "the box is too short");
  const std::string_view sealed = box.substr(kTagSize);
  const Secret stream(stream_of(key, nonce, 32 + sealed.size()));
  const std::string tag = TRY(poly1305(stream.reveal().substr(0, 32), sealed));
  if (CRYPTO_memcmp(tag.data(), box.data(), kTagSize) != 0)
    return fail(Errc::Denied, "the password is wrong, or the file was changed");
  return Secret(xored(sealed, stream.reveal().substr(32)));
}

}  // namespace wasmcloud::oci::detail
