#include "wasi/sockets/sockets_fixture.h"

namespace wasmcloud::wasi::sockets {
namespace {

class Udp : public SocketsTest {
 protected:
  struct Streams {
    Ref<IncomingDatagrams> in;
    Ref<OutgoingDatagrams> out;
  };
  static Streams streams(const Ref<UdpSocket>& socket, std::optional<Endpoint> remote = {}) {
    const uint64_t generation = socket->associate(remote).value();
    return {.in = make_ref<IncomingDatagrams>(socket, generation),
            .out = make_ref<OutgoingDatagrams>(socket, generation)};
  }
  static Answer<uint64_t> send(OutgoingDatagrams& out, std::string_view text,
                               std::optional<Endpoint> remote = {}) {
    const auto permit = out.check_send();
    if (!permit) return permit;
    std::vector<OutgoingDatagrams::Item> items;
    items.push_back({.data = Bytes::copy_of(text), .remote = remote});
    return out.send(items).value();
  }
  std::string receive(IncomingDatagrams& in) {
    wait(in);
    const auto got = in.receive(1);
    return got && got->size() == 1 ? std::string((*got)[0].data.text()) : "nothing";
  }
};

TEST_F(Udp, StatesAndTheirErrors) {
  const auto socket = udp();
  EXPECT_EQ(socket->finish_bind().error(), ErrorCode::NotInProgress);
  EXPECT_EQ(socket->associate({}).error(), ErrorCode::InvalidState);
  EXPECT_EQ(socket->local_address().error(), ErrorCode::InvalidState);
  EXPECT_EQ(socket->remote_address().error(), ErrorCode::InvalidState);
  ASSERT_TRUE(socket->start_bind({.ip = kLoopback}));
  EXPECT_EQ(socket->start_bind({.ip = kLoopback}).error(), ErrorCode::ConcurrencyConflict);
  EXPECT_EQ(socket->local_address().error(), ErrorCode::InvalidState);
  ASSERT_TRUE(socket->finish_bind());
  EXPECT_EQ(socket->start_bind({.ip = kLoopback}).error(), ErrorCode::InvalidState);
  EXPECT_EQ(udp()->start_bind(*socket->local_address()).error(), ErrorCode::AddressInUse);
  EXPECT_EQ(udp(Family::V6)->start_bind({.ip = kLoopback}).error(), ErrorCode::InvalidArgument);
}

TEST_F(Udp, DatagramsKeepTheirBordersAndSenders) {
  const auto a = bound_udp();
  const auto b = bound_udp();
  const Streams from = streams(a);
  const Streams to = streams(b);
  EXPECT_TRUE(to.in->receive(5)->empty());
  EXPECT_EQ(send(*from.out, "one", *b->local_address()), 1U);
  EXPECT_EQ(send(*from.out, "", *b->local_address()), 1U);
  wait(*to.in);
  EXPECT_TRUE(to.in->receive(0)->empty());
  const auto got = to.in->receive(5).value();
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].data.text(), "one");
  EXPECT_EQ(got[0].remote, *a->local_address());
  EXPECT_EQ(got[1].data.size(), 0U);
}

TEST_F(Udp, AssociatedSocketsHearAndReachOnePeerAndOldStreamsStop) {
  const auto a = bound_udp();
  const auto b = bound_udp();
  const auto c = bound_udp();
  const Endpoint before = *a->local_address();
  const Streams open = streams(a);
  const Streams from_c = streams(c);
  EXPECT_EQ(send(*from_c.out, "early", before), 1U);
  const Streams only_b = streams(a, *b->local_address());
  EXPECT_EQ(*a->remote_address(), *b->local_address());
  EXPECT_EQ(open.in->receive(1).error(), ErrorCode::InvalidState);
  EXPECT_EQ(open.out->check_send().error(), ErrorCode::InvalidState);
  EXPECT_TRUE(open.in->is_ready());
  EXPECT_EQ(send(*only_b.out, "x", *c->local_address()).error(), ErrorCode::InvalidArgument);
  EXPECT_EQ(send(*only_b.out, "x", *b->local_address()), 1U);
  EXPECT_EQ(send(*only_b.out, "y"), 1U);
  const Streams from_b = streams(b);
  EXPECT_EQ(receive(*from_b.in), "x");
  EXPECT_EQ(send(*from_b.out, "back", before), 1U);
  wait(*only_b.in);
  const auto got = only_b.in->receive(9).value();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].data.text(), "back");
  // The port stays, though the system forgets one of its own choice with the peer.
  const Streams again = streams(a);
  EXPECT_EQ(*a->local_address(), before);
  EXPECT_EQ(a->remote_address().error(), ErrorCode::InvalidState);
  EXPECT_EQ(send(*from_c.out, "late", before), 1U);
  EXPECT_EQ(receive(*again.in), "late");
}

