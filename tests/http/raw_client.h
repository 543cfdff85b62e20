#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::http {

/// A connected socket whose every wait ends after 10 s, or -1 and a failure of the test.
/// `receive_buffer` 0: as the system has it.
int connect_to_loopback(uint16_t port, int receive_buffer = 0);

/// A plain client on loopback that blocks its thread, for tests. Every wait ends after 10 s, which
/// is then seen as what it waited for not being there.
class RawClient {
 public:
  explicit RawClient(uint16_t port, int receive_buffer = 0);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False if the server closed the connection.
  bool send(std::string_view bytes);
  /// What is there after at least one byte came; empty at the end.
  std::string receive();
  /// Up to and with `mark`; what there is if the end comes first.
  std::string receive_until(std::string_view mark);
  /// A whole response: its head, and its body without chunk framing behind an empty line.
  std::string response(bool to_head = false);
  /// Everything until the server closes.
  std::string rest();
  /// The server closed, and sent nothing more before.
  bool is_closed() { return rest().empty(); }
  /// The server has reset the connection.
  bool was_reset() const { return reset_; }
  void shutdown_write();
  void close();

 private:
  bool fill();
  std::string take(size_t size);

  int socket_ = -1;
  bool reset_ = false;
  std::string pending_;
};

}  // namespace wasmcloud::http
