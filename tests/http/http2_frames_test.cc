// HTTP/2 frame by frame: what a peer may send and what it may not. The rows follow the cases of
// h2spec, by section of RFC 9113 and RFC 7541; then floods.
#include "http/test_server.h"

#include <map>
#include <ostream>

namespace wasmcloud::http {
namespace {

using namespace std::string_literals;

enum Type : uint8_t {
  Data,
  Head,
  Priority,
  Rst,
  Settings,
  Push,
  Ping,
  Goaway,
  Window,
  Continuation
};
constexpr uint8_t kEnd = 1;
constexpr uint8_t kAck = 1;
constexpr uint8_t kHeaders = 4;
constexpr uint8_t kPadded = 8;
constexpr uint8_t kPriority = 0x20;

std::string number(uint32_t value, int bytes = 4) {
  std::string text;
  while (bytes-- > 0) text += static_cast<char>(value >> (8 * bytes));
  return text;
}
std::string frame(uint8_t type, uint8_t flags, uint32_t stream, const std::string& payload = "") {
  return number(static_cast<uint32_t>(payload.size()), 3) + static_cast<char>(type) +
         static_cast<char>(flags) + number(stream) + payload;
}
/// A literal field without indexing (RFC 7541, section 6.2.2); short ones only.
std::string field(const std::string& name, const std::string& value) {
  return "\0"s + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) + value;
}
std::string setting(uint16_t id, uint32_t value) { return number(id, 2) + number(value); }
std::string repeat(const std::string& text, int times) {
  std::string all;
  while (times-- > 0) all += text;
  return all;
}

const std::string kMagic = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// :method GET, :scheme http, :path /, :authority a
const std::string kGetFields = "\x82\x86\x84\x41\x01"s + "a";
const std::string kPostFields = "\x83\x86\x84\x41\x01"s + "a";
std::string get(uint32_t stream = 1, const std::string& more = "") {
  return frame(Head, kHeaders | kEnd, stream, kGetFields + more);
}
std::string post(uint32_t stream = 1, const std::string& more = "") {
  return frame(Head, kHeaders, stream, kPostFields + more);
}

struct Frame {
  uint8_t type;
  uint8_t flags;
  uint32_t stream;
  std::string payload;
};

class FrameClient {
 public:
  explicit FrameClient(uint16_t port) : client_(port) {}
  RawClient& raw() { return client_; }
  void open() { client_.send(kMagic + frame(Settings, 0, 0)); }

  std::optional<Frame> next() {
    while (true) {
      const auto at = [&](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(in_[i])); };
      if (in_.size() >= 9) {
        const size_t size = at(0) << 16 | at(1) << 8 | at(2);
        if (in_.size() >= 9 + size) {
          Frame made{.type = static_cast<uint8_t>(at(3)),
                     .flags = static_cast<uint8_t>(at(4)),
                     .stream = at(5) << 24 | at(6) << 16 | at(7) << 8 | at(8),
                     .payload = in_.substr(9, size)};
          in_.erase(0, 9 + size);
          return made;
        }
      }
      const std::string more = client_.receive();
      if (more.empty()) return std::nullopt;
      in_ += more;
    }
  }

  /// The first thing that says how the server took it.
  std::string verdict() {
    while (auto got = next()) {
      const auto code = [&](size_t at) { return static_cast<int>(got->payload[at + 3]); };
      if (got->type == Goaway) return fmt::format("goaway {}", code(4));
      if (got->type == Rst) return fmt::format("reset {}", code(0));
      if (got->type == Ping && (got->flags & kAck) != 0) return "pong";
      if (got->type == Head && got->stream % 2 == 1) {
        // Indexed statuses of the static table (RFC 7541, appendix A); others are literals.
        const auto first = static_cast<uint8_t>(got->payload[0]);
        if (first == 0x88) return "200";
        if (first == 0x8c) return "400";
        return "other status";
      }
    }
    return "closed";
  }

 private:
  RawClient client_;
  std::string in_;
};

