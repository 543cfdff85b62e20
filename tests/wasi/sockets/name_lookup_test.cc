#include "wasi/sockets/name_lookup.h"

#include "wasi/sockets/sockets_fixture.h"

namespace wasmcloud::wasi::sockets {
namespace {

class Lookup : public SocketsTest {
 protected:
  std::string all(std::string_view name) {
    const auto lookup = NameLookup::start(network, name);
    if (!lookup) return "refused";
    wait(**lookup);
    std::string out;
    while (true) {
      const auto next = (*lookup)->next();
      if (!next) return out + "error";
      if (!*next) return out;
      out += (*next)->text() + ";";
    }
  }
};

TEST_F(Lookup, AddressesAreThemselvesAndNeedNoRule) {
  rules = {};
  EXPECT_EQ(all("192.0.2.7"), "192.0.2.7;");
  EXPECT_EQ(all("2001:db8::1"), "2001:db8::1;");
  EXPECT_EQ(all("[::1]"), "::1;");
  EXPECT_EQ(all("::ffff:192.0.2.7"), "192.0.2.7;");
}

TEST_F(Lookup, NamesUnderLocalhostAreLoopback) {
  EXPECT_EQ(all("localhost"), "127.0.0.1;::1;");
  EXPECT_EQ(all("Some.LocalHost."), "127.0.0.1;::1;");
}

TEST_F(Lookup, NamesThatAreNone) {
  rules = policy({}, {}, {"*"});
  for (const std::string& name :
       {std::string(""), std::string("."), std::string("a..b"), std::string("a b"),
        std::string("a:80"), std::string("1.2.3"), std::string("256.1.1.1"), std::string("a/b"),
        std::string(64, 'a') + ".example", std::string("a\0b", 3), std::string("\xff\xfe")}) {
    const auto lookup = NameLookup::start(network, name);
    ASSERT_FALSE(lookup) << name;
    EXPECT_EQ(lookup.error(), ErrorCode::InvalidArgument) << name;
  }
}

TEST_F(Lookup, UnicodeBecomesAscii) {
  EXPECT_EQ(to_ascii_name("Bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(to_ascii_name("straße.example"), "xn--strae-oqa.example");
  EXPECT_EQ(to_ascii_name("_sip._tcp.example"), "_sip._tcp.example");
}

TEST_F(Lookup, ThePolicyAnswersBeforeAnybodyIsAsked) {
  EXPECT_EQ(NameLookup::start(network, "example.com").error(), ErrorCode::AccessDenied);
  EXPECT_EQ(NameLookup::start(network, "localhost.example").error(), ErrorCode::AccessDenied);
}

TEST_F(Lookup, AReservedZoneNeverLeavesTheHost) {
  rules = policy({}, {}, {"*"});
  const auto lookup = NameLookup::start(network, "x.wasmcloud.internal").value();
  EXPECT_EQ(lookup->next().error(), ErrorCode::NameUnresolvable);
}

TEST_F(Lookup, TheResolverRunsBesideTheLoopAndItsFailureIsTold) {
  const auto lookup = NameLookup::start(network, "nothing.invalid").value();
  EXPECT_EQ(lookup->next().error(), ErrorCode::WouldBlock);
  wait(*lookup);
  // With no resolver at hand the failure is a temporary one.
  const auto error = lookup->next().error();
  EXPECT_TRUE(error == ErrorCode::NameUnresolvable || error == ErrorCode::TemporaryResolverFailure);
}

TEST_F(Lookup, FewAreUnderWayAtATime) {
  const auto first = NameLookup::start(network, "a.invalid");
  const auto second = NameLookup::start(network, "b.invalid");
  EXPECT_EQ(NameLookup::start(network, "c.invalid").error(), ErrorCode::TemporaryResolverFailure);
  wait(**first);
  wait(**second);
  EXPECT_TRUE(NameLookup::start(network, "d.invalid"));
}

}  // namespace
}  // namespace wasmcloud::wasi::sockets
