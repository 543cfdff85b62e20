#pragma once

#include "base/error.h"
#include "base/secret.h"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace wasmcloud::oci {

/// A private key on the curve P-256, which signs as cosign does: ECDSA over SHA-256.
///
/// Thread: any; immutable.
class SigningKey {
 public:
  /// A new one.
  static Result<SigningKey> generate();
  /// From a PEM file: what cosign writes ("ENCRYPTED SIGSTORE PRIVATE KEY", or COSIGN; the password
  /// may be empty), or PKCS #8 ("PRIVATE KEY", "ENCRYPTED PRIVATE KEY") or SEC 1 ("EC PRIVATE
  /// KEY"). Errors: Errc::Malformed; Errc::Denied for a wrong password; Errc::Unsupported for
  /// another kind of key. No message holds anything of the key.
  static Result<SigningKey> parse(const Secret& pem, const Secret& password);

  /// As cosign keeps it, encrypted with the password (scrypt and NaCl's secret box).
  Result<Secret> to_pem(const Secret& password) const;
  /// SubjectPublicKeyInfo in PEM.
  Result<std::string> public_pem() const;
  /// The signature in DER.
  Result<std::string> sign(std::string_view message) const;

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;  // shared, since it is immutable
};

/// The public half.
///
/// Thread: any; immutable.
class VerifyingKey {
 public:
  /// SubjectPublicKeyInfo in PEM. Errors: Errc::Malformed; Errc::Unsupported for a key that is not
  /// on P-256.
  static Result<VerifyingKey> parse(std::string_view pem);
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  explicit VerifyingKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace wasmcloud::oci
