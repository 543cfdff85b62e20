#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ssl_st;
struct ssl_session_st;

namespace wasmcloud::http {

/// A TLS client on loopback by OpenSSL itself, which blocks its thread; for tests. It checks no
/// certificate. Every wait ends after 10 s.
class RawTlsClient {
 public:
  struct Options {
    std::vector<std::string> protocols = {};  ///< by ALPN
    std::string certificate = {};             ///< PEM files
    std::string key = {};
    int version = 0;  ///< TLS1_2_VERSION, say; 0: the best
    int receive_buffer = 0;
    ssl_session_st* resume = nullptr;
  };

  explicit RawTlsClient(uint16_t port) : RawTlsClient(port, Options()) {}
  RawTlsClient(uint16_t port, const Options& options);
  ~RawTlsClient();
  RawTlsClient(const RawTlsClient&) = delete;
  RawTlsClient& operator=(const RawTlsClient&) = delete;

  /// Whether the handshake succeeded; a server may refuse a certificate later.
  bool is_open() const { return open_; }
  /// The alert that the server sent, or 0.
  int alert() const { return alert_; }
  std::string protocol() const;
  ssl_st* ssl() const { return ssl_; }
  int socket() const { return socket_; }

  bool send(std::string_view bytes);
  std::string receive_until(std::string_view mark);
  std::string receive(size_t size);
  /// Everything until the server ends.
  std::string rest();
  /// The server said that it ends (close_notify).
  bool was_told() const { return told_; }
  /// Says so in turn.
  void say_end();
  /// Ends the connection without a word.
  void close();

 private:
  bool fill();
  void note_error();

  int socket_ = -1;
  ssl_st* ssl_ = nullptr;
  bool open_ = false;
  bool told_ = false;
  int alert_ = 0;
  std::string pending_;
};

}  // namespace wasmcloud::http
