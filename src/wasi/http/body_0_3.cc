#include "wasi/http/body_0_3.h"

#include "base/readiness.h"
#include "bindings/wasi/http_0_3/types.abi.h"
#include "component/abi/async_types.h"
#include "component/abi/compound.h"
#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_3.h"

#include <algorithm>
#include <cstring>

namespace wasmcloud::wasi::http::v0_3 {

using component::FutureReader;
using component::StreamReader;
using component::StreamWriter;
using wasmcloud::http::BodyReader;
using wasmcloud::http::BodyState;
using wasmcloud::http::BodyWriter;
using wit::types::ErrorCode;

namespace {

/// What of a received body is taken at once.
constexpr size_t kPiece = size_t{64} << 10;

/// A received body on its way to where a guest reads it.
class Feeding final : public component::DirectCopy {
 public:
  Feeding(BodyReader& body, StreamWriter<uint8_t>& to)
      : DirectCopy(body.loop()), body_(body), to_(to), of_body_(changed) {}

  bool move() noexcept override {
    while (true) {
      const std::span<std::byte> room = to_.room();
      if (room.empty()) {
        if (to_.is_peer_gone()) return true;
        break;
      }
      const Bytes bytes = body_.try_read(room.size());
      if (bytes.empty()) {
        // Not before the guest wants bytes: to listen to a body is to ask for more of it.
        if (body_.state() == BodyState::Open) of_body_.listen(body_.changed());
        break;
      }
      std::memcpy(room.data(), bytes.data(), bytes.size());
      to_.commit(bytes.size());
    }
    return body_.state() != BodyState::Open;
  }

