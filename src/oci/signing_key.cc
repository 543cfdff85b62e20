#include "oci/signing_key.h"

#include "base/base64.h"
#include "base/text.h"
#include "oci/detail/secretbox.h"

#include <boost/json.hpp>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <algorithm>

namespace wasmcloud::oci {
namespace json = boost::json;
namespace {

using Bio = std::unique_ptr<BIO, decltype([](BIO* bio) { BIO_free_all(bio); })>;
using DigestContext =
    std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); })>;
using Key = std::shared_ptr<EVP_PKEY>;

constexpr std::string_view kEncryptedLabel = "ENCRYPTED SIGSTORE PRIVATE KEY";
constexpr std::string_view kOldEncryptedLabel = "ENCRYPTED COSIGN PRIVATE KEY";
constexpr size_t kSaltSize = 32;
/// What cosign writes.
constexpr uint64_t kScryptN = 65536;
constexpr uint64_t kScryptR = 8;
constexpr uint64_t kScryptP = 1;
/// What is believed of a file: 128 * N * r bytes are needed.
constexpr uint64_t kMaxScryptMemory = uint64_t{512} << 20;

Key own(EVP_PKEY* key) {
  return Key(key, [](EVP_PKEY* each) { EVP_PKEY_free(each); });
}

bool is_p256(EVP_PKEY* key) {
  char name[32] = {};
  size_t size = 0;
  return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof(name),
                                        &size) == 1 &&
         std::string_view(name) == "prime256v1";
}

Bio bio_over(std::string_view text) {
  return Bio(
      BIO_new_mem_buf(text.data(), static_cast<int>(std::min<size_t>(text.size(), INT32_MAX))));
}

std::string text_in(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

/// What stands between the lines of a PEM file, or nothing if it has another label.
std::optional<std::string_view> pem_body(std::string_view pem, std::string_view label) {
  const std::string begin = fmt::format("-----BEGIN {}-----", label);
  const std::string end = fmt::format("-----END {}-----", label);
  const size_t from = pem.find(begin);
  const size_t to = pem.find(end);
  if (from == pem.npos || to == pem.npos || to < from + begin.size()) return std::nullopt;
  return pem.substr(from + begin.size(), to - from - begin.size());
}

Result<Secret> scrypt(const Secret& password, std::string_view salt, uint64_t n, uint64_t r,
                      uint64_t p) {
  // N is a power of two: EVP_PBE_scrypt refuses others.
  if (n == 0 || r == 0 || p == 0 || n > kMaxScryptMemory / 128 / r || p > 16 || r > 1024)
    return fail(Errc::Limit, "the key's scrypt parameters ask for more than {} MiB",
                kMaxScryptMemory >> 20);
  std::string key(detail::kBoxKeySize, '\0');
  const std::string_view word = password.reveal();
  const int done =
      EVP_PBE_scrypt(word.data(), word.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                     salt.size(), n, r, p, kMaxScryptMemory + (uint64_t{1} << 20),
                     reinterpret_cast<unsigned char*>(key.data()), key.size());
  if (done != 1) return fail(Errc::Malformed, "the key's scrypt parameters are wrong");
  return Secret(std::move(key));
}

/// What cosign keeps in a PEM file of its own.
struct SealedKey {
  std::string salt, nonce, box;
  uint64_t n = 0, r = 0, p = 0;
};

Result<SealedKey> sealed_of(std::string_view text) {
  const auto wrong = [] {
    return fail(
        Errc::Malformed,
        "the encrypted key should hold kdf (scrypt), cipher (nacl/secretbox) and ciphertext");
  };
  json::error_code error;
  const json::value root = json::parse({text.data(), text.size()}, error);
  if (error) return wrong();
  const auto at = [&root](std::string_view pointer) {
    json::error_code missing;
    return root.find_pointer({pointer.data(), pointer.size()}, missing);
  };
  const auto text_at = [&at](std::string_view pointer) {
    const json::value* const value = at(pointer);
    return value != nullptr && value->is_string()
               ? std::string(std::string_view(value->get_string()))
               : std::string();
  };
  const auto number_at = [&at](std::string_view pointer) -> uint64_t {
    const json::value* const value = at(pointer);
    return value != nullptr && value->is_int64() && value->get_int64() > 0
               ? static_cast<uint64_t>(value->get_int64())
               : 0;
  };
  if (text_at("/kdf/name") != "scrypt" || text_at("/cipher/name") != "nacl/secretbox")
    return wrong();
  SealedKey sealed{.salt = TRY(from_base64(text_at("/kdf/salt"))),
                   .nonce = TRY(from_base64(text_at("/cipher/nonce"))),
                   .box = TRY(from_base64(text_at("/ciphertext"))),
                   .n = number_at("/kdf/params/N"),
                   .r = number_at("/kdf/params/r"),
                   .p = number_at("/kdf/params/p")};
  if (sealed.nonce.size() != detail::kBoxNonceSize || sealed.box.empty()) return wrong();
  return sealed;
}

Result<Key> open_sealed(std::string_view body, const Secret& password) {
  const std::string text = TRY(from_base64(body));
  const SealedKey sealed = TRY(sealed_of(text));
  const Secret key = TRY(scrypt(password, sealed.salt, sealed.n, sealed.r, sealed.p));
  const Secret der = TRY(detail::open_box(sealed.box, key.reveal(), sealed.nonce));
  const auto* data = reinterpret_cast<const unsigned char*>(der.reveal().data());
  return own(d2i_AutoPrivateKey(nullptr, &data, static_cast<long>(der.reveal().size())));
}

int give_password(char* buffer, int size, int, void* password) noexcept {
  const std::string_view word = static_cast<const Secret*>(password)->reveal();
  if (size < 0 || word.size() > static_cast<size_t>(size)) return -1;
  std::ranges::copy(word, buffer);
  return static_cast<int>(word.size());
}

Result<std::string> random_bytes(size_t size) {
  std::string out(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size)) != 1)
    return fail(Errc::Io, "no random bytes could be had");
  return out;
}

