#pragma once

#include "base/check.h"
#include "http/detail/tls_rules.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <optional>
#include <span>

namespace wasmcloud::http::detail {

/// A BIO (where OpenSSL receives and sends) that is an object of ours, an `End`, which has
///   std::optional<size_t> receive(std::span<std::byte> into): nothing: not now; 0: nothing more;
///   bool send(std::span<const std::byte> bytes): takes all of them, or it is over;
///   void on_idle_message(): a message of the protocol itself has come, or a piece of one.
template <class End>
class TlsBio {
 public:
  /// From now on `ssl` receives from and sends to `end`, which outlives it.
  static void attach(SSL* ssl, End& end) {
    BIO* const bio = BIO_new(method());
    CHECK(bio != nullptr);
    BIO_set_data(bio, &end);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_msg_callback(ssl, message);
    SSL_set_msg_callback_arg(ssl, &end);
  }

 private:
  static End& of(BIO* bio) { return *static_cast<End*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* out, size_t size, size_t* got) noexcept {
    BIO_clear_retry_flags(bio);
    const auto received = of(bio).receive(std::as_writable_bytes(std::span(out, size)));
    if (!received) BIO_set_retry_read(bio);
    *got = received.value_or(0);
    return *got > 0 ? 1 : 0;
  }

  static int write(BIO* bio, const char* bytes, size_t size, size_t* written) noexcept {
    BIO_clear_retry_flags(bio);
    const bool taken = of(bio).send(std::as_bytes(std::span(bytes, size)));
    *written = taken ? size : 0;
    return taken ? 1 : 0;
  }

  static long control(BIO*, int command, long, void*) noexcept {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }

  /// Each message of the protocol, and the head of each record.
  static void message(int is_written, int, int type, const void*, size_t, SSL*,
                      void* end) noexcept {
    if (is_written == 0 && type == SSL3_RT_HANDSHAKE) static_cast<End*>(end)->on_idle_message();
  }

  static const BIO_METHOD* method() {
    // Kept for life: every connection refers to it.
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wash");
      CHECK(made != nullptr);
      BIO_meth_set_read_ex(made, read);
      BIO_meth_set_write_ex(made, write);
      BIO_meth_set_ctrl(made, control);
      return made;
    }();
    return kMethod;
  }
};

}  // namespace wasmcloud::http::detail
