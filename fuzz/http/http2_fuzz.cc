// An HTTP/2 client may send what it likes: the session ends, its handlers end with it, and what it
// was sent is whole frames.
//
// The first byte's bits: 1, no preface in front; 2, the rest is the stream as it is, else a list of
// frames: type, flags, stream, size, payload; 4, the server's writes are taken in pieces; 8, what
// is received comes in pieces; 16, a drain begins half-way; 32, the client ends instead of just
// leaving.
#include "base/check.h"
#include "fuzz/support/harness.h"
#include "http/detail/h2/server_session.h"
#include "http/memory_transport.h"

#include <cstdint>

using namespace wasmcloud;
using namespace wasmcloud::http;
using http::detail::Worker;
using http::detail::h2::ServerSession;

namespace {

/// Answers with the request's body and trailers, or early, or not at all.
class Echo final : public Handler {
 public:
  Task<void> handle(Request& request, ResponseWriter& response) override {
    const std::string path = request.head.path_with_query;
    if (path == "/none") co_return Result<void>();
    if (path == "/early")
      co_return response.respond({}, Bytes::from_static("a response that waits for nothing"));
    CO_TRY(response.send_head({.status = 200, .headers = request.head.headers}));
    while (auto bytes = CO_TRY(co_await request.body().read(100))) {
      CO_TRY(co_await response.body().write_all(*bytes));
    }
    co_return response.body().finish(&request.body().trailers());
  }
};

std::string stream_of(const uint8_t* data, size_t size, uint8_t mode) {
  constexpr std::string_view kSettings("\0\0\0\4\0\0\0\0\0", 9);
  std::string out;
  if ((mode & 1) == 0) out = fmt::format("{}{}", http::detail::h2::kPreface, kSettings);
  if ((mode & 2) != 0) return out.append(reinterpret_cast<const char*>(data), size);
  while (size >= 4) {
    const size_t payload = std::min<size_t>(data[3], size - 4);
    const char head[] = {0,
                         0,
                         static_cast<char>(payload),
                         static_cast<char>(data[0] % 12),
                         static_cast<char>(data[1]),
                         0,
                         0,
                         0,
                         static_cast<char>(data[2] % 32)};
    out.append(head, sizeof(head));
    out.append(reinterpret_cast<const char*>(data) + 4, payload);
    data += 4 + payload;
    size -= 4 + payload;
  }
  return out;
}

void check_frames(std::string_view sent) {
  while (sent.size() >= 9) {
    const auto at = [&](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(sent[i])); };
    const size_t size = at(0) << 16 | at(1) << 8 | at(2);
    CHECK(size <= size_t{16} * 1024);
    if (sent.size() < 9 + size) return;
    sent.remove_prefix(9 + size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 64 * 1024) return 0;
  const uint8_t mode = data[0];
  fuzz::Dice dice(mode);
  const std::string stream = stream_of(data + 1, size - 1, mode);

  Loop loop;
  Echo echo;
  ServerOptions options;
  options.max_header_bytes = 2000;
  options.max_header_fields = 16;
  options.max_body_bytes = 5000;
  options.max_concurrent_streams = 4;
  options.read_window_bytes = 1000;
  options.write_window_bytes = 1000;
  options.connection_window_bytes = 3000;
  Worker worker(loop, echo, options);
  worker.count_connection();
  auto made = std::make_unique<MemoryTransport>(loop);
  MemoryTransport& transport = *made;
  if ((mode & 4) != 0) transport.appetite = [&] { return size_t{dice.roll(60)}; };
  Ref<ServerSession> session = make_ref<ServerSession>(worker, std::move(made));

  // Everything that is ready runs between two pieces.
  const auto settle = [&loop] { fuzz::settle(loop); };
  bool drained = false;
  loop.post([&] { session->start(ByteBuffer(), 0, 0); });
  settle();
  std::string_view left = stream;
  while (!left.empty() && transport.is_reading()) {
    const size_t piece = (mode & 8) != 0 ? 1 + dice.roll(40) : left.size();
    loop.post([&] { left.remove_prefix(transport.deliver(left.substr(0, piece))); });
    settle();
    if ((mode & 16) != 0 && !drained && left.size() < stream.size() / 2) {
      drained = true;
      loop.post([&] { worker.begin_drain(nullptr); });
      settle();
    }
  }
  loop.post([&] {
    if ((mode & 32) != 0 && transport.is_reading()) {
      transport.deliver({});
    } else {
      session->cut_off();
    }
  });
  loop.run_until([&] { return worker.connections() == 0 && worker.active() == 0; });
  check_frames(transport.sent);
  settle();
  session = nullptr;
  settle();
  return 0;
}
