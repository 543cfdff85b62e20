#include "wasi/sockets/sockets_fixture.h"

#include <functional>

namespace wasmcloud::wasi::sockets {
namespace {

class Tcp : public SocketsTest {};

struct Call {
  const char* name;
  std::function<Answer<>(TcpSocket&)> run;
};

template <class T>
Answer<> only_error(Answer<T> answer) {
  if (!answer) return refuse(answer.error());
  return {};
}

const Endpoint kSomewhere{.ip = kLoopback, .port = 9};

const Call kBind{"start-bind", [](TcpSocket& s) { return s.start_bind({.ip = kLoopback}); }};
const Call kFinishBind{"finish-bind", [](TcpSocket& s) { return s.finish_bind(); }};
const Call kConnect{"start-connect", [](TcpSocket& s) { return s.start_connect(kSomewhere); }};
const Call kFinishConnect{"finish-connect",
                          [](TcpSocket& s) { return only_error(s.finish_connect()); }};
const Call kListen{"start-listen", [](TcpSocket& s) { return s.start_listen(); }};
const Call kFinishListen{"finish-listen", [](TcpSocket& s) { return s.finish_listen(); }};
const Call kAccept{"accept", [](TcpSocket& s) { return only_error(s.accept()); }};
const Call kShutdown{"shutdown", [](TcpSocket& s) { return s.shutdown(Shutdown::Both); }};
const Call kLocal{"local-address", [](TcpSocket& s) { return only_error(s.local_address()); }};
const Call kRemote{"remote-address", [](TcpSocket& s) { return only_error(s.remote_address()); }};
const Call kBacklog{"set-listen-backlog-size", [](TcpSocket& s) { return s.set_backlog(5); }};
const Call kHops{"hop-limit", [](TcpSocket& s) { return only_error(s.hop_limit()); }};

TEST_F(Tcp, EachCallInEachStateIsAnsweredAsTheInterfaceSays) {
  constexpr auto kState = ErrorCode::InvalidState;
  constexpr auto kNot = ErrorCode::NotInProgress;
  constexpr auto kConflict = ErrorCode::ConcurrencyConflict;
  struct Row {
    const char* state;
    std::function<Ref<TcpSocket>()> make;
    std::vector<std::pair<Call, ErrorCode>> refused;
  };
  const std::vector<Row> rows{
      {"unbound",
       [&] { return tcp(); },
       {{kFinishBind, kNot},
        {kFinishConnect, kNot},
        {kListen, kState},
        {kFinishListen, kNot},
        {kAccept, kState},
        {kShutdown, kState},
        {kLocal, kState},
        {kRemote, kState}}},
      {"bind in progress",
       [&] {
         auto socket = tcp();
         EXPECT_TRUE(socket->start_bind({.ip = kLoopback}));
         return socket;
       },
       {{kBind, kConflict},
        {kConnect, kConflict},
        {kListen, kConflict},
        {kFinishConnect, kNot},
        {kFinishListen, kNot},
        {kAccept, kState},
        {kLocal, kState}}},
      {"bound",
       [&] { return bound_tcp(); },
       {{kBind, kState},
        {kFinishBind, kNot},
        {kFinishConnect, kNot},
        {kFinishListen, kNot},
        {kAccept, kState},
        {kShutdown, kState},
        {kRemote, kState}}},
      {"listen in progress",
       [&] {
         auto socket = bound_tcp();
         EXPECT_TRUE(socket->start_listen());
         return socket;
       },
       {{kBind, kConflict},
        {kConnect, kConflict},
        {kListen, kConflict},
        {kAccept, kState},
        {kRemote, kState}}},
      {"listening",
       [&] { return listener(); },
       {{kBind, kState},
        {kConnect, kState},
        {kListen, kState},
        {kFinishListen, kNot},
        {kFinishConnect, kNot},
        {kAccept, ErrorCode::WouldBlock},
        {kShutdown, kState},
        {kRemote, kState}}},
      {"connect in progress",
       [&] {
         auto socket = tcp();
         EXPECT_TRUE(socket->start_connect(*listener()->local_address()));
         return socket;
       },
       {{kBind, kConflict},
        {kConnect, kConflict},
        {kListen, kConflict},
        {kFinishListen, kNot},
        {kAccept, kState},
        {kBacklog, kState},
        {kRemote, kState}}},
      {"connected",
       [&] { return connect().client; },
       {{kBind, kState},
        {kConnect, kState},
        {kListen, kState},
        {kFinishConnect, kNot},
        {kAccept, kState},
        {kBacklog, kState}}},
      {"closed",
       [&] {
         auto socket = tcp();
         const auto gone = *listener()->local_address();
         EXPECT_TRUE(socket->start_connect(gone));
         wait(*socket);
         EXPECT_EQ(socket->finish_connect().error(), ErrorCode::ConnectionRefused);
         return socket;
       },
       {{kBind, kState},
        {kConnect, kState},
        {kListen, kState},
        {kFinishConnect, kNot},
        {kAccept, kState},
        {kLocal, kState},
        {kRemote, kState},
        {kBacklog, kState},
        {kHops, kState}}},
  };
  for (const Row& row : rows) {
    for (const auto& [call, code] : row.refused) {
      const auto answer = call.run(*row.make());
      ASSERT_FALSE(answer) << call.name << " when " << row.state;
      EXPECT_EQ(answer.error(), code) << call.name << " when " << row.state;
    }
  }
}

TEST_F(Tcp, AddressesThatNoSocketTakes) {
  const auto ip = [](const char* text) { return *Ip::parse(text); };
  struct Row {
    Family family;
    const char* address;
    uint16_t port;
    ErrorCode bind;
    ErrorCode connect;
  };
  constexpr auto kBad = ErrorCode::InvalidArgument;
  const std::vector<Row> rows{
      {Family::V4, "::1", 80, kBad, kBad},
      {Family::V6, "127.0.0.1", 80, kBad, kBad},
      {Family::V6, "::ffff:127.0.0.1", 80, kBad, kBad},
      {Family::V4, "224.0.0.1", 80, kBad, kBad},
      {Family::V4, "255.255.255.255", 80, kBad, kBad},
      {Family::V6, "ff02::1", 80, kBad, kBad},
      {Family::V4, "10.1.2.3", 80, ErrorCode::AccessDenied, ErrorCode::AccessDenied},
  };
  for (const Row& row : rows) {
    const Endpoint endpoint{.ip = ip(row.address), .port = row.port};
    EXPECT_EQ(tcp(row.family)->start_bind(endpoint).error(), row.bind) << row.address;
    EXPECT_EQ(tcp(row.family)->start_connect(endpoint).error(), row.connect) << row.address;
  }
  EXPECT_EQ(tcp()->start_connect({.ip = kLoopback, .port = 0}).error(), kBad);
  EXPECT_EQ(tcp()->start_connect({.ip = Ip::v4(0, 0, 0, 0), .port = 9}).error(), kBad);
  EXPECT_EQ(tcp()->start_bind({.ip = Ip::v4(192, 0, 2, 1)}).error(), ErrorCode::AddressNotBindable);
}

TEST_F(Tcp, AFailedBindMayBeTriedAgain) {
  const auto taken = listener();
  const auto socket = tcp();
  EXPECT_EQ(socket->start_bind(*taken->local_address()).error(), ErrorCode::AddressInUse);
  EXPECT_TRUE(socket->start_bind({.ip = kLoopback}));
  EXPECT_TRUE(socket->finish_bind());
  EXPECT_NE(socket->local_address()->port, 0);
}

TEST_F(Tcp, CarriesBytesBothWaysAndTheEndOfEach) {
  Pair pair = connect();
  EXPECT_EQ(*pair.client->local_address(), *pair.server->remote_address());
  EXPECT_EQ(*pair.client->remote_address(), *pair.server->local_address());
  EXPECT_TRUE(pair.far.input->read(10).value().empty());
  ASSERT_GT(pair.near.output->check_write().value(), 0U);
  ASSERT_TRUE(pair.near.output->write(Bytes::copy_of("ping")));
  wait(*pair.far.input);
  EXPECT_EQ(pair.far.input->read(2).value().text(), "pi");
  EXPECT_EQ(pair.far.input->read(9).value().text(), "ng");
  ASSERT_TRUE(pair.client->shutdown(Shutdown::Send));
  EXPECT_EQ(pair.near.output->check_write().error().code(), Errc::Closed);
  EXPECT_EQ(read_all(*pair.far.input), "");
  ASSERT_TRUE(pair.far.output->write(Bytes::copy_of("pong")));
  ASSERT_TRUE(pair.server->shutdown(Shutdown::Send));
  EXPECT_EQ(read_all(*pair.near.input), "pong");
  EXPECT_TRUE(pair.near.input->is_ready());
}

TEST_F(Tcp, AShutDownInputIsAtItsEnd) {
  Pair pair = connect();
  ASSERT_TRUE(pair.client->shutdown(Shutdown::Receive));
  EXPECT_EQ(pair.near.input->read(1).error().code(), Errc::Closed);
  EXPECT_TRUE(pair.near.input->is_ready());
  EXPECT_TRUE(pair.near.output->check_write());
}

TEST_F(Tcp, APeerThatDoesNotReadHoldsTheWriterBack) {
  Pair pair = connect();
  size_t written = 0;
  const std::string piece(65536, 'x');
  while (pair.near.output->check_write().value() > 0) {
    ASSERT_TRUE(pair.near.output->write(Bytes::copy_of(piece)));
    written += piece.size();
    ASSERT_LT(written, size_t{64} << 20);
  }
  // What was taken arrives, also after the stream and socket are gone.
  ASSERT_TRUE(pair.client->shutdown(Shutdown::Send));
  pair.near.output->dropped();
  pair.near = {};
  pair.client = nullptr;
  EXPECT_EQ(read_all(*pair.far.input).size(), written);
}

TEST_F(Tcp, RoomIsToldWhenThePeerReads) {
  Pair pair = connect();
  const std::string piece(65536, 'x');
  size_t written = 0;
  while (pair.near.output->check_write().value() > 0) {
    ASSERT_TRUE(pair.near.output->write(Bytes::copy_of(piece)));
    written += piece.size();
  }
  EXPECT_FALSE(pair.near.output->is_ready());
  size_t got = 0;
  tasks.spawn(
      [](Loop* on, Ref<TcpSource> source, size_t all, size_t* count) -> Task<void> {
        while (*count < all) {
          *count += CO_TRY(co_await io::blocking_read(*on, *source, 65536)).size();
        }
        co_return Result<void>();
      },
      &loop, pair.far.input, written, &got);
  wait(*pair.near.output);
  EXPECT_GT(pair.near.output->check_write().value(), 0U);
  ASSERT_TRUE(run_to_end(loop, tasks.finish()));
  EXPECT_EQ(got, written);
}

TEST_F(Tcp, AResetFailsOnceAndIsTheNetworksError) {
  Pair pair = connect();
  ASSERT_TRUE(pair.near.output->write(Bytes::copy_of("unread")));
  wait(*pair.far.input);
  pair.far = {};
  pair.server = nullptr;  // closed with unread bytes: the kernel resets the connection
  wait(*pair.near.input);
  const auto got = pair.near.input->read(1);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code(), Errc::Io);
  EXPECT_EQ(from_errno(got.error().number()), ErrorCode::ConnectionReset);
  EXPECT_EQ(pair.near.input->origin(), io::Origin::Sockets);
  EXPECT_EQ(pair.near.input->read(1).error().code(), Errc::Closed);
}

TEST_F(Tcp, OptionsTakeWhatTheInterfaceAllows) {
  const auto socket = tcp();
  EXPECT_FALSE(socket->keep_alive().value());
  EXPECT_TRUE(socket->set_keep_alive(true));
  EXPECT_TRUE(socket->keep_alive().value());
  EXPECT_TRUE(socket->set_keep_alive_idle(1));  // rounded up to a second
  EXPECT_EQ(socket->keep_alive_idle(), 1'000'000'000U);
  EXPECT_TRUE(socket->set_keep_alive_interval(~uint64_t{0}));
  EXPECT_EQ(socket->keep_alive_interval(), 32'767'000'000'000U);
  EXPECT_TRUE(socket->set_keep_alive_count(~0U));
  EXPECT_EQ(socket->keep_alive_count(), 127U);
  EXPECT_TRUE(socket->set_hop_limit(42));
  EXPECT_EQ(socket->hop_limit(), 42);
  EXPECT_TRUE(socket->set_receive_buffer_size(65536));
  EXPECT_EQ(socket->receive_buffer_size(), 65536U);
  EXPECT_TRUE(socket->set_send_buffer_size(~uint64_t{0}));
  EXPECT_LE(socket->send_buffer_size().value(), kMaxTcpBuffer);
  EXPECT_TRUE(socket->set_backlog(~uint64_t{0}));
  constexpr auto kBad = ErrorCode::InvalidArgument;
  EXPECT_EQ(socket->set_keep_alive_idle(0).error(), kBad);
  EXPECT_EQ(socket->set_keep_alive_interval(0).error(), kBad);
  EXPECT_EQ(socket->set_keep_alive_count(0).error(), kBad);
  EXPECT_EQ(socket->set_hop_limit(0).error(), kBad);
  EXPECT_EQ(socket->set_receive_buffer_size(0).error(), kBad);
  EXPECT_EQ(socket->set_send_buffer_size(0).error(), kBad);
  EXPECT_EQ(socket->set_backlog(0).error(), kBad);
  EXPECT_EQ(tcp(Family::V6)->set_hop_limit(7), Answer<>());
}

TEST_F(Tcp, AcceptedSocketsInheritOptions) {
  const auto listening = bound_tcp();
  EXPECT_TRUE(listening->set_keep_alive(true));
  EXPECT_TRUE(listening->set_keep_alive_idle(7'000'000'000));
  EXPECT_TRUE(listening->set_hop_limit(42));
  EXPECT_TRUE(listening->start_listen());
  EXPECT_TRUE(listening->finish_listen());
  const auto client = tcp();
  EXPECT_TRUE(client->start_connect(*listening->local_address()));
  wait(*listening);
  const auto accepted = listening->accept().value().first;
  EXPECT_TRUE(accepted->keep_alive().value());
  EXPECT_EQ(accepted->keep_alive_idle(), 7'000'000'000U);
  EXPECT_EQ(accepted->hop_limit(), 42);
}

TEST_F(Tcp, TheLimitOfSocketsCountsAcceptedOnesAndIsGivenBack) {
  std::vector<Ref<TcpSocket>> held;
  const auto listening = listener();
  for (int i = 0; i < 7; ++i) held.push_back(tcp());
  EXPECT_EQ(TcpSocket::create(network, Family::V4).error(), ErrorCode::NewSocketLimit);
  EXPECT_EQ(UdpSocket::create(network, Family::V4).error(), ErrorCode::NewSocketLimit);
  ASSERT_TRUE(held[0]->start_connect(*listening->local_address()));
  wait(*listening);
  EXPECT_EQ(listening->accept().error(), ErrorCode::NewSocketLimit);
  held.pop_back();
  EXPECT_TRUE(listening->accept());
}

TEST_F(Tcp, WithoutRulesThereAreNoSockets) {
  rules = {};
  EXPECT_EQ(TcpSocket::create(network, Family::V4).error(), ErrorCode::AccessDenied);
  EXPECT_EQ(UdpSocket::create(network, Family::V4).error(), ErrorCode::AccessDenied);
}

TEST_F(Tcp, WhoMayOnlyConnectBindsButDoesNotListen) {
  rules = policy({}, {"127.0.0.1"});
  EXPECT_EQ(bound_tcp()->start_listen().error(), ErrorCode::AccessDenied);
  EXPECT_EQ(tcp()->start_bind({.ip = kLoopback, .port = 7777}).error(), ErrorCode::AccessDenied);
}

}  // namespace
}  // namespace wasmcloud::wasi::sockets
