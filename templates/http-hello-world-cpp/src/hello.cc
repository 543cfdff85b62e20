// An HTTP service: `GET /` is greeted, anything else is not found.
#include "hello_cpp.h"
#include "service.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace {

namespace types = ::wasi::http::types;

std::span<const uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

void send(types::ResponseOutparam&& out, const Answer& answer) {
  types::OutgoingResponse response{types::Fields{}};
  (void)response.SetStatusCode(answer.status);
  auto body = response.Body();
  if (!body) return;
  types::ResponseOutparam::Set(std::move(out), std::move(response));
  if (auto stream = body->Write()) {
    // One call takes at most 4096 bytes. An error means that the client went away.
    for (std::string_view rest = answer.text; !rest.empty();
         rest.remove_prefix(std::min<size_t>(rest.size(), 4096))) {
      if (!stream->BlockingWriteAndFlush(bytes(rest.substr(0, 4096)))) break;
    }
    // The stream goes before its body does.
  }
  (void)types::OutgoingBody::Finish(std::move(*body), {});
}

}  // namespace

namespace exports::wasi::http::incoming_handler {

void Handle(types::IncomingRequest&& request, types::ResponseOutparam&& out) {
  const auto target = request.PathWithQuery();
  const std::string_view path = target ? target->get_view() : "/";
  send(std::move(out), answer(path.substr(0, path.find('?'))));
}

}  // namespace exports::wasi::http::incoming_handler
