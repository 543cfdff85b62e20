#pragma once

#include "base/loop.h"
#include "base/readiness.h"
#include "base/ref.h"
#include "bindings/wasi/http_0_3/types.h"
#include "component/stream.h"
#include "http/body.h"
#include "wasi/http/fields.h"

#include <expected>
#include <memory>
#include <optional>
#include <variant>

namespace wasmcloud::wasi {
class Context;
}

namespace wasmcloud::wasi::http::v0_3 {

namespace wit = wasmcloud::wit::wasi::http_0_3;

/// How a body was sent, or was received.
using Outcome = std::expected<void, wit::types::ErrorCode>;
using Trailers =
    std::expected<std::optional<std::unique_ptr<wit::types::Fields>>, wit::types::ErrorCode>;

/// The writable end of a future that a guest waits for: it gets an answer in any case.
template <class T>
class Answer {
 public:
  explicit Answer(component::FutureWriter<T> writer) : writer_(std::move(writer)) {}
  Answer(Answer&&) noexcept = default;
  Answer& operator=(Answer&&) noexcept = default;
  ~Answer();
  void write(T value);
  bool is_peer_gone() const { return writer_.is_peer_gone(); }

 private:
  component::FutureWriter<T> writer_;
};

// What instantiates them must know how their values cross the boundary.
extern template class Answer<Outcome>;
extern template class Answer<Trailers>;

/// A body that a guest made: it reads or writes the other end of these.
struct MadeBody {
  std::optional<component::StreamReader<uint8_t>> contents;  ///< none: it is empty
  component::FutureReader<Trailers> trailers;
  Answer<Outcome> sent;
};

/// A message that came over the network, for as long as its connection knows it.
///
/// Thread: the loop's.
class ReceivedMessage final : public Counted {
 public:
  /// `tasks` feed the guests that read it. `owner` keeps the reader alive, where that is not the
  /// caller.
  ReceivedMessage(Context& context, wasmcloud::http::BodyReader& reader, TaskGroup& tasks,
                  Ref<Counted> owner = nullptr)
      : context_(context), tasks_(tasks), reader_(&reader), owner_(std::move(owner)) {}

  Context& context() const { return context_; }
  /// Null once the connection has let go of it.
  wasmcloud::http::BodyReader* reader() const { return reader_; }
  TaskGroup& tasks() const { return tasks_; }
  /// The connection is about to be gone.
  void let_go();

  /// Where it has its fields from, until then.
  void set_fields(const wasmcloud::http::Headers& fields) { given_fields_ = &fields; }
  /// What a guest may see of them, copied when it asks; for who is counted it is there at any time.
  const Ref<FieldMap>& fields();
  void count_fields_wanted() { ++fields_wanted_; }
  void count_fields_given_up() { --fields_wanted_; }

 private:
  Context& context_;
  TaskGroup& tasks_;
  wasmcloud::http::BodyReader* reader_;
  Ref<Counted> owner_;
  const wasmcloud::http::Headers* given_fields_ = nullptr;
  Ref<FieldMap> fields_;
  uint32_t fields_wanted_ = 0;
};

/// Whether a request that was written has reached its server, which its response shows.
///
/// Thread: the loop's.
class Delivery final : public Counted {
 public:
  void tell(Outcome outcome);
  bool is_told() const { return outcome_.has_value(); }
  Task<Outcome> outcome(Loop& loop) const;

 private:
  std::optional<Outcome> outcome_;
  mutable Signal told_;
};

using Body = std::variant<MadeBody, Ref<ReceivedMessage>>;

/// What "consume-body" gives: the contents, and how they end.
std::tuple<component::StreamReader<uint8_t>, component::FutureReader<Trailers>> consume(
    Context& context, Body body, component::FutureReader<Outcome> handled);

/// A body on its way to the network.
///
/// Thread: the loop's.
class Transmission final : private component::DirectCopy {
 public:
  explicit Transmission(wasmcloud::http::BodyWriter& to);

  /// From here on, as long as this lives, a guest's bytes are sent as it writes them. To be called
  /// once, also beneath the guest that gives the body.
  void begin(Body body);
  /// Sends the rest, and tells the guest that made the body how that went: with `delivery`, not
  /// before that is known. Errors: why it did not get there; the message is then cut off.
  Task<void> finish(const Delivery* delivery = nullptr);

 private:
  bool move() noexcept override;
  Result<void> end_made(Result<Trailers> read);

  wasmcloud::http::BodyWriter& to_;
  std::optional<Body> body_;
  wasmcloud::Signal::Listener of_sink_;
  Result<void> sent_;  ///< as far as its contents have got
};

/// Both at once.
Task<void> transmit(Body body, wasmcloud::http::BodyWriter& to, const Delivery* delivery = nullptr);

}  // namespace wasmcloud::wasi::http::v0_3
