#include "http/certificates.h"

#include "base/check.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace wasmcloud::http {
namespace {

/// A key and its certificate.
class Identity {
 public:
  /// Signed by `issuer`, or by itself. `names` is a subjectAltName; empty: none. `end`: in seconds.
  Identity(const testing::TemporaryFolder& folder, const std::string& name, const Identity* issuer,
           const char* names, long end = 24L * 3600)
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    static long serial = 0;
    X509* const made = certificate_.get();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), -7200);
    X509_gmtime_adj(X509_getm_notAfter(made), end);
    X509_set_pubkey(made, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const Identity& signer = issuer != nullptr ? *issuer : *this;
    X509_set_issuer_name(made, X509_get_subject_name(signer.certificate_.get()));
    extend(NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
    if (names != nullptr) extend(NID_subject_alt_name, names);
    CHECK(X509_sign(made, signer.key_.get(), EVP_sha256()) > 0);
    save(folder.path(name + ".pem"), [&](BIO* out) { return PEM_write_bio_X509(out, made); });
    save(folder.path(name + ".key"), [&](BIO* out) {
      return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

 private:
  void extend(int kind, const char* value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
    CHECK(extension != nullptr);
    X509_add_ext(certificate_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }
  template <class Write>
  static void save(const std::string& path, Write write) {
    BIO* const out = BIO_new_file(path.c_str(), "w");
    CHECK(out != nullptr && write(out) == 1);
    BIO_free(out);
  }

  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  std::unique_ptr<EVP_PKEY, Free> key_;
  std::unique_ptr<X509, Free> certificate_;
};

}  // namespace

Certificates::Certificates() {
  const Identity ca(folder_, "ca", nullptr, nullptr);
  const Identity other(folder_, "other-ca", nullptr, nullptr);
  Identity(folder_, "server", &ca, "DNS:localhost,IP:127.0.0.1");
  Identity(folder_, "renewed", &ca, "DNS:localhost,IP:127.0.0.1");
  Identity(folder_, "expired", &ca, "DNS:localhost,IP:127.0.0.1", -3600);
  Identity(folder_, "client", &ca, nullptr);
  Identity(folder_, "stranger", &other, nullptr);
}

Certificates::~Certificates() = default;

}  // namespace wasmcloud::http
