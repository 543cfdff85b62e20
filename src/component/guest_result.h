#pragma once

#include <expected>
#include <type_traits>
#include <utility>

namespace wasmcloud::component {

/// What `guest_error` gives: becomes the error of any guest-visible result that can hold it.
template <class E>
struct GuestError {
  E value;
  template <class T, class G>
    requires std::is_constructible_v<G, E>
  operator std::expected<T, G>() && {  // NOLINT(google-explicit-constructor): for return statements
    return std::expected<T, G>(std::unexpect, std::move(value));
  }
};

/// An error that the guest sees, in a function that returns `Result<std::expected<T, E>>` or a
/// `Task` of it: `return guest_error(StreamError::closed());`. An error that is a trap is a `fail`.
template <class E>
GuestError<std::decay_t<E>> guest_error(E&& error) {
  return {std::forward<E>(error)};
}

/// What `ok` gives.
struct GuestOk {
  template <class E>
  operator std::expected<void, E>() const {  // NOLINT(google-explicit-constructor): as above
    return {};
  }
};

/// Success without a value, for the guest: `return ok();`
inline GuestOk ok() { return {}; }

}  // namespace wasmcloud::component
