#include "wasi/sockets/descriptor.h"

#include "wasi/sockets/network.h"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace wasmcloud::wasi::sockets {

namespace asio = boost::asio;

/// What the loop's pending waits hold on to. It is apart from the descriptor so that a wait does
/// not keep a socket open that its owners have dropped.
class Descriptor::Watch final : public Counted {
 public:
  Watch(Descriptor& owner, int fd) : owner_(&owner), stream_(owner.loop().executor(), fd) {}

  void arm(Direction direction) {
    bool& armed = armed_[static_cast<size_t>(direction)];
    if (std::exchange(armed, true)) return;
    const auto wait = direction == Direction::Read ? asio::posix::descriptor_base::wait_read
                                                   : asio::posix::descriptor_base::wait_write;
    stream_.async_wait(wait, [self = Ref<Watch>(this), direction](boost::system::error_code) {
      self->armed_[static_cast<size_t>(direction)] = false;
      if (self->owner_ != nullptr) {
        self->owner_->signals_[static_cast<size_t>(direction)].notify();
      }
    });
  }

  void close() {
    owner_ = nullptr;
    boost::system::error_code ignored;
    stream_.close(ignored);  // NOLINT(bugprone-unused-return-value): the descriptor is gone anyway
  }

 private:
  Descriptor* owner_;
  asio::posix::basic_stream_descriptor<Executor> stream_;
  std::array<bool, 2> armed_{};
};

Answer<Ref<Descriptor>> Descriptor::open(const Network& network, Family family, int type) {
  Share share(network.sockets);
  if (!share.resize(1)) return refuse(ErrorCode::NewSocketLimit);
  const int domain = family == Family::V4 ? AF_INET : AF_INET6;
  const int fd = ::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return refuse(from_errno(errno));
  auto descriptor = make_ref<Descriptor>(network.loop, fd);
  descriptor->hold(std::move(share));
  if (family == Family::V6) {
    if (auto set = descriptor->set_option(IPPROTO_IPV6, IPV6_V6ONLY, 1); !set) {
      return refuse(set.error());
    }
  }
  return descriptor;
}

Descriptor::Descriptor(Loop& loop, int fd) : loop_(loop), fd_(fd) {}

Descriptor::~Descriptor() {
  if (watch_) {
    watch_->close();
  } else {
    ::close(fd_);
  }
}

bool Descriptor::is_ready(Direction direction) {
  pollfd question{
      .fd = fd_,
      .events = static_cast<short>(direction == Direction::Read ? POLLIN | POLLRDHUP : POLLOUT),
      .revents = 0};
  if (::poll(&question, 1, 0) > 0) return true;
  // A wait that was answered for another listener is over, so it is asked for again here.
  if (signals_[static_cast<size_t>(direction)].has_listeners()) arm(direction);
  return false;
}

void Descriptor::listen(Direction direction, Signal::Listener& listener) {
  listener.listen(signals_[static_cast<size_t>(direction)]);
  arm(direction);
}

void Descriptor::notify() {
  for (Signal& signal : signals_) signal.notify();
}

void Descriptor::arm(Direction direction) {
  if (!watch_) watch_ = make_ref<Watch>(*this, fd_);
  watch_->arm(direction);
}

Answer<> Descriptor::set_option(int level, int name, int value) {
  if (::setsockopt(fd_, level, name, &value, sizeof(value)) == 0) return {};
  return refuse(from_errno(errno));
}

Answer<int> Descriptor::option(int level, int name) const {
  int value = 0;
  socklen_t size = sizeof(value);
  if (::getsockopt(fd_, level, name, &value, &size) == 0) return value;
  return refuse(from_errno(errno));
}

Answer<Endpoint> Descriptor::local() const {
  SystemAddress address;
  if (::getsockname(fd_, address.get(), &address.size) != 0) return refuse(from_errno(errno));
  const auto endpoint = from_system(address);
  if (!endpoint) return refuse(ErrorCode::Unknown);
  return *endpoint;
}

Answer<Endpoint> Descriptor::remote() const {
  SystemAddress address;
  if (::getpeername(fd_, address.get(), &address.size) != 0) return refuse(from_errno(errno));
  const auto endpoint = from_system(address);
  if (!endpoint) return refuse(ErrorCode::Unknown);
  return *endpoint;
}

}  // namespace wasmcloud::wasi::sockets
