#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace wasmcloud::http {

/// A server on loopback that says exactly what a test wrote for it, well-formed or not. It serves
/// one connection after the other on a thread of its own; every wait ends after 10 s.
class ScriptedServer {
 public:
  /// One accepted connection.
  class Peer {
   public:
    explicit Peer(int socket) : socket_(socket) {}
    /// For who speaks another protocol on it.
    int socket() const { return socket_; }
    /// Up to and with `mark`; what there is if the end comes first.
    std::string receive_until(std::string_view mark);
    /// Takes `size` bytes, or what there is if the end comes first, and forgets them.
    void skip(size_t size);
    void send(std::string_view bytes);
    /// True once the client has closed its side; reads on until then.
    bool is_closed();
    /// Lets the client find a reset.
    void reset();

   private:
    int socket_;
    std::string pending_;
  };
  /// `index` counts connections from 0. The connection is closed when it returns.
  using Script = std::function<void(Peer& peer, int index)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  uint16_t port() const { return port_; }
  /// "127.0.0.1:PORT"
  std::string authority() const;

 private:
  void serve();

  Script script_;
  int listener_;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace wasmcloud::http