struct Row {
  std::string name;
  std::string sent;
  std::string verdict;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const std::string kProtocol = "goaway 1";
const std::string kFlow = "goaway 3";
const std::string kClosed = "goaway 5";
const std::string kSize = "goaway 6";
const std::string kCompression = "goaway 9";
const std::string kCalm = "goaway 11";
const std::string kPing = frame(Ping, 0, 0, "12345678");

std::vector<Row> rows() {
  return {
      // Generic, section 2 to 4.
      {"Get", get(), "200"},
      {"GetPadded", frame(Head, kHeaders | kEnd | kPadded, 1, "\3"s + kGetFields + "\0\0\0"s),
       "200"},
      {"GetWithPriority", frame(Head, kHeaders | kEnd | kPriority, 1, "\0\0\0\0\1"s + kGetFields),
       "200"},
      {"GetInTwoFrames",
       frame(Head, kEnd, 1, kGetFields.substr(0, 2)) +
           frame(Continuation, kHeaders, 1, kGetFields.substr(2)),
       "200"},
      {"PostWithData", post() + frame(Data, kEnd, 1, "test"), "200"},
      {"PostWithPaddedData", post() + frame(Data, kEnd | kPadded, 1, "\2test\0\0"s), "200"},
      {"PostWithTrailers",
       post() + frame(Data, 0, 1, "x") + frame(Head, kEnd | kHeaders, 1, field("a", "b")), "200"},
      {"UnknownFrame", frame(0xff, 0, 0, "whatever") + kPing, "pong"},
      {"UnknownFlag", frame(Ping, 0x16, 0, "12345678"), "pong"},
      {"ReservedBitOfAStream", frame(Ping, 0, 0x80000000, "12345678"), "pong"},
      {"FrameTooLarge", post() + frame(Data, 0, 1, std::string(16385, 'x')), kSize},
      {"HeadTooLarge", frame(Head, kHeaders | kEnd, 1, std::string(16385, 'x')), kSize},
      {"BrokenHeaderBlock", frame(Head, kHeaders | kEnd, 1, "\x40"), kCompression},
      {"PriorityWithinAHead",
       frame(Head, kEnd, 1, kGetFields) + frame(Priority, 0, 1, "\0\0\0\0\1"s), kProtocol},
      {"OtherStreamWithinAHead", frame(Head, kEnd, 1, kGetFields) + get(3), kProtocol},
      {"UnknownFrameWithinAHead", frame(Head, kEnd, 1, kGetFields) + frame(0xff, 0, 0), kProtocol},
      // Section 5.1: states and numbers of streams.
      {"DataOnAnIdleStream", frame(Data, kEnd, 1, "x"), kProtocol},
      {"ResetOfAnIdleStream", frame(Rst, 0, 1, number(8)), kProtocol},
      {"WindowOfAnIdleStream", frame(Window, 0, 1, number(1)), kProtocol},
      {"ContinuationOfAnIdleStream", frame(Continuation, kHeaders, 1, kGetFields), kProtocol},
      {"EvenStream", get(2), kProtocol},
      // Section 5.1.1 asks for a connection error. nghttp2 takes such a stream for one that was
      // closed, since
      // trailers may cross with a reset of ours: it is passed over, and never reaches a handler.
      {"StreamWithALowerNumber", post(5) + get(3) + kPing, "pong"},
      {"DependsOnItself", frame(Priority, 0, 3, number(3) + "\1") + kPing, "pong"},
      // Section 6: each frame's form.
      {"DataOnStreamZero", frame(Data, 0, 0, "x"), kProtocol},
      {"DataPaddedBeyondItsEnd", post() + frame(Data, kPadded, 1, "\x09test"), kProtocol},
      {"HeadOnStreamZero", frame(Head, kHeaders | kEnd, 0, kGetFields), kProtocol},
      {"HeadPaddedBeyondItsEnd", frame(Head, kHeaders | kEnd | kPadded, 1, "\x3f" + kGetFields),
       kProtocol},
      {"PriorityOnStreamZero", frame(Priority, 0, 0, "\0\0\0\1\1"s), kProtocol},
      {"ResetOnStreamZero", frame(Rst, 0, 0, number(8)), kProtocol},
      {"ResetOfAWrongSize", post() + frame(Rst, 0, 1, "\0\0\0"s), kSize},
      {"SettingsAckWithAPayload", frame(Settings, kAck, 0, setting(1, 0)), kSize},
      {"SettingsOnAStream", frame(Settings, 0, 1, setting(3, 100)), kProtocol},
      {"SettingsOfAWrongSize", frame(Settings, 0, 0, "\0\3\0"s), kSize},
      {"SettingsPushNeitherZeroNorOne", frame(Settings, 0, 0, setting(2, 2)), kProtocol},
      {"SettingsWindowTooLarge", frame(Settings, 0, 0, setting(4, 0x80000000)), kFlow},
      {"SettingsFrameSizeTooSmall", frame(Settings, 0, 0, setting(5, 16383)), kProtocol},
      {"SettingsFrameSizeTooLarge", frame(Settings, 0, 0, setting(5, 16777216)), kProtocol},
      {"SettingsUnknown", frame(Settings, 0, 0, setting(0xff, 1)) + kPing, "pong"},
      {"PushPromiseOfAClient", frame(Push, kHeaders, 1, number(2) + kGetFields), kProtocol},
      {"Ping", kPing, "pong"},
      {"PingOnAStream", frame(Ping, 0, 1, "12345678"), kProtocol},
      {"PingOfAWrongSize", frame(Ping, 0, 0, "1234567"), kSize},
      {"GoawayOnAStream", frame(Goaway, 0, 1, number(0) + number(0)), kProtocol},
      {"WindowByZero", frame(Window, 0, 0, number(0)), kProtocol},
      {"WindowOfAWrongSize", frame(Window, 0, 0, "\0\0\1"s), kSize},
      {"WindowOverflows", frame(Window, 0, 0, number(0x7fffffff)), kFlow},
      {"ContinuationOnStreamZero",
       frame(Head, kEnd, 1, kGetFields) + frame(Continuation, kHeaders, 0), kProtocol},
      {"ContinuationAfterTheEndOfAHead", get() + frame(Continuation, kHeaders, 1, field("a", "b")),
       kProtocol},
      // Section 8: what a request looks like.
      {"UpperCaseName", get(1, field("X-A", "b")), "reset 1"},
      {"UnknownPseudoHeader", get(1, field(":x", "b")), "reset 1"},
      {"PseudoHeaderOfAResponse", get(1, field(":status", "200")), "reset 1"},
      {"PseudoHeaderInTrailers", post() + frame(Head, kEnd | kHeaders, 1, field(":method", "GET")),
       "reset 1"},
      {"PseudoHeaderBehindOthers",
       frame(Head, kHeaders | kEnd, 1, "\x82\x86"s + field("a", "b") + "\x84"), "reset 1"},
      {"Connection", get(1, field("connection", "close")), "reset 1"},
      {"KeepAlive", get(1, field("keep-alive", "1")), "reset 1"},
      {"ProxyConnection", get(1, field("proxy-connection", "close")), "reset 1"},
      {"TransferEncoding", get(1, field("transfer-encoding", "chunked")), "reset 1"},
      {"Upgrade", get(1, field("upgrade", "h2c")), "reset 1"},
      {"TeOtherThanTrailers", get(1, field("te", "gzip")), "reset 1"},
      {"TeTrailers", get(1, field("te", "trailers")), "200"},
      {"NoMethod", frame(Head, kHeaders | kEnd, 1, "\x86\x84\x41\x01"s + "a"), "reset 1"},
      {"NoScheme", frame(Head, kHeaders | kEnd, 1, "\x82\x84\x41\x01"s + "a"), "reset 1"},
      {"NoPath", frame(Head, kHeaders | kEnd, 1, "\x82\x86\x41\x01"s + "a"), "reset 1"},
      {"EmptyPath", frame(Head, kHeaders | kEnd, 1, "\x82\x86\x41\x01"s + "a" + field(":path", "")),
       "reset 1"},
      {"TwoMethods", frame(Head, kHeaders | kEnd, 1, "\x82" + kGetFields), "reset 1"},
      {"TwoPaths", frame(Head, kHeaders | kEnd, 1, "\x84" + kGetFields), "reset 1"},
      {"NoAuthority", frame(Head, kHeaders | kEnd, 1, "\x82\x86\x84"), "reset 1"},
      {"HostInstead", frame(Head, kHeaders | kEnd, 1, "\x82\x86\x84" + field("host", "a")), "200"},
      {"HostThatDiffers", get(1, field("host", "b")), "400"},
      {"LineFeedInAValue", get(1, field("x", "a\nb: c")), "reset 1"},
      {"NulInAValue", get(1, field("x", "a\0b"s)), "reset 1"},
      {"SpaceInAName", get(1, field("x y", "a")), "reset 1"},
      {"DataLongerThanDeclared", post(1, field("content-length", "1")) + frame(Data, kEnd, 1, "xx"),
       "reset 1"},
      {"DataShorterThanDeclared",
       post(1, field("content-length", "3")) + frame(Data, kEnd, 1, "xx"), "reset 1"},
      {"SecondHeadWithoutTheEnd", post() + frame(Head, kHeaders, 1, field("a", "b")), "reset 1"},
      // RFC 7541.
      {"IndexZero", frame(Head, kHeaders | kEnd, 1, "\x80"), kCompression},
      {"IndexBeyondTheTables", frame(Head, kHeaders | kEnd, 1, kGetFields + "\xfe"), kCompression},
      {"TableLargerThanAllowed", frame(Head, kHeaders | kEnd, 1, "\x3f\xff\xff\x0f" + kGetFields),
       kCompression},
      {"TableSizeBehindAField", frame(Head, kHeaders | kEnd, 1, kGetFields + "\x20"), kCompression},
      {"HuffmanPaddedTooLong", get(1, "\0\1a\x84\x49\x50\x9f\xff"s), kCompression},
      // Floods.
      {"FloodOfPings", repeat(kPing, 6000), kCalm},
      {"FloodOfSettings", repeat(frame(Settings, 0, 0), 6000), kCalm},
      {"FloodOfASetting", frame(Settings, 0, 0, repeat(setting(3, 1), 33)), kCalm},
      {"FloodOfWindows", repeat(frame(Window, 0, 0, number(1)), 6000), kCalm},
      {"FloodOfEmptyData", post() + repeat(frame(Data, 0, 1), 6000), kCalm},
      {"FloodOfPriorities", repeat(frame(Priority, 0, 1, "\0\0\0\0\1"s), 6000), kCalm},
      {"FloodOfContinuations",
       frame(Head, kEnd, 1, kGetFields) + repeat(frame(Continuation, 0, 1, field("a", "b")), 6000),
       kCalm},
  };
}

/// The request's body, all of it, before the answer.
Task<void> answer_at_the_end(Request& request, ResponseWriter& response) {
  CO_TRY(co_await request.body().read_all(1 << 20));
  co_return response.respond({}, Bytes::from_static("done"));
}

class FrameRow : public testing::TestWithParam<Row> {};

TEST_P(FrameRow, IsTakenAsItShould) {
  TestServer server(answer_at_the_end);
  FrameClient client(server.port());
  client.open();
  client.raw().send(GetParam().sent);
  std::string verdict = client.verdict();
  // A flood is answered until it is one.
  while (GetParam().name.starts_with("Flood") && verdict == "pong") verdict = client.verdict();
  EXPECT_EQ(verdict, GetParam().verdict);
  // Whatever one client does, the next is served.
  FrameClient other(server.port());
  other.open();
  other.raw().send(get());
  EXPECT_EQ(other.verdict(), "200");
}

INSTANTIATE_TEST_SUITE_P(Http2, FrameRow, testing::ValuesIn(rows()),
                         [](const auto& row) { return row.param.name; });

TEST(Http2Frames, RefusesAWrongPreface) {
  TestServer server(hello);
  FrameClient client(server.port());
  client.raw().send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
  EXPECT_TRUE(client.raw().rest().starts_with("HTTP/1.1 "));
}

TEST(Http2Frames, ReadsAPrefaceInPieces) {
  TestServer server(hello);
  FrameClient client(server.port());
  for (const char c : kMagic + frame(Settings, 0, 0) + get()) client.raw().send({&c, 1});
  EXPECT_EQ(client.verdict(), "200");
}

TEST(Http2Frames, RefusesAnUpgradeFromHttp1ByAnsweringInHttp1) {
  TestServer server(hello);
  RawClient client(server.port());
  client.send(
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
      "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
  EXPECT_TRUE(client.response().starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(Http2Frames, SendsWhatWasWrittenBeforeItCutsAResponseOff) {
  TestServer server([](Request&, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({}));
    CO_TRY(response.body().write(Bytes::from_static("part")));
    CO_TRY(co_await response.body().flush());
    response.body().abort();
    co_return Result<void>();
  });
  FrameClient client(server.port());
  client.open();
  client.raw().send(get());
  std::string body;
  while (auto got = client.next()) {
    if (got->type == Data) body += got->payload;
    if (got->type != Rst) continue;
    EXPECT_EQ(got->payload, number(2));
    break;
  }
  EXPECT_EQ(body, "part");
}

TEST(Http2Frames, AnswersAnewWhereAResponseWasGivenUpBeforeItLeft) {
  TestServer server([](Request& request, ResponseWriter& response) -> Task<void> {
    CO_TRY(response.send_head({.status = 200, .headers = {}}));
    CO_TRY(response.body().write(Bytes::from_static("part")));
    response.body().abort();
    EXPECT_FALSE(response.is_head_sent());
    EXPECT_EQ(response.body().write(Bytes::from_static("more")).error().code(), Errc::Cancelled);
    if (request.head.method.kind() == Method::Kind::Get) {
      // As a handler does that waits for the end of what it called.
      for (int i = 0; i < 3; ++i) CO_TRY(co_await sleep_for(request.body().loop(), {}));
      co_return response.respond({.status = 404, .headers = {}}, Bytes::from_static("other"));
    }
    // Answered meanwhile.
    CO_TRY(co_await sleep_for(request.body().loop(), std::chrono::hours(1)));
    co_return Result<void>();
  });
  FrameClient client(server.port());
  client.open();
  client.raw().send(get(1) + post(3));
  std::map<uint32_t, std::string> bodies;
  std::map<uint32_t, uint8_t> statuses;
  int ended = 0;
  while (ended < 2) {
    const auto got = client.next();
    ASSERT_TRUE(got);
    ASSERT_NE(got->type, Rst);
    if (got->type == Head) statuses[got->stream] = static_cast<uint8_t>(got->payload[0]);
    if (got->type == Data) bodies[got->stream] += got->payload;
    if (got->type <= Head && (got->flags & kEnd) != 0) ++ended;
  }
  // Indexed 404 and 500 of the static table.
  EXPECT_EQ(statuses, (std::map<uint32_t, uint8_t>{{1, 0x8d}, {3, 0x8e}}));
  EXPECT_EQ(bodies,
            (std::map<uint32_t, std::string>{{1, "other"}, {3, "Internal Server Error\n"}}));
}

TEST(Http2Frames, KeepsToTheWindowOfTheClient) {
  TestServer server(hello);
  FrameClient client(server.port());
  client.raw().send(kMagic + frame(Settings, 0, 0, setting(4, 2)) + get());
  std::string body;
  while (auto got = client.next()) {
    if (got->type != Data) continue;
    EXPECT_LE(got->payload.size(), 2U);
    body += got->payload;
    if ((got->flags & kEnd) != 0) break;
    client.raw().send(frame(Window, 0, 1, number(2)));
  }
  EXPECT_EQ(body, "hello");
}

TEST(Http2Frames, GivesUpOnAWindowThatStaysShut) {
  TestServer server(hello, {.write_timeout = std::chrono::milliseconds(50)});
  FrameClient client(server.port());
  client.raw().send(kMagic + frame(Settings, 0, 0, setting(4, 0)) + get());
  EXPECT_EQ(client.verdict(), "200");
  EXPECT_EQ(client.verdict(), "reset 8");
}

TEST(Http2Frames, OpensTheWindowOnlyAsTheBodyIsRead) {
  TestServer server([](Request& request, ResponseWriter&) -> Task<void> {
    // Reads nothing, until the client is gone.
    co_return co_await sleep_for(request.body().loop(), std::chrono::seconds(60));
  });
  FrameClient client(server.port());
  client.open();
  client.raw().send(post() + repeat(frame(Data, 0, 1, std::string(16384, 'x')), 8) +
                    frame(Data, 0, 1, "x"));
  // One byte over the 128 KiB that no one has read.
  EXPECT_EQ(client.verdict(), "reset 3");
}

TEST(Http2Frames, RefusesResetsInQuickSuccession) {
  TestServer server(answer_at_the_end);
  FrameClient client(server.port());
  client.open();
  std::string flood;
  for (uint32_t stream = 1; stream < 4000; stream += 2) {
    flood += post(stream) + frame(Rst, 0, stream, number(8));
  }
  client.raw().send(flood);
  std::string verdict = client.verdict();
  while (verdict.starts_with("reset")) verdict = client.verdict();
  EXPECT_TRUE(verdict.starts_with("goaway") || verdict == "closed") << verdict;
  EXPECT_TRUE(TestServer::eventually([&] { return server.server().active_requests() == 0; }));
}

TEST(Http2Frames, RefusesMoreStreamsThanItOffers) {
  TestServer server(answer_at_the_end, {.max_concurrent_streams = 2});
  FrameClient client(server.port());
  client.open();
  client.raw().send(post(1) + post(3) + post(5));
  EXPECT_EQ(client.verdict(), "reset 7");
}

TEST(Http2Frames, RefusesAListThatUnpacksToMuch) {
  TestServer server(hello);
  FrameClient client(server.port());
  client.open();
  // 100 octets in the table, named again and again by one octet each.
  const std::string bomb = "\x40\1x\x64"s + std::string(100, 'y') + std::string(10'000, '\xbe');
  client.raw().send(get(1, bomb));
  EXPECT_EQ(client.verdict(), "other status");
  client.raw().send(kPing);
  EXPECT_EQ(client.verdict(), "pong");
}

TEST(Http2Frames, ClosesWhatStaysIdle) {
  TestServer server(hello, {.header_timeout = std::chrono::milliseconds(50),
                            .idle_timeout = std::chrono::milliseconds(50)});
  std::optional<FrameClient> silent;
  std::optional<FrameClient> unfinished;
  {
    const HeldLoop held(server);
    silent.emplace(server.port()).open();
    unfinished.emplace(server.port()).open();
    unfinished->raw().send(frame(Head, kEnd, 1, kGetFields));
  }
  EXPECT_EQ(silent->verdict(), "goaway 0");
  EXPECT_EQ(unfinished->verdict(), "goaway 0");
}

TEST(Http2Frames, DoesNotCountTheTimeThatItsLoopWasHeldUp) {
  constexpr auto kTimeout = std::chrono::milliseconds(50);
  TestServer server(hello, {.header_timeout = kTimeout});
  std::optional<FrameClient> other;
  std::optional<FrameClient> client;
  {
    const HeldLoop held(server);
    other.emplace(server.port()).open();
  }
  // The loop has looked at the time for that one.
  ASSERT_TRUE(other->next());
  {
    const HeldLoop held(server);
    std::this_thread::sleep_for(2 * kTimeout);
    client.emplace(server.port()).open();
  }
  ASSERT_TRUE(client->next());
}

TEST(Http2Frames, SkipsTheRestOfARequestThatWasAnsweredUpToALimit) {
  TestServer server(hello);
  FrameClient client(server.port());
  client.open();
  client.raw().send(post());
  EXPECT_EQ(client.verdict(), "200");
  const std::string data = frame(Data, 0, 1, std::string(16384, 'x'));
  for (int i = 0; i < 16; ++i) client.raw().send(data + kPing);
  for (int i = 0; i < 16; ++i) EXPECT_EQ(client.verdict(), "pong");
  client.raw().send(data);
  EXPECT_EQ(client.verdict(), "reset 0");
}

TEST(Http2Frames, AnswersABodyThatStaysAway) {
  TestServer server(answer_at_the_end, {.body_timeout = std::chrono::milliseconds(50)});
  FrameClient client(server.port());
  client.open();
  client.raw().send(post());
  EXPECT_EQ(client.verdict(), "other status");
}

}  // namespace
}  // namespace wasmcloud::http
