#include "http/tls_engine.h"

#include "base/check.h"
#include "http/detail/tls_rules.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace wasmcloud::http {
namespace {

using detail::Ssl;

/// What is kept either way, at least a record (RFC 8446, section 5.2). The protocol's own messages
/// may go beyond.
constexpr size_t kWindow = size_t{32} * 1024;
/// Only a peer that asks and asks without ever reading comes here.
constexpr size_t kMaxUnsent = size_t{256} * 1024;

/// Bytes that are added behind and taken in front.
class Window {
 public:
  std::span<const std::byte> bytes() const { return std::span(bytes_).subspan(begin_); }
  size_t size() const { return bytes_.size() - begin_; }
  void add(std::span<const std::byte> more) {
    if (begin_ > 0 && bytes_.size() + more.size() > bytes_.capacity()) {
      bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(begin_));
      begin_ = 0;
    }
    bytes_.insert(bytes_.end(), more.begin(), more.end());
  }
  void remove(size_t count) {
    begin_ += count;
    if (begin_ < bytes_.size()) return;
    bytes_.clear();
    begin_ = 0;
  }

 private:
  std::vector<std::byte> bytes_;
  size_t begin_ = 0;
};

class OpenSslEngine final : public TlsEngine {
 public:
  OpenSslEngine(Ssl ssl, std::string server_name, CertificateCheck check);

  Result<bool> shake_hands() override;
  size_t room_for_ciphertext() const override {
    return kWindow - std::min(kWindow, received_.size());
  }
  void receive(std::span<const std::byte> ciphertext) override { received_.add(ciphertext); }
  void end_receiving() override { cut_off_ = true; }
  std::span<const std::byte> to_send() const override { return unsent_.bytes(); }
  void sent(size_t count) override { unsent_.remove(count); }
  Result<size_t> read(std::span<std::byte> into) override;
  bool has_ended() const override { return ended_; }
  size_t room_for_cleartext() const override {
    return secured_ && !failed_ ? kWindow - std::min(kWindow, unsent_.size()) : 0;
  }
  Result<void> write(std::span<const std::byte> cleartext) override;
  void end_writing() override;

 private:
  struct Calls;

  /// After OpenSSL gave up; `why` is what SSL_get_error says.
  void give_up(int why);
  void set_failed(Error error) {
    if (!failed_) failed_ = std::move(error);
  }

  const Ssl ssl_;
  const std::string server_name_;
  const CertificateCheck check_;
  Window received_;
  Window unsent_;
  bool secured_ = false;
  bool ended_ = false;     ///< the peer said that it sends no more
  bool cut_off_ = false;   ///< nothing more comes, whatever the peer said
  bool end_said_ = false;  ///< by us
  int idle_messages_ = 0;
  std::string unwanted_;  ///< why `check_` does not want this peer
  std::optional<Error> failed_;
  std::optional<Error> read_failed_;  ///< what was to be read is not whole; writing goes on
};

/// What OpenSSL calls.
struct OpenSslEngine::Calls {
  static OpenSslEngine& of(BIO* bio) { return *static_cast<OpenSslEngine*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* out, size_t size, size_t* got) noexcept {
    OpenSslEngine& self = of(bio);
    BIO_clear_retry_flags(bio);
    const auto bytes = self.received_.bytes();
    *got = std::min(size, bytes.size());
    if (*got > 0) {
      std::memcpy(out, bytes.data(), *got);
      self.received_.remove(*got);
      return 1;
    }
    if (!self.cut_off_ && !self.failed_) BIO_set_retry_read(bio);
    return 0;
  }

  static int write(BIO* bio, const char* bytes, size_t size, size_t* written) noexcept {
    OpenSslEngine& self = of(bio);
    BIO_clear_retry_flags(bio);
    *written = 0;
    if (self.unsent_.size() + size > kMaxUnsent) {
      self.set_failed({Errc::Malformed, "the peer takes nothing of what it asks for"});
      return 0;
    }
    self.unsent_.add(std::as_bytes(std::span(bytes, size)));
    *written = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) noexcept {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static const BIO_METHOD* method() {
    // Kept for life: every connection refers to it.
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* const made =
          BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wash engine");
      CHECK(made != nullptr);
      BIO_meth_set_read_ex(made, read);
      BIO_meth_set_write_ex(made, write);
      BIO_meth_set_ctrl(made, control);
      return made;
    }();
    return kMethod;
  }

  /// Each message of the protocol, and the head of each record.
  static void message(int is_written, int, int type, const void*, size_t, SSL*,
                      void* user) noexcept {
    auto& self = *static_cast<OpenSslEngine*>(user);
    if (!self.secured_ || is_written != 0 || type != SSL3_RT_HANDSHAKE) return;
    // OpenSSL goes on through what it has received, and ends when it wants more, or answers.
    if (++self.idle_messages_ > detail::kMaxIdleMessages)
      self.set_failed({Errc::Malformed, "the peer floods TLS with messages of its own"});
  }

