#pragma once

#include "base/bytes.h"
#include "http/tls.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wasmcloud::http {

/// Says whether a server is the right one, after its certificates were found good for
/// `server_name`, and before anything was sent that is not for strangers: for pinning. `chain` is
/// DER, the server's own first, the root last. The error's message is told to who connects.
///
/// Thread: any.
using CertificateCheck =
    std::function<Result<void>(std::string_view server_name, std::span<const Bytes> chain)>;

/// A client's side of one TLS connection between bytes and bytes: it has no socket and never waits.
/// What it holds is bounded, as long as its owner heeds the room there is.
///
/// Errors of all functions: Errc::Denied where a certificate is not accepted, Refused where the
/// peer says no, Malformed where what came is no TLS or breaks its rules, Closed where the peer's
/// bytes ended first. They are told again by each call that cannot do its work. What was to be sent
/// before, such as the alert that says why, still is.
///
/// Thread: one loop.
class TlsEngine {
 public:
  virtual ~TlsEngine() = default;
  TlsEngine(const TlsEngine&) = delete;
  TlsEngine& operator=(const TlsEngine&) = delete;

  /// Goes on with the handshake as far as what was received allows; true once it is done.
  virtual Result<bool> shake_hands() = 0;

  // --- ciphertext

  /// How many bytes from the peer are taken now; 0: read first.
  virtual size_t room_for_ciphertext() const = 0;
  virtual void receive(std::span<const std::byte> ciphertext) = 0;
  /// Nothing more comes from the peer.
  virtual void end_receiving() = 0;
  /// What the peer is to get; valid until the next call.
  virtual std::span<const std::byte> to_send() const = 0;
  /// The first `count` bytes of these are on their way.
  virtual void sent(size_t count) = 0;

  // --- cleartext, after the handshake

  /// What the peer said; 0: nothing more is there now, `has_ended` says whether it ever will be.
  virtual Result<size_t> read(std::span<std::byte> into) = 0;
  /// The peer has said that it ends (close_notify), and all before was read.
  virtual bool has_ended() const = 0;
  /// How many bytes for the peer are taken now; 0 while too much waits to be sent.
  virtual size_t room_for_cleartext() const = 0;
  virtual Result<void> write(std::span<const std::byte> cleartext) = 0;
  /// Tells the peer that nothing more comes (close_notify).
  virtual void end_writing() = 0;

 protected:
  TlsEngine() = default;
};

/// OpenSSL's. `server_name` is whom the server's certificate must be for, a name or an address; a
/// name is also sent (SNI). Errors: Errc::Invalid for what is neither.
Result<std::unique_ptr<TlsEngine>> make_tls_engine(const TlsContext& context,
                                                   const std::string& server_name,
                                                   CertificateCheck check = {});

}  // namespace wasmcloud::http
