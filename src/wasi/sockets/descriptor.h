#pragma once

#include "base/connection_quota.h"
#include "wasi/budget.h"
#include "wasi/io/waitable.h"
#include "wasi/sockets/address.h"
#include "wasi/sockets/error_code.h"

namespace wasmcloud::wasi::sockets {

struct Network;

/// A non-blocking socket of the system, closed when the last owner is gone, and what waits for it.
///
/// Thread: the loop's.
class Descriptor final : public Counted {
 public:
  enum class Direction : uint8_t { Read, Write };

  /// Errors: NewSocketLimit, or as the system says. IPv6 sockets never carry IPv4.
  static Answer<Ref<Descriptor>> open(const Network& network, Family family, int type);
  Descriptor(Loop& loop, int fd);
  ~Descriptor() override;

  /// Counted until the descriptor is closed.
  void hold(Share share) { share_ = std::move(share); }
  /// The same for its connection.
  void hold(ConnectionSlot slot) { slot_ = std::move(slot); }
  int fd() const { return fd_; }
  Loop& loop() const { return loop_; }
  /// Asks the kernel; errors and the end count as ready. If it is not and somebody listens, the
  /// loop is asked to tell.
  bool is_ready(Direction direction);
  /// Told when the socket may have become ready.
  void listen(Direction direction, Signal::Listener& listener);
  /// Tells all who listen to look again, because the state of what owns this changed.
  void notify();

  Answer<> set_option(int level, int name, int value);
  Answer<int> option(int level, int name) const;
  Answer<Endpoint> local() const;
  Answer<Endpoint> remote() const;

 private:
  class Watch;
  void arm(Direction direction);

  Loop& loop_;
  int fd_;
  Share share_;
  ConnectionSlot slot_;
  std::array<Signal, 2> signals_;
  Ref<Watch> watch_;  ///< made when first waited for
};

}  // namespace wasmcloud::wasi::sockets
