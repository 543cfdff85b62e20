#include "http/tls.h"

#include "base/check.h"
#include "base/file.h"
#include "http/detail/system_roots.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string_view>

namespace wasmcloud::http {
namespace {

constexpr uint64_t kMaxPemBytes = uint64_t{4} << 20;

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* object) const { free(object); }
};
using Certificate = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX, SSL_CTX_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO, BIO_free_all>>;

/// What OpenSSL last complained of. Its texts are of the library, never of the input.
std::string complaint() {
  const unsigned long code = ERR_peek_last_error();
  const char* const text = ERR_reason_error_string(code);
  ERR_clear_error();
  return text != nullptr ? text : "unknown error";
}

Result<std::string> read_pem(const std::string& path, std::string_view what) {
  auto text = read_file(path, kMaxPemBytes);
  if (!text) return fail(std::move(text).error().within(what));
  return text;
}

/// At least one.
Result<std::vector<Certificate>> read_certificates(const std::string& path, std::string_view what) {
  const std::string text = TRY(read_pem(path, what));
  ERR_clear_error();
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::vector<Certificate> out;
  while (X509* const one = PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr)) {
    out.emplace_back(one);
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  const std::string why = complaint();
  if (!at_end) {
    return fail(Errc::Malformed, "{}: certificate {} in {} cannot be read: {}", what,
                out.size() + 1, path, why);
  }
  if (out.empty()) {
    return fail(
        Errc::Malformed,
        "{}: {} holds no certificate; expected PEM, with a line -----BEGIN CERTIFICATE-----", what,
        path);
  }
  return out;
}

/// The file's text, wiped when it is no longer needed.
struct Wiped {
  ~Wiped() { OPENSSL_cleanse(text.data(), text.size()); }
  std::string text;
};

Result<Key> read_key(const std::string& path) {
  constexpr std::string_view kWhat = "the TLS key";
  const Wiped file{TRY(read_pem(path, kWhat))};
  ERR_clear_error();
  const Memory memory(BIO_new_mem_buf(file.text.data(), static_cast<int>(file.text.size())));
  bool asked = false;
  // Without a callback OpenSSL would ask on the terminal.
  const auto no_passphrase = [](char*, int, int, void* user) noexcept {
    *static_cast<bool*>(user) = true;
    return -1;
  };
  Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, &asked));
  ERR_clear_error();
  if (key) return key;
  if (asked) {
    return fail(Errc::Malformed, "{}: {} is encrypted; it should be a key without a passphrase",
                kWhat, path);
  }
  return fail(Errc::Malformed,
              "{}: {} holds no private key that can be read; expected PEM, with a line such as "
              "-----BEGIN PRIVATE KEY-----",
              kWhat, path);
}

/// What both sides have in common.
Context make_context(const SSL_METHOD* method) {
  Context context(SSL_CTX_new(method));
  CHECK(context != nullptr);
  SSL_CTX* const raw = context.get();
  CHECK(SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1);
  // What HTTP/2 allows of TLS 1.2 (RFC 9113, section 9.2.2); those of 1.3 are all good.
  CHECK(SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // An idle connection keeps no buffers: 34 KiB less for each.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  // As many records at a time as the kernel has; else each costs two system calls.
  SSL_CTX_set_read_ahead(raw, 1);
  SSL_CTX_set_default_read_buffer_len(raw, size_t{64} * 1024);
  // Tickets are sealed, not remembered.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  return context;
}

Result<void> use_identity(SSL_CTX* context, const std::string& certificate_path,
                          const std::string& key_path) {
  if (certificate_path.empty() || key_path.empty()) {
    return fail(Errc::Invalid, "a TLS {} is given without its {}; give both",
                key_path.empty() ? "certificate" : "key", key_path.empty() ? "key" : "certificate");
  }
  const auto chain = TRY(read_certificates(certificate_path, "the TLS certificate"));
  const Key key = TRY(read_key(key_path));
  if (X509_check_private_key(chain[0].get(), key.get()) != 1) {
    ERR_clear_error();
    return fail(Errc::Invalid, "the TLS key in {} is not that of the first certificate in {}",
                key_path, certificate_path);
  }
  if (SSL_CTX_use_certificate(context, chain[0].get()) != 1) {
    return fail(Errc::Invalid, "the TLS certificate in {} cannot be used: {}", certificate_path,
                complaint());
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return fail(Errc::Invalid, "the TLS key in {} cannot be used: {}", key_path, complaint());
  }
  for (size_t i = 1; i < chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, chain[i].get()) != 1) {
      return fail(Errc::Invalid, "certificate {} in {} cannot be used: {}", i + 1, certificate_path,
                  complaint());
    }
  }
  return {};
}

Result<void> trust(SSL_CTX* context, const std::string& path, std::string_view what) {
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  // Whom the file names is trusted, also if somebody else vouches for it in turn.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  for (const Certificate& each : TRY(read_certificates(path, what))) {
    CHECK(X509_STORE_add_cert(store, each.get()) == 1);
    // Tells clients which of theirs to show; a client does nothing with it.
    CHECK(SSL_CTX_add_client_CA(context, each.get()) == 1);
  }
  return {};
}

/// As ALPN has it (RFC 7301, section 3.1): each name behind its length.
constexpr std::string_view kServedProtocols = "\x02h2\x08http/1.1";

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) noexcept {
  const auto* const ours = reinterpret_cast<const unsigned char*>(kServedProtocols.data());
  unsigned char* match = nullptr;
  // "If the server supports no protocols that the client advertises, then the server SHALL respond
  // with a fatal 'no_application_protocol' alert" (RFC 7301, section 3.2)
  if (SSL_select_next_proto(&match, size, ours, static_cast<unsigned>(kServedProtocols.size()),
                            offered, offered_size) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::create(const TlsServerConfig& config) {
  Context context = make_context(TLS_server_method());
  TRY(use_identity(context.get(), config.certificate_path, config.key_path));
  // Tickets are for this server alone; with client certificates OpenSSL insists on a name.
  constexpr std::string_view kName = "wash";
  CHECK(SSL_CTX_set_session_id_context(context.get(),
                                       reinterpret_cast<const unsigned char*>(kName.data()),
                                       kName.size()) == 1);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (!config.client_ca_path.empty()) {
    TRY(trust(context.get(), config.client_ca_path, "the CA of TLS clients"));
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return std::shared_ptr<const TlsContext>(new TlsContext(Side::Server, context.release()));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::create(const TlsClientConfig& config) {
  Context context = make_context(TLS_client_method());
  if (config.roots == TlsClientConfig::Roots::None && config.ca_paths.empty()) {
    return fail(Errc::Invalid,
                "no certificate would be trusted: name a file of CA certificates, or take the "
                "system's");
  }
  if (config.roots == TlsClientConfig::Roots::System) {
    detail::trust_system_roots(context.get());
  }
  for (const std::string& path : config.ca_paths) {
    TRY(trust(context.get(), path, "the CA certificates"));
  }
  if (!config.certificate_path.empty() || !config.key_path.empty()) {
    TRY(use_identity(context.get(), config.certificate_path, config.key_path));
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return std::shared_ptr<const TlsContext>(new TlsContext(Side::Client, context.release()));
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

}  // namespace wasmcloud::http