  /// Each certificate that was found good, from the root to the server's, whose name was looked at
  /// before.
  static int verify(int is_good, X509_STORE_CTX* found) noexcept {
    if (is_good != 1 || X509_STORE_CTX_get_error_depth(found) != 0) return is_good;
    auto* const ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(found, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& self = *static_cast<OpenSslEngine*>(SSL_get_app_data(ssl));
    const STACK_OF(X509)* const certificates = X509_STORE_CTX_get0_chain(found);
    std::vector<Bytes> chain;
    for (int i = 0; i < sk_X509_num(certificates); ++i) {
      unsigned char* der = nullptr;
      const int size = i2d_X509(sk_X509_value(certificates, i), &der);
      if (size < 0) return 0;
      chain.push_back(Bytes::copy_of(std::as_bytes(std::span(der, static_cast<size_t>(size)))));
      OPENSSL_free(der);
    }
    const Result<void> checked = self.check_(self.server_name_, chain);
    if (checked) return 1;
    self.unwanted_ = checked.error().message();
    X509_STORE_CTX_set_error(found, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
};

OpenSslEngine::OpenSslEngine(Ssl ssl, std::string server_name, CertificateCheck check)
    : ssl_(std::move(ssl)), server_name_(std::move(server_name)), check_(std::move(check)) {
  BIO* const bio = BIO_new(Calls::method());
  CHECK(bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_msg_callback(ssl_.get(), Calls::message);
  SSL_set_msg_callback_arg(ssl_.get(), this);
  SSL_set_app_data(ssl_.get(), this);
  if (check_) SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, Calls::verify);
}

void OpenSslEngine::give_up(int why) {
  detail::TlsFailure failure = detail::take_failure(ssl_.get(), why, cut_off_, secured_);
  if (failure.code == Errc::Denied && !unwanted_.empty())
    failure.text = fmt::format("the peer's certificate is not accepted: {}", unwanted_);
  Error error = Error(failure.code, std::move(failure.text)).with_number(failure.alert);
  if (failed_) return;
  if (failure.code == Errc::Closed && secured_) {
    read_failed_ = std::move(error);
  } else {
    failed_ = std::move(error);
  }
}

Result<bool> OpenSslEngine::shake_hands() {
  if (secured_) return true;
  if (!failed_) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
      secured_ = true;
      return true;
    }
    const int why = SSL_get_error(ssl_.get(), result);
    if (why == SSL_ERROR_WANT_READ && !failed_) return false;
    give_up(why);
  }
  return fail(failed_->copy());
}

Result<size_t> OpenSslEngine::read(std::span<std::byte> into) {
  size_t size = 0;
  while (size < into.size() && !ended_ && !failed_ && !read_failed_) {
    ERR_clear_error();
    size_t got = 0;
    if (SSL_read_ex(ssl_.get(), into.data() + size, into.size() - size, &got) == 1) {
      size += got;
      idle_messages_ = 0;
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), 0);
    if (why == SSL_ERROR_WANT_READ && !failed_) break;
    if (why == SSL_ERROR_ZERO_RETURN) {
      ended_ = true;
    } else {
      give_up(why);
    }
  }
  if (size > 0 || ended_) return size;
  if (failed_) return fail(failed_->copy());
  if (read_failed_) return fail(read_failed_->copy());
  return 0;
}

Result<void> OpenSslEngine::write(std::span<const std::byte> cleartext) {
  DCHECK(secured_);
  if (failed_) return fail(failed_->copy());
  ERR_clear_error();
  size_t written = 0;
  if (SSL_write_ex(ssl_.get(), cleartext.data(), cleartext.size(), &written) == 1) return {};
  give_up(SSL_get_error(ssl_.get(), 0));
  return fail(failed_ ? failed_->copy() : read_failed_->copy());
}

void OpenSslEngine::end_writing() {
  if (!secured_ || failed_ || std::exchange(end_said_, true)) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace

Result<std::unique_ptr<TlsEngine>> make_tls_engine(const TlsContext& context,
                                                   const std::string& server_name,
                                                   CertificateCheck check) {
  CHECK(context.side() == TlsContext::Side::Client);
  ERR_clear_error();
  Ssl ssl(SSL_new(context.native()));
  CHECK(ssl != nullptr);
  SSL_set_connect_state(ssl.get());
  const bool is_name = detail::expect_name(ssl.get(), server_name);
  ERR_clear_error();
  if (!is_name) return fail(Errc::Invalid, "{}", detail::no_such_name(server_name));
  return std::make_unique<OpenSslEngine>(std::move(ssl), server_name, std::move(check));
}

}  // namespace wasmcloud::http