/// PEM of base 64 in lines of 64.
std::string pem_of(std::string_view label, std::string_view content) {
  const std::string encoded = to_base64(content);
  std::string out = fmt::format("-----BEGIN {}-----\n", label);
  for (size_t at = 0; at < encoded.size(); at += 64)
    out += fmt::format("{}\n", std::string_view(encoded).substr(at, 64));
  return out + fmt::format("-----END {}-----\n", label);
}

}  // namespace

Result<SigningKey> SigningKey::generate() {
  Key key = own(EVP_EC_gen("P-256"));
  if (key == nullptr) return fail(Errc::Internal, "OpenSSL made no key");
  return SigningKey(std::move(key));
}

Result<SigningKey> SigningKey::parse(const Secret& pem, const Secret& password) {
  const std::string_view text = pem.reveal();
  Key key;
  for (const std::string_view label : {kEncryptedLabel, kOldEncryptedLabel}) {
    if (const auto body = pem_body(text, label)) key = TRY(open_sealed(*body, password));
  }
  if (key == nullptr && text.contains("PRIVATE KEY-----")) {
    ERR_clear_error();
    key = own(PEM_read_bio_PrivateKey(bio_over(text).get(), nullptr, give_password,
                                      const_cast<Secret*>(&password)));
    ERR_clear_error();
    if (key == nullptr && text.contains("ENCRYPTED"))
      return fail(Errc::Denied, "the key cannot be decrypted with this password");
  }
  if (key == nullptr)
    return fail(Errc::Malformed,
                "it holds no private key in PEM; make one with 'wash sign --generate-key'");
  if (!is_p256(key.get()))
    return fail(Errc::Unsupported, "the key is not an ECDSA key on the curve P-256");
  return SigningKey(std::move(key));
}

Result<Secret> SigningKey::to_pem(const Secret& password) const {
  PKCS8_PRIV_KEY_INFO* const info = EVP_PKEY2PKCS8(key_.get());
  unsigned char* der = nullptr;
  const int size = info == nullptr ? 0 : i2d_PKCS8_PRIV_KEY_INFO(info, &der);
  PKCS8_PRIV_KEY_INFO_free(info);
  if (size <= 0) return fail(Errc::Internal, "OpenSSL did not write the key");
  const Secret plain(std::string(reinterpret_cast<const char*>(der), static_cast<size_t>(size)));
  OPENSSL_clear_free(der, static_cast<size_t>(size));
  const std::string salt = TRY(random_bytes(kSaltSize));
  const std::string nonce = TRY(random_bytes(detail::kBoxNonceSize));
  const Secret key = TRY(scrypt(password, salt, kScryptN, kScryptR, kScryptP));
  const std::string box = TRY(detail::seal_box(plain.reveal(), key.reveal(), nonce));
  const json::value root = {{"kdf",
                             {{"name", "scrypt"},
                              {"params", {{"N", kScryptN}, {"r", kScryptR}, {"p", kScryptP}}},
                              {"salt", to_base64(salt)}}},
                            {"cipher", {{"name", "nacl/secretbox"}, {"nonce", to_base64(nonce)}}},
                            {"ciphertext", to_base64(box)}};
  return Secret(pem_of(kEncryptedLabel, json::serialize(root)));
}

Result<std::string> SigningKey::public_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1)
    return fail(Errc::Internal, "OpenSSL did not write the key");
  return text_in(bio.get());
}

Result<std::string> SigningKey::sign(std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  const auto* data = reinterpret_cast<const unsigned char*>(message.data());
  size_t size = 0;
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, data, message.size()) != 1)
    return fail(Errc::Internal, "OpenSSL did not sign");
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data,
                     message.size()) != 1)
    return fail(Errc::Internal, "OpenSSL did not sign");
  signature.resize(size);
  return signature;
}

Result<VerifyingKey> VerifyingKey::parse(std::string_view pem) {
  ERR_clear_error();
  Key key = own(PEM_read_bio_PUBKEY(bio_over(pem).get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key == nullptr)
    return fail(
        Errc::Malformed, "it holds no public key in PEM{}",
        pem.contains("PRIVATE KEY") ? "; this is the private key, which nobody else needs" : "");
  if (!is_p256(key.get()))
    return fail(Errc::Unsupported, "the key is not an ECDSA key on the curve P-256");
  return VerifyingKey(std::move(key));
}

bool VerifyingKey::verifies(std::string_view message, std::string_view signature) const {
  const DigestContext context(EVP_MD_CTX_new());
  const bool good =
      context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                       message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace wasmcloud::oci
