#include "http/detail/tls_rules.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include <array>
#include <string_view>

namespace wasmcloud::http::detail {

bool expect_name(SSL* ssl, const std::string& name) {
  std::array<unsigned char, 16> address;
  X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // Addresses are not sent (RFC 6066, section 3).
  if (::inet_pton(AF_INET, name.c_str(), address.data()) == 1)
    return X509_VERIFY_PARAM_set1_ip(rules, address.data(), 4) == 1;
  if (::inet_pton(AF_INET6, name.c_str(), address.data()) == 1)
    return X509_VERIFY_PARAM_set1_ip(rules, address.data(), 16) == 1;
  return !name.empty() && !name.contains('\0') && SSL_set1_host(ssl, name.c_str()) == 1 &&
         SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
}

std::string no_such_name(const std::string& name) {
  return fmt::format("\"{}\" is no host that has a certificate", name);
}

TlsFailure take_failure(SSL* ssl, int why, bool cut_off, bool secured) {
  const unsigned long code = ERR_peek_error();
  const int reason = ERR_GET_REASON(code);
  // Null for what OpenSSL has no words for, such as most numbers of alerts.
  const char* const known = ERR_reason_error_string(code);
  std::string_view text = known != nullptr ? known : "";
  TlsFailure failure{.code = Errc::Malformed, .text = {}};
  if (cut_off && why != SSL_ERROR_SSL) {
    failure.code = Errc::Closed;
    failure.text = secured ? "the connection ended without the end of TLS"
                           : "the connection ended during the TLS handshake";
  } else if (reason >= SSL_AD_REASON_OFFSET && ERR_GET_LIB(code) == ERR_LIB_SSL) {
    failure.code = Errc::Refused;
    failure.alert = reason - SSL_AD_REASON_OFFSET;
    // "tlsv13 alert certificate required"
    constexpr std::string_view kAlert = " alert ";
    const size_t at = text.find(kAlert);
    if (at != std::string_view::npos) text.remove_prefix(at + kAlert.size());
    failure.text = text.empty() ? fmt::format("the peer ended TLS with alert {}", failure.alert)
                                : fmt::format("the peer ended TLS: {}", text);
  } else if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    failure.code = Errc::Denied;
    failure.text = fmt::format("the peer's certificate is not accepted: {}",
                               X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
  } else if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) {
    failure.code = Errc::Denied;
    failure.text = "the peer showed no certificate";
  } else {
    failure.text = fmt::format("TLS: {}", text.empty() ? "failed" : text);
  }
  ERR_clear_error();
  return failure;
}

}  // namespace wasmcloud::http::detail
