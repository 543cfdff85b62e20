#pragma once

#include "wasi/io/waitable.h"
#include "wasi/sockets/error_code.h"
#include "wasi/sockets/network.h"

#include <vector>

namespace wasmcloud::wasi::sockets {

/// The addresses of one name, found on the blocking pool. Also the waitable of its pollables.
///
/// Thread: the loop's.
class NameLookup final : public io::Waitable {
 public:
  /// `name` is an address or a host name in UTF-8, which is made ASCII by IDNA 2008.
  /// Errors: InvalidArgument for what is neither; AccessDenied where the policy says
  /// no; TemporaryResolverFailure if the instance has too many under way.
  static Answer<Ref<NameLookup>> start(const Network& network, std::string_view name);

  /// The addresses, once `is_ready`. Errors: NameUnresolvable and others.
  const Answer<std::vector<Ip>>& addresses() const { return *result_; }
  /// The next address, or nothing at the end. Errors: WouldBlock before there is an answer;
  /// NameUnresolvable, TemporaryResolverFailure, PermanentResolverFailure.
  Answer<std::optional<Ip>> next();
  bool is_ready() override { return result_.has_value(); }

 private:
  template <class T, class... Args>
  friend Ref<T> wasmcloud::make_ref(Args&&...);
  NameLookup() = default;
  static Task<void> resolve(Loop* loop, Ref<NameLookup> self, std::string name, Share share);

  std::optional<Answer<std::vector<Ip>>> result_;
  size_t next_ = 0;
};

/// A host name in ASCII, or InvalidArgument.
Answer<std::string> to_ascii_name(std::string_view name);

}  // namespace wasmcloud::wasi::sockets