 private:
  BodyReader& body_;
  StreamWriter<uint8_t>& to_;
  Signal::Listener of_body_;
};

/// Puts a received body where a guest reads it. Errors: why it is not whole.
Task<void> feed(BodyReader& body, StreamWriter<uint8_t> to) {
  Feeding feeding(body, to);
  CO_TRY(co_await to.run(feeding));
  if (body.state() == BodyState::Failed) co_return fail(body.error());
  co_return Result<void>();
}

/// The rest of a body whose contents nobody reads, up to its trailers.
Task<void> skip(BodyReader& body) {
  while (body.state() == BodyState::Open) {
    if (body.try_read(kPiece).empty()) CO_TRY(co_await body.wait_readable());
  }
  if (body.state() == BodyState::Failed) co_return fail(body.error());
  co_return Result<void>();
}

Task<void> feed_and_tell(Ref<ReceivedMessage> message, StreamWriter<uint8_t> contents,
                         Answer<Trailers> ending) {
  BodyReader& body = *message->reader();
  Result<void> fed = co_await feed(body, std::move(contents));
  if (fed && !ending.is_peer_gone()) fed = co_await skip(body);
  if (!fed) {
    ending.write(std::unexpected(error_code_of(fed.error())));
    co_return Result<void>();
  }
  Trailers trailers;
  if (body.state() == BodyState::Ended && !body.trailers().empty()) {
    trailers->emplace(make_fields(
        FieldMap::received(body.trailers(), message->context().http_budget()), Mode::Immutable));
  }
  ending.write(std::move(trailers));
  co_return Result<void>();
}

/// What the guest that consumed a made body says of it, to the guest that made it.
Task<void> pass_on(FutureReader<Outcome> handled, Answer<Outcome> sent) {
  auto outcome = co_await handled.read();
  if (!outcome && outcome.error().code() == Errc::Cancelled) {
    co_return fail(std::move(outcome).error());
  }
  sent.write(outcome ? std::move(*outcome) : Outcome());
  co_return Result<void>();
}

/// Waits until `to` takes something, or will take nothing more. Errors: why.
Task<void> wait_for_room(BodyWriter& to) {
  if (!to.is_writable()) CO_TRY(co_await to.wait_writable());
  if (to.state() != BodyState::Open) co_return fail(to.error());
  co_return Result<void>();
}

Task<void> send_received(const ReceivedMessage& message, BodyWriter& to) {
  if (message.reader() == nullptr) {
    co_return fail(Errc::Closed, "the message that is sent on is gone");
  }
  BodyReader& body = *message.reader();
  while (body.state() == BodyState::Open || body.available() > 0) {
    CO_TRY(co_await wait_for_room(to));
    Bytes bytes = body.try_read(std::min(kPiece, to.capacity()));
    if (bytes.empty()) {
      if (body.state() == BodyState::Open) CO_TRY(co_await body.wait_readable());
    } else {
      CO_TRY(to.write_owned(std::move(bytes)));
    }
  }
  if (body.state() == BodyState::Failed) co_return fail(body.error());
  co_return to.finish(body.trailers().empty() ? nullptr : &body.trailers());
}

}  // namespace

template <class T>
Answer<T>::~Answer() {
  if (writer_) write(std::unexpected(ErrorCode::connection_terminated()));
}

template <class T>
void Answer<T>::write(T value) {
  std::exchange(writer_, {}).write(std::move(value));
}

template class Answer<Outcome>;
template class Answer<Trailers>;

std::tuple<StreamReader<uint8_t>, FutureReader<Trailers>> consume(Context& context, Body body,
                                                                  FutureReader<Outcome> handled) {
  Loop& loop = context.loop();
  if (auto* const made = std::get_if<MadeBody>(&body)) {
    context.tasks().spawn(pass_on(std::move(handled), std::move(made->sent)));
    if (made->contents) return {std::move(*made->contents), std::move(made->trailers)};
    return {std::move(component::make_stream<uint8_t>(loop).second), std::move(made->trailers)};
  }
  auto& message = std::get<Ref<ReceivedMessage>>(body);
  auto [writer, reader] = component::make_stream<uint8_t>(loop);
  auto [ending, ended] = component::make_future<Trailers>(loop);
  if (message->reader() == nullptr) {
    ending.write(std::unexpected(ErrorCode::connection_terminated()));
  } else {
    message->tasks().spawn(
        feed_and_tell(message, std::move(writer), Answer<Trailers>(std::move(ending))));
  }
  return {std::move(reader), std::move(ended)};
}

void ReceivedMessage::let_go() {
  reader_ = nullptr;
  if (fields_wanted_ != 0) static_cast<void>(fields());
  given_fields_ = nullptr;
}

const Ref<FieldMap>& ReceivedMessage::fields() {
  if (!fields_ && given_fields_ != nullptr) {
    fields_ = FieldMap::received(*given_fields_, context_.http_budget());
  }
  return fields_;
}

void Delivery::tell(Outcome outcome) {
  outcome_.emplace(std::move(outcome));
  told_.notify();
}

Task<Outcome> Delivery::outcome(Loop& loop) const {
  if (!outcome_) {
    Event told(loop);
    Signal::Listener listener(told);
    listener.listen(told_);
    CO_TRY(co_await told.wait());
  }
  co_return *outcome_;
}

// --- sending

Transmission::Transmission(BodyWriter& to) : DirectCopy(to.loop()), to_(to), of_sink_(changed) {}

void Transmission::begin(Body body) {
  body_.emplace(std::move(body));
  MadeBody* const made = std::get_if<MadeBody>(&*body_);
  if (made == nullptr) return;
  // Not the trailers: those of a guest that traps before its turn has ended must not be there.
  if (made->contents) made->contents->begin(*this);
}

bool Transmission::move() noexcept {
  StreamReader<uint8_t>& contents = *std::get<MadeBody>(*body_).contents;
  while (sent_) {
    const auto bytes = contents.peek();
    if (bytes.empty()) {
      of_sink_.leave();
      return contents.is_peer_gone();
    }
    if (to_.state() != BodyState::Open) {
      sent_ = fail(to_.error());
      break;
    }
    const size_t now = std::min(bytes.size(), to_.capacity());
    if (now == 0) {
      of_sink_.listen(to_.changed());
      return false;
    }
    sent_ = to_.write(bytes.first(now));
    if (sent_) contents.consume(now);
  }
  return true;
}

Result<void> Transmission::end_made(Result<Trailers> read) {
  const Trailers trailers = TRY(std::move(read));
  if (!trailers) {
    return fail(Errc::Refused, "the guest gave its body up: {}", name_of(trailers.error()));
  }
  return to_.finish(*trailers ? &FieldsHandle::of(***trailers).map()->headers() : nullptr);
}

Task<void> Transmission::finish(const Delivery* delivery) {
  Result<void> sent;
  if (auto* const made = std::get_if<MadeBody>(&*body_)) {
    if (made->contents && !move()) sent = co_await made->contents->run(*this);
    made->contents.reset();
    if (sent) sent = std::move(sent_);
    if (sent) {
      auto trailers = made->trailers.try_read();
      if (!trailers) trailers.emplace(co_await made->trailers.read());
      sent = end_made(std::move(*trailers));
    }
    Outcome outcome;
    if (!sent) {
      outcome = std::unexpected(error_code_of(sent.error()));
    } else if (delivery != nullptr) {
      outcome = CO_TRY(co_await delivery->outcome(to_.loop()));
    }
    made->sent.write(std::move(outcome));
  } else {
    sent = co_await send_received(*std::get<Ref<ReceivedMessage>>(*body_), to_);
  }
  if (!sent) to_.abort();
  co_return sent;
}

Task<void> transmit(Body body, BodyWriter& to, const Delivery* delivery) {
  Transmission transmission(to);
  transmission.begin(std::move(body));
  co_return co_await transmission.finish(delivery);
}

}  // namespace wasmcloud::wasi::http::v0_3
