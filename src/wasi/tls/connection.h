#pragma once

#include "base/loop.h"
#include "base/readiness.h"
#include "wasi/budget.h"
#include "wasi/io/sink.h"
#include "wasi/io/source.h"
#include "wasi/tls/provider.h"

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace wasmcloud::wasi::tls {

/// One TLS connection of a guest, as four ends of streams: what the guest says goes in as cleartext
/// and out as ciphertext, what the peer says the other way. Until the handshake is done, cleartext
/// waits.
///
/// An end that fails takes down what cannot do without it. Errors of the ends are for the guest;
/// one that just ends says Errc::Closed, which no other error here is.
///
/// Thread: the loop's.
class Connection final : public Counted {
 public:
  /// `budget` counts connections; one beyond it fails from the start.
  Connection(Loop& loop, const Ref<Budget>& budget);

  /// Where cleartext goes in and where its ciphertext comes out, and the reverse; once each.
  /// Whoever has an end says when it is done with it (`dropped`), whatever the reason. The sink of
  /// cleartext takes `flush` for the end of what the guest says.
  std::pair<Ref<io::Sink>, Ref<io::Source>> sending_ends();
  std::pair<Ref<io::Sink>, Ref<io::Source>> receiving_ends();
  bool has_sending_ends() const { return has_sending_ends_; }
  bool has_receiving_ends() const { return has_receiving_ends_; }

  /// Does the handshake, in `limit`. Once, and after all ends were given out. Who cancels it says
  /// `give_up`. Errors: Errc::Denied without a provider; its own; as http::TlsEngine; Timeout.
  Task<void> connect(const Provider* provider, std::string server_name, Clock::duration limit);
  bool is_secured() const { return is_secured_; }
  /// Told when a sink of this may have come to take no more.
  Signal& over() { return over_; }
  /// Nothing goes on, for this reason; the first one counts.
  void give_up(Error why);

 private:
  enum End : uint8_t { kCleartextIn, kCiphertextOut, kCiphertextIn, kCleartextOut };
  template <class Base, End kEnd>
  class Half;
  class CleartextIn;
  class CiphertextIn;
  template <End kEnd, auto kRead>
  class Out;

  bool is_ready(End end) const;
  /// Tells who waits and need not.
  void changed();
  void dropped(End end);
  Task<void> handshake(const Provider& provider, std::string server_name);
  /// As far as what was received allows.
  void shake_hands();
  /// Nobody reads cleartext any more, but the protocol goes on.
  void discard();
  bool is_sending_over() const { return gone_[kCiphertextOut]; }
  bool is_receiving_over() const;

  // What the ends do; see io::Sink and io::Source.
  Result<size_t> room_for_cleartext() const;
  Result<void> write_cleartext(std::span<const std::byte> bytes);
  void end_cleartext();
  void say_end();
  Result<size_t> read_ciphertext(std::span<std::byte> into);
  Result<size_t> room_for_ciphertext() const;
  void write_ciphertext(std::span<const std::byte> bytes);
  Result<size_t> read_cleartext(std::span<std::byte> into);

  Loop& loop_;
  Share share_;
  std::unique_ptr<wasmcloud::http::TlsEngine> engine_;  ///< null until `connect`
  std::array<Signal, 4> signals_;                       ///< of the ends
  Signal handshake_;                                    ///< is done, or will not be
  Signal over_;
  std::array<bool, 4> gone_{};
  bool has_sending_ends_ = false;
  bool has_receiving_ends_ = false;
  bool is_secured_ = false;
  bool is_end_said_ = false;  ///< by the guest
  bool is_sent_ = false;      ///< all of it, its end included
  bool is_dry_ = false;       ///< no cleartext comes without more ciphertext
  std::optional<Error> failed_;
};

}  // namespace wasmcloud::wasi::tls
