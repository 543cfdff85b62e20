#include "http/raw_tls_client.h"

#include "base/check.h"
#include "http/raw_client.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace wasmcloud::http {

RawTlsClient::RawTlsClient(uint16_t port, const Options& options)
    : socket_(connect_to_loopback(port, options.receive_buffer)) {
  // OpenSSL writes by write(2); that the server has closed is to be an error, not the end of the
  // test.
  ::signal(SIGPIPE, SIG_IGN);
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  if (!options.certificate.empty()) {
    CHECK(SSL_CTX_use_certificate_chain_file(context, options.certificate.c_str()) == 1);
    CHECK(SSL_CTX_use_PrivateKey_file(context, options.key.c_str(), SSL_FILETYPE_PEM) == 1);
  }
  if (options.version != 0) {
    SSL_CTX_set_min_proto_version(context, options.version);
    SSL_CTX_set_max_proto_version(context, options.version);
    // Else OpenSSL itself refuses what is older than 1.2.
    SSL_CTX_set_security_level(context, 0);
  }
  ssl_ = SSL_new(context);
  SSL_CTX_free(context);
  std::string wire;
  for (const std::string& each : options.protocols) wire += static_cast<char>(each.size()) + each;
  if (!wire.empty()) {
    SSL_set_alpn_protos(ssl_, reinterpret_cast<const unsigned char*>(wire.data()),
                        static_cast<unsigned>(wire.size()));
  }
  if (options.resume != nullptr) SSL_set_session(ssl_, options.resume);
  SSL_set_fd(ssl_, socket_);
  ERR_clear_error();
  open_ = SSL_connect(ssl_) == 1;
  if (!open_) note_error();
}

RawTlsClient::~RawTlsClient() {
  SSL_free(ssl_);
  close();
}

void RawTlsClient::note_error() {
  const int reason = ERR_GET_REASON(ERR_peek_error());
  if (reason >= SSL_AD_REASON_OFFSET) alert_ = reason - SSL_AD_REASON_OFFSET;
  ERR_clear_error();
}

std::string RawTlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_, &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool RawTlsClient::send(std::string_view bytes) {
  if (bytes.empty()) return true;
  ERR_clear_error();
  if (SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) > 0) return true;
  note_error();
  return false;
}

bool RawTlsClient::fill() {
  std::array<char, 64 * 1024> buffer;
  ERR_clear_error();
  const int size = SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()));
  if (size > 0) {
    pending_.append(buffer.data(), static_cast<size_t>(size));
    return true;
  }
  told_ = SSL_get_error(ssl_, size) == SSL_ERROR_ZERO_RETURN;
  if (!told_) note_error();
  return false;
}

std::string RawTlsClient::receive_until(std::string_view mark) {
  size_t at = 0;
  while ((at = pending_.find(mark)) == std::string::npos) {
    if (!fill()) return std::exchange(pending_, {});
  }
  std::string taken = pending_.substr(0, at + mark.size());
  pending_.erase(0, taken.size());
  return taken;
}

std::string RawTlsClient::receive(size_t size) {
  while (pending_.size() < size && fill()) {
  }
  std::string taken = pending_.substr(0, size);
  pending_.erase(0, taken.size());
  return taken;
}

std::string RawTlsClient::rest() {
  while (fill()) {
  }
  return std::exchange(pending_, {});
}

void RawTlsClient::say_end() { SSL_shutdown(ssl_); }

void RawTlsClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

}  // namespace wasmcloud::http