TEST_F(Udp, SendingIsPermittedFirst) {
  const auto socket = bound_udp();
  const Streams s = streams(socket);
  std::vector<OutgoingDatagrams::Item> items(1);
  EXPECT_EQ(s.out->send(items).error().code(), Errc::Trap);
  EXPECT_EQ(s.out->send({}).value(), 0U);
  ASSERT_EQ(s.out->check_send(), UdpSocket::kMaxDatagrams);
  items.resize(UdpSocket::kMaxDatagrams + 1);
  EXPECT_EQ(s.out->send(items).error().code(), Errc::Trap);
}

TEST_F(Udp, ErrorsOfSending) {
  const auto socket = bound_udp();
  const Streams s = streams(socket);
  const Endpoint self = *socket->local_address();
  EXPECT_EQ(send(*s.out, "x").error(), ErrorCode::InvalidArgument);
  EXPECT_EQ(send(*s.out, "x", Endpoint{.ip = kLoopback}).error(), ErrorCode::InvalidArgument);
  EXPECT_EQ(send(*s.out, "x", Endpoint{.ip = Ip::v4(0, 0, 0, 0), .port = 1}).error(),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(send(*s.out, "x", Endpoint{.ip = *Ip::parse("::1"), .port = 1}).error(),
            ErrorCode::InvalidArgument);
  EXPECT_EQ(send(*s.out, "x", Endpoint{.ip = Ip::v4(10, 0, 0, 1), .port = 1}).error(),
            ErrorCode::AccessDenied);
  EXPECT_EQ(send(*s.out, std::string(65508, 'x'), self).error(), ErrorCode::DatagramTooLarge);
  // An error after the first that went counts what went.
  ASSERT_TRUE(s.out->check_send());
  std::vector<OutgoingDatagrams::Item> items(2);
  items[0].remote = self;
  EXPECT_EQ(s.out->send(items).value(), 1U);
}

TEST_F(Udp, WhoMayOnlySendHearsOnlyThoseItSentTo) {
  const auto peer = bound_udp();
  const auto stranger = bound_udp();
  rules = policy({}, {"127.0.0.1"});
  const auto client = bound_udp();
  const Endpoint here = *client->local_address();
  const Streams mine = streams(client);
  const Streams of_peer = streams(peer);
  const Streams of_stranger = streams(stranger);
  EXPECT_EQ(send(*mine.out, "hello", *peer->local_address()), 1U);
  EXPECT_EQ(receive(*of_peer.in), "hello");
  EXPECT_EQ(send(*of_stranger.out, "spam", here), 1U);
  EXPECT_EQ(send(*of_peer.out, "answer", here), 1U);
  std::string got;
  while (got.empty()) {
    wait(*mine.in);
    for (const auto& each : mine.in->receive(9).value()) got += each.data.text();
  }
  EXPECT_EQ(got, "answer");
}

TEST_F(Udp, Options) {
  const auto socket = udp();
  EXPECT_TRUE(socket->set_hop_limit(9));
  EXPECT_EQ(socket->hop_limit(), 9);
  EXPECT_TRUE(socket->set_send_buffer_size(~uint64_t{0}));
  EXPECT_LE(socket->send_buffer_size().value(), kMaxUdpBuffer);
  EXPECT_EQ(socket->set_hop_limit(0).error(), ErrorCode::InvalidArgument);
  EXPECT_EQ(socket->set_receive_buffer_size(0).error(), ErrorCode::InvalidArgument);
  EXPECT_EQ(socket->set_send_buffer_size(0).error(), ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace wasmcloud::wasi::sockets
