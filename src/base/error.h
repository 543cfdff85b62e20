#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace wasmcloud {

/// What a caller may branch on. The message is for a person.
enum class Errc : uint8_t {
  Malformed,    ///< bytes or text that do not follow their grammar
  Invalid,      ///< well-formed, but against a rule
  Unsupported,  ///< right, but not something this build or configuration does
  NotFound,     ///< a file, name, import or export that is not there
  Exists,       ///< something is there already
  Usage,        ///< wrong flags or arguments
  Trap,         ///< a guest broke a rule or gave up; its instance is over
  Limit,        ///< a named limit was reached
  Timeout,      ///< a deadline passed
  Cancelled,    ///< the caller asked for it
  Denied,       ///< policy or permissions say no
  Io,           ///< the operating system or a device failed
  Closed,       ///< the peer ended the connection or stream
  Refused,      ///< a peer said no
  Exit,         ///< a guest ended its process on purpose; the embedder reads the status
  Internal,     ///< a state that should not occur but must not end the host
};

/// The code's name, as in the enumeration.
std::string_view name_of(Errc code);

/// A failure with a cause that a correct program may meet. One pointer wide; never empty unless
/// moved from.
class [[nodiscard]] Error {
 public:
  Error(Errc code, std::string message);
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;
  ~Error() = default;

  Errc code() const { return payload_->code; }
  /// What was wrong, where, and what would be right; one line unless several errors were collected.
  const std::string& message() const { return payload_->message; }
  /// Text for the log only, such as a guest's backtrace; empty if there is none. Never shown to
  /// clients.
  const std::string& detail() const { return payload_->detail; }
  /// A number that belongs to the code: the errno of `Io`, the status of `Exit`, EAGAIN of a
  /// `Limit` that may have room again later.
  int number() const { return payload_->number; }

  /// The same error with what the caller was doing in front: "reading x: no such file".
  Error within(std::string_view doing) &&;
  Error with_detail(std::string text) &&;
  Error with_number(int number) &&;
  Error copy() const;

 private:
  struct Payload {
    Errc code;
    int number = 0;
    std::string message;
    std::string detail;
  };
  std::unique_ptr<Payload> payload_;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

template <class... Args>
std::unexpected<Error> fail(Errc code, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error(code, fmt::vformat(format, fmt::make_format_args(args...))));
}

/// An error that tells what the last system call said: "opening x: Permission denied".
std::unexpected<Error> fail_errno(int number, std::string_view doing);

}  // namespace wasmcloud

// The name differs at each use, so that uses may nest without a shadowing warning.
#define WASH_TRY_NAME_(a, b) a##b
#define WASH_TRY_NAME(a, b) WASH_TRY_NAME_(a, b)
#define WASH_TRY(leave, name, ...)                        \
  ({                                                      \
    auto&& name = (__VA_ARGS__);                          \
    if (!name) [[unlikely]]                               \
      leave ::std::unexpected(::std::move(name).error()); \
    *::std::move(name);                                   \
  })

/// Yields the value of a Result, or returns its error from the enclosing function.
#define TRY(...) WASH_TRY(return, WASH_TRY_NAME(try_result_, __COUNTER__), __VA_ARGS__)
/// TRY for coroutines; the expression may hold a co_await.
#define CO_TRY(...) WASH_TRY(co_return, WASH_TRY_NAME(try_result_, __COUNTER__), __VA_ARGS__)
