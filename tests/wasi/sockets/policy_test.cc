#include "wasi/sockets/policy.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::sockets {
namespace {

Endpoint at(const char* ip, uint16_t port) { return {.ip = *Ip::parse(ip), .port = port}; }

TEST(AddressRule, CoversWhatItNames) {
  struct Row {
    const char* rule;
    const char* ip;
    uint16_t port;
    bool destination;
    bool local;
  };
  for (const Row& row : std::initializer_list<Row>{{"*", "8.8.8.8", 53, true, true},
                                                   {"*", "10.0.0.1", 53, true, true},
                                                   {"*", "127.0.0.1", 53, false, true},
                                                   {"*", "0.0.0.0", 53, false, true},
                                                   {"*", "169.254.169.254", 80, false, true},
                                                   {"*", "240.0.0.1", 80, false, true},
                                                   {"*", "::1", 80, false, true},
                                                   {"*", "fe80::1", 80, false, true},
                                                   {"*", "fd00:ec2::254", 80, false, true},
                                                   {"*", "2001:4860:4860::8888", 80, true, true},
                                                   {"*", "::ffff:127.0.0.1", 80, false, true},
                                                   {"*:53", "8.8.8.8", 53, true, true},
                                                   {"*:53", "8.8.8.8", 54, false, false},
                                                   {"127.0.0.1", "127.0.0.1", 1, true, true},
                                                   {"127.0.0.1", "127.0.0.2", 1, false, false},
                                                   {"127.0.0.1:80", "127.0.0.1", 80, true, true},
                                                   {"127.0.0.1:80", "127.0.0.1", 81, false, false},
                                                   {"::1", "::1", 9, true, true},
                                                   {"[::1]:9", "::1", 9, true, true},
                                                   {"[::1]:9", "::1", 8, false, false}}) {
    const AddressRule rule = AddressRule::parse(row.rule).value();
    EXPECT_EQ(rule.covers_destination(at(row.ip, row.port)), row.destination)
        << row.rule << " " << row.ip << ":" << row.port;
    EXPECT_EQ(rule.covers_local(at(row.ip, row.port)), row.local) << row.rule << " " << row.ip;
  }
}

TEST(AddressRule, RefusesWhatIsNone) {
  for (const char* text : {"", "host", "1.2.3", "1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536",
                           "1.2.3.4:x", "[::1", "[::1]9", "*:", "tcp://1.2.3.4"}) {
    EXPECT_FALSE(AddressRule::parse(text)) << text;
  }
}

TEST(NameRule, CoversWhatItNames) {
  struct Row {
    const char* rule;
    const char* name;
    bool covered;
  };
  for (const Row& row : std::initializer_list<Row>{{"*", "anything", true},
                                                   {"a.example", "A.Example", true},
                                                   {"a.example", "b.a.example", false},
                                                   {"*.example", "a.example", true},
                                                   {"*.example", "a.b.example", true},
                                                   {"*.example", "example", false},
                                                   {"*.example", ".example", false},
                                                   {"*.example", "badexample", false}}) {
    EXPECT_EQ(NameRule::parse(row.rule).value().covers(row.name), row.covered)
        << row.rule << " " << row.name;
  }
  for (const char* text : {"", "*foo", "a b", "http://a", "*."}) {
    EXPECT_FALSE(NameRule::parse(text)) << text;
  }
}

}  // namespace
}  // namespace wasmcloud::wasi::sockets
