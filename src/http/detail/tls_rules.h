#pragma once

#include "base/error.h"

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace wasmcloud::http::detail {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;

/// Messages of the protocol itself (new keys, tickets) with nothing for the owner in between. Each
/// is cheap to send and costs more here. OpenSSL goes on through what it has received, and ends
/// when it wants more, or answers.
inline constexpr int kMaxIdleMessages = 64;
inline constexpr std::string_view kFloods = "the peer floods TLS with messages of its own";

/// What may wait to be sent. A record and what the protocol itself says are far less; only a peer
/// that asks and asks without ever reading comes here.
inline constexpr size_t kMaxUnsent = size_t{256} * 1024;
inline constexpr std::string_view kTakesNothing = "the peer takes nothing of what it asks for";

/// A client's: the server's certificate must be for `name`, which is also sent (SNI) unless it is
/// an address. False where no certificate can be for it.
bool expect_name(SSL* ssl, const std::string& name);

/// What a client says for such a name.
std::string no_such_name(const std::string& name);

/// Why OpenSSL gave up.
struct TlsFailure {
  /// Denied: a certificate is not accepted; Refused: the peer ended it; Malformed: what came is no
  /// TLS, or breaks its rules; Closed: the peer's bytes ended.
  Errc code;
  std::string text;
  int alert = 0;  ///< the peer's, with Refused
};

/// `why` is what SSL_get_error says; `cut_off`: nothing more comes; `secured`: the handshake was
/// done. Empties the thread's queue of OpenSSL's errors.
TlsFailure take_failure(SSL* ssl, int why, bool cut_off, bool secured);

}  // namespace wasmcloud::http::detail
