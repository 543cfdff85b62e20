#include "wasi/http/egress.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::http {
namespace {

using wasmcloud::http::Scheme;

struct Row {
  const char* rule;
  Scheme scheme;
  const char* authority;
  bool covered;
};

TEST(Egress, RulesCoverWhatTheySay) {
  const Row rows[] = {
      {"*", Scheme::Http, "example.com", true},
      {"*", Scheme::Https, "[::1]:8443", true},
      {"*", Scheme::Http, "", false},
      {"*", Scheme::Http, "a b", false},
      {"example.com", Scheme::Http, "example.com", true},
      {"example.com", Scheme::Https, "EXAMPLE.com:8443", true},
      {"Example.COM", Scheme::Https, "example.com", true},
      {"example.com", Scheme::Http, "www.example.com", false},
      {"example.com", Scheme::Http, "example.com.evil.org", false},
      {"example.com", Scheme::Http, "notexample.com", false},
      {"example.com:8080", Scheme::Http, "example.com:8080", true},
      {"example.com:8080", Scheme::Http, "example.com:80", false},
      {"example.com:80", Scheme::Http, "example.com", false},
      {"https://example.com", Scheme::Https, "example.com", true},
      {"https://example.com/", Scheme::Http, "example.com", false},
      {"https://example.com:443", Scheme::Https, "example.com", true},
      {"https://example.com:8443/", Scheme::Https, "example.com:8443", true},
      {"https://example.com:8443/", Scheme::Https, "example.com", false},
      {"*.example.com", Scheme::Http, "a.example.com", true},
      {"*.example.com", Scheme::Http, "a.b.EXAMPLE.com:99", true},
      {"*.example.com", Scheme::Http, "example.com", false},
      {"*.example.com", Scheme::Http, ".example.com", false},
      {"*.example.com", Scheme::Http, "evilexample.com", false},
      {"http://*.example.com:81/", Scheme::Http, "a.example.com:81", true},
      {"http://*.example.com:81/", Scheme::Https, "a.example.com:81", false},
      {"127.0.0.1:9000", Scheme::Http, "127.0.0.1:9000", true},
      {"[::1]:9000", Scheme::Http, "[::1]:9000", true},
      {"[::1]", Scheme::Http, "[::2]", false},
  };
  for (const Row& row : rows) {
    EgressPolicy policy;
    auto rule = HostRule::parse(row.rule);
    ASSERT_TRUE(rule) << row.rule << ": " << rule.error().message();
    policy.allowed_hosts.push_back(*rule);
    EXPECT_EQ(policy.allows(row.scheme, row.authority), row.covered)
        << row.rule << " and " << row.authority;
  }
  EXPECT_FALSE(EgressPolicy().allows(Scheme::Http, "example.com"));
}

TEST(Egress, WhatIsNoRuleIsRefused) {
  for (const char* text : {"",
                           "*foo",
                           "*.",
                           "*:80",
                           "a*b.com",
                           "ftp://example.com",
                           "https://",
                           "http:///",
                           "example.com/path",
                           "example.com/",
                           "https://example.com/path",
                           "example.com?q",
                           "https://example.com#x",
                           "example.com:",
                           "example.com:0x50",
                           "example.com:70000",
                           "user@example.com",
                           "::1",
                           "[::1",
                           "a b",
                           "http://http://a"}) {
    const auto rule = HostRule::parse(text);
    EXPECT_FALSE(rule) << text;
    if (!rule) EXPECT_EQ(rule.error().code(), Errc::Invalid);
  }
}

}  // namespace
}  // namespace wasmcloud::wasi::http
