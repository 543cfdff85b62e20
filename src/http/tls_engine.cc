#include "http/tls_engine.h"

#include "base/check.h"
#include "http/detail/byte_window.h"
#include "http/detail/tls_bio.h"
#include "http/detail/tls_rules.h"

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

using detail::ByteWindow;
using detail::Ssl;

/// What is kept either way, at least a record (RFC 8446, section 5.2). The protocol's own messages
/// may go beyond.
constexpr size_t kWindow = size_t{32} * 1024;

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

  // What OpenSSL calls, by way of TlsBio.
  std::optional<size_t> receive(std::span<std::byte> into);
  bool send(std::span<const std::byte> bytes);
  void on_idle_message();

 private:
  static int verify(int is_good, X509_STORE_CTX* found) noexcept;
  /// After OpenSSL gave up; `why` is what SSL_get_error says.
  void give_up(int why);
  void set_failed(Error error) {
    if (!failed_) failed_ = std::move(error);
  }

  const Ssl ssl_;
  const std::string server_name_;
  const CertificateCheck check_;
  ByteWindow received_;
  ByteWindow unsent_;
  bool secured_ = false;
  bool ended_ = false;     ///< the peer said that it sends no more
  bool cut_off_ = false;   ///< nothing more comes, whatever the peer said
  bool end_said_ = false;  ///< by us
  int idle_messages_ = 0;
  std::string unwanted_;  ///< why `check_` does not want this peer
  std::optional<Error> failed_;
  std::optional<Error> read_failed_;  ///< what was to be read is not whole; writing goes on
};

std::optional<size_t> OpenSslEngine::receive(std::span<std::byte> into) {
  const auto bytes = received_.bytes();
  const size_t size = std::min(into.size(), bytes.size());
  if (size == 0 && !cut_off_ && !failed_) return std::nullopt;
  if (size > 0) std::memcpy(into.data(), bytes.data(), size);
  received_.remove(size);
  return size;
}

bool OpenSslEngine::send(std::span<const std::byte> bytes) {
  if (unsent_.size() + bytes.size() > detail::kMaxUnsent) {
    set_failed(Error(Errc::Malformed, std::string(detail::kTakesNothing)));
    return false;
  }
  unsent_.add(bytes);
  return true;
}

void OpenSslEngine::on_idle_message() {
  if (secured_ && ++idle_messages_ > detail::kMaxIdleMessages)
    set_failed(Error(Errc::Malformed, std::string(detail::kFloods)));
}

/// Each certificate that was found good, from the root to the server's, whose name was looked at
/// before.
int OpenSslEngine::verify(int is_good, X509_STORE_CTX* found) noexcept {
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

OpenSslEngine::OpenSslEngine(Ssl ssl, std::string server_name, CertificateCheck check)
    : ssl_(std::move(ssl)), server_name_(std::move(server_name)), check_(std::move(check)) {
  detail::TlsBio<OpenSslEngine>::attach(ssl_.get(), *this);
  SSL_set_app_data(ssl_.get(), this);
  if (check_) SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, verify);
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
