#include "wasi/http/body_0_3.h"

#include "base/readiness.h"
#include "bindings/wasi/http_0_3/types.abi.h"
#include "component/abi/async_types.h"
#include "component/abi/compound.h"
#include "wasi/context.h"
#include "wasi/http/error_code.h"
#include "wasi/http/handles_0_3.h"

#include <algorithm>

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

/// Waits until `body` has something, or nobody reads `to` any more.
Task<void> wait_for_either(BodyReader& body, StreamWriter<uint8_t>& to) {
  if (body.is_readable() || to.is_peer_gone()) co_return Result<void>();
  Event changed(body.loop());
  Signal::Listener of_body(changed);
  Signal::Listener of_reader(changed);
  of_body.listen(body.changed());
  of_reader.listen(to.changed());
  while (!body.is_readable() && !to.is_peer_gone()) {
    CO_TRY(co_await changed.wait());
    changed.reset();
  }
  co_return Result<void>();
}

/// Puts a received body where a guest reads it. Errors: why it is not whole.
Task<void> feed(BodyReader& body, StreamWriter<uint8_t> to) {
  while (CO_TRY(co_await to.writable())) {
    const std::span<std::byte> room = to.room();
    const Bytes bytes = body.try_read(std::min(room.size(), kPiece));
    if (!bytes.empty()) {
      std::ranges::copy(bytes.span(), room.begin());
      to.commit(bytes.size());
    } else if (body.state() == BodyState::Ended) {
      break;
    } else if (body.state() == BodyState::Failed) {
      co_return fail(body.error());
    } else {
      CO_TRY(co_await wait_for_either(body, to));
    }
  }
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

Task<void> send_contents(StreamReader<uint8_t>& contents, BodyWriter& to) {
  while (CO_TRY(co_await contents.readable())) {
    CO_TRY(co_await wait_for_room(to));
    const auto bytes = contents.peek();
    const auto now = bytes.first(std::min(bytes.size(), to.capacity()));
    CO_TRY(to.write(now));
    contents.consume(now.size());
  }
  co_return Result<void>();
}

Task<void> send_made(MadeBody& body, BodyWriter& to) {
  if (body.contents) {
    Result<void> sent = co_await send_contents(*body.contents, to);
    body.contents->close();
    CO_TRY(std::move(sent));
  }
  Trailers trailers = CO_TRY(co_await body.trailers.read());
  if (!trailers) {
    co_return fail(Errc::Refused, "the guest gave its body up: {}", name_of(trailers.error()));
  }
  if (!*trailers) co_return to.finish();
  co_return to.finish(&FieldsHandle::of(***trailers).map()->headers());
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

Task<void> transmit(Body body, BodyWriter& to, const Delivery* delivery) {
  Result<void> sent;
  if (auto* const made = std::get_if<MadeBody>(&body)) {
    sent = co_await send_made(*made, to);
    Outcome outcome;
    if (!sent) {
      outcome = std::unexpected(error_code_of(sent.error()));
    } else if (delivery != nullptr) {
      outcome = CO_TRY(co_await delivery->outcome(to.loop()));
    }
    made->sent.write(std::move(outcome));
  } else {
    sent = co_await send_received(*std::get<Ref<ReceivedMessage>>(body), to);
  }
  if (!sent) to.abort();
  co_return sent;
}

}  // namespace wasmcloud::wasi::http::v0_3
