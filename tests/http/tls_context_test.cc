// What is wrong with certificates and keys is said before anything is served.
#include "http/certificates.h"
#include "http/detail/system_roots.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

namespace wasmcloud::http {
namespace {

class TlsContextTest : public ::testing::Test {
 protected:
  /// "Code: message", with the folder's name left out.
  template <class Config>
  std::string error(const Config& config) const {
    const auto made = TlsContext::create(config);
    if (made) return "none";
    std::string text = fmt::format("{}: {}", name_of(made.error().code()), made.error().message());
    for (size_t at = 0; (at = text.find(files_.folder().path())) != std::string::npos;) {
      text.erase(at, files_.folder().path().size() + 1);
    }
    return text;
  }
  std::string with(std::string certificate, std::string key, std::string ca = {}) const {
    return error(TlsServerConfig{.certificate_path = std::move(certificate),
                                 .key_path = std::move(key),
                                 .client_ca_path = std::move(ca)});
  }
  std::string path(std::string_view name) const { return files_.folder().path(name); }

  Certificates files_;
};

TEST_F(TlsContextTest, TakesWhatIsRight) {
  EXPECT_EQ(with(path("server.pem"), path("server.key")), "none");
  EXPECT_EQ(with(path("server.pem"), path("server.key"), path("ca.pem")), "none");
  // A chain, and both in one file.
  const std::string all = files_.folder().write("all.pem", files_.folder().read("server.key") +
                                                               files_.folder().read("server.pem") +
                                                               files_.folder().read("ca.pem"));
  EXPECT_EQ(with(all, all, all), "none");
}

TEST_F(TlsContextTest, NamesAFileThatIsMissing) {
  EXPECT_EQ(with(path("no.pem"), path("server.key")),
            "NotFound: the TLS certificate: reading no.pem: No such file or directory");
  EXPECT_EQ(with(path("server.pem"), path("no.key")),
            "NotFound: the TLS key: reading no.key: No such file or directory");
  EXPECT_EQ(with(path("server.pem"), path("server.key"), path("no.pem")),
            "NotFound: the CA of TLS clients: reading no.pem: No such file or directory");
  EXPECT_EQ(with(path("server.pem"), {}),
            "Invalid: a TLS certificate is given without its key; give both");
  EXPECT_EQ(with({}, path("server.key")),
            "Invalid: a TLS key is given without its certificate; give both");
}

TEST_F(TlsContextTest, NamesAFileThatHoldsSomethingElse) {
  const std::string empty = files_.folder().write("empty.pem", "");
  const std::string text = files_.folder().write("text.pem", "hello\n");
  const std::string cut = files_.folder().write(
      "cut.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  const std::string none =
      " holds no certificate; expected PEM, with a line "
      "-----BEGIN CERTIFICATE-----";
  EXPECT_EQ(with(empty, path("server.key")), "Malformed: the TLS certificate: empty.pem" + none);
  EXPECT_EQ(with(text, path("server.key")), "Malformed: the TLS certificate: text.pem" + none);
  EXPECT_EQ(with(path("server.key"), path("server.key")),
            "Malformed: the TLS certificate: server.key" + none);
  EXPECT_TRUE(with(cut, path("server.key"))
                  .starts_with("Malformed: the TLS certificate: certificate 1 in cut.pem cannot be "
                               "read: "));
  EXPECT_EQ(with(path("server.pem"), path("server.key"), empty),
            "Malformed: the CA of TLS clients: empty.pem" + none);
  EXPECT_EQ(with(path("server.pem"), path("server.pem")),
            "Malformed: the TLS key: server.pem holds no private key that can be read; expected "
            "PEM, with a line such as -----BEGIN PRIVATE KEY-----");
}

TEST_F(TlsContextTest, NamesAKeyThatIsNotTheCertificates) {
  EXPECT_EQ(with(path("server.pem"), path("client.key")),
            "Invalid: the TLS key in client.key is not that of the first certificate in "
            "server.pem");
}

TEST_F(TlsContextTest, AsksForNoPassphrase) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  BIO* const out = BIO_new_file(path("locked.key").c_str(), "w");
  ASSERT_EQ(
      PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_128_cbc(), "secret", 6, nullptr, nullptr), 1);
  BIO_free(out);
  EVP_PKEY_free(key);
  EXPECT_EQ(with(path("server.pem"), path("locked.key")),
            "Malformed: the TLS key: locked.key is encrypted; it should be a key without a "
            "passphrase");
}

TEST_F(TlsContextTest, NeverShowsAKey) {
  // A key whose text is damaged.
  std::string text = files_.folder().read("server.key");
  const std::string secret = text.substr(40, 30);
  text[60] = '!';
  const std::string damaged = files_.folder().write("damaged.key", text);
  const std::string said = with(path("server.pem"), damaged);
  EXPECT_TRUE(said.starts_with("Malformed: the TLS key: damaged.key holds no private key")) << said;
  EXPECT_EQ(said.find(secret.substr(0, 8)), std::string::npos);
}

TEST_F(TlsContextTest, AClientMustTrustSomebody) {
  TlsClientConfig nobody;
  nobody.roots = TlsClientConfig::Roots::None;
  EXPECT_EQ(error(nobody),
            "Invalid: no certificate would be trusted: name a file of CA certificates, or take the "
            "system's");
  EXPECT_EQ(error(TlsClientConfig()), "none");
  EXPECT_EQ(error(files_.client()), "none");
  TlsClientConfig half = files_.client();
  half.key_path = path("client.key");
  EXPECT_EQ(error(half), "Invalid: a TLS key is given without its certificate; give both");
}

TEST(SystemRoots, AreWhereADistributionHasThem) {
  const testing::TemporaryFolder root;
  EXPECT_EQ(detail::find_system_roots(root.path()), std::nullopt);
  const std::string old = root.write("etc/pki/tls/certs/ca-bundle.crt", "");
  EXPECT_EQ(detail::find_system_roots(root.path()), old);
  const std::string first = root.write("etc/ssl/certs/ca-certificates.crt", "");
  EXPECT_EQ(detail::find_system_roots(root.path()), first);
}

}  // namespace
}  // namespace wasmcloud::http
