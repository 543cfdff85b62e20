#include "http/proxy.h"

#include "http/fetch.h"
#include "http/scripted_server.h"

#include <gtest/gtest.h>

#include <map>

namespace wasmcloud::http {
namespace {

using Variables = std::map<std::string, std::string>;

std::shared_ptr<const Proxies> proxies(const Variables& variables) {
  return Proxies::of_environment([&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

/// "host:port of VARIABLE", "none", or an error.
std::string found(const Variables& variables, Scheme scheme, std::string_view host = "a.test") {
  const auto proxy = proxies(variables)->find(scheme, host, default_port(scheme));
  if (!proxy) return proxy.error().message();
  return *proxy == nullptr ? "none" : (*proxy)->describe().substr(sizeof("the proxy ") - 1);
}

std::string authorization(const std::string& url) {
  const auto proxy = proxies({{"HTTP_PROXY", url}})->find(Scheme::Http, "a.test", 80);
  return proxy && *proxy ? std::string((*proxy)->authorization.reveal()) : "none";
}

TEST(Proxies, AreOfTheEnvironment) {
  const auto https = [](const Variables& variables) { return found(variables, Scheme::Https); };
  const auto http = [](const Variables& variables) { return found(variables, Scheme::Http); };
  EXPECT_EQ(https({}), "none");
  EXPECT_EQ(https({{"HTTPS_PROXY", ""}, {"HTTP_PROXY", "p:1"}}), "none");
  EXPECT_EQ(https({{"HTTPS_PROXY", " http://p:3128/x "}}), "p:3128 of HTTPS_PROXY");
  EXPECT_EQ(https({{"HTTPS_PROXY", "p"}}), "p:80 of HTTPS_PROXY");
  EXPECT_EQ(https({{"HTTPS_PROXY", "[::1]:3128"}}), "[::1]:3128 of HTTPS_PROXY");
  EXPECT_EQ(https({{"HTTPS_PROXY", "p:1"}, {"https_proxy", "q:2"}}), "q:2 of https_proxy");
  EXPECT_EQ(https({{"ALL_PROXY", "p:1"}}), "p:1 of ALL_PROXY");
  EXPECT_EQ(http({{"HTTPS_PROXY", "p:1"}}), "none");
  EXPECT_EQ(http({{"HTTP_PROXY", "p:1"}, {"ALL_PROXY", "q:2"}}), "p:1 of HTTP_PROXY");
}

TEST(Proxies, OfCgiScriptsAreNotWhatARequestSays) {
  const Variables cgi = {{"REQUEST_METHOD", "GET"}, {"HTTP_PROXY", "p:1"}};
  EXPECT_EQ(found(cgi, Scheme::Http), "none");
  EXPECT_EQ(found({{"REQUEST_METHOD", "GET"}, {"http_proxy", "q:2"}}, Scheme::Http),
            "q:2 of http_proxy");
}

TEST(Proxies, ThatAreNoneAreToldWithoutPasswords) {
  const auto told = [](const std::string& text) {
    return found({{"HTTPS_PROXY", text}}, Scheme::Https);
  };
  EXPECT_EQ(told("https://p:1"),
            "HTTPS_PROXY: a proxy of the kind 'https' is not spoken to; expected http://HOST:PORT");
  EXPECT_EQ(told("http://ann:tiger@:1"), "HTTPS_PROXY: ':1' is no host; expected http://HOST:PORT");
  EXPECT_EQ(told("http://p:99999"), "HTTPS_PROXY: 'p:99999' is no host; expected http://HOST:PORT");
  for (const char* text :
       {"http://ann:ti/ger@p:1", "ann:80/tiger@p:1", "ann:ti?ger@p", "ann:ti#ger@p"})
    EXPECT_EQ(told(text),
              "HTTPS_PROXY: '/', '?' and '#' in a user or password are written %2F, %3F and %23");
  // What goes another way does not care.
  EXPECT_EQ(found({{"HTTPS_PROXY", "socks5://p"}}, Scheme::Http), "none");
  EXPECT_EQ(found({{"HTTPS_PROXY", "socks5://p"}, {"NO_PROXY", "a.test"}}, Scheme::Https), "none");
}

TEST(Proxies, AreToldWhoOneIs) {
  EXPECT_EQ(authorization("http://p"), "");
  EXPECT_EQ(authorization("http://ann:tiger@p"), "Basic YW5uOnRpZ2Vy");
  EXPECT_EQ(authorization("ann:tiger@p:1"), "Basic YW5uOnRpZ2Vy");
  EXPECT_EQ(authorization("ann@p"), "Basic YW5uOg==");
  EXPECT_EQ(authorization("ann:t%40%2f%zz%4@p"), "Basic YW5uOnRALyV6eiU0");  // t@/%zz%4
  EXPECT_EQ(authorization("ann:a@b@p"), "Basic YW5uOmFAYg==");
}

struct Row {
  const char* name;
  const char* list;
  const char* host;
  bool matches;
};

class NoProxyEntries : public testing::TestWithParam<Row> {};

TEST_P(NoProxyEntries, MeanHosts) {
  const Row& row = GetParam();
  EXPECT_EQ(NoProxy(row.list).matches(row.host, 443), row.matches);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, NoProxyEntries,
    testing::Values(
        Row{"empty", "", "a.test", false}, Row{"star", "*", "a.test", true},
        Row{"star_in_a_list", "b, *", "a.test", false}, Row{"same", "a.test", "a.test", true},
        Row{"other_case", "A.Test", "a.tEST", true}, Row{"below", "test", "a.test", true},
        Row{"above", "a.test", "test", false}, Row{"leading_dot", ".test", "a.test", true},
        Row{"leading_dot_itself", ".a.test", "a.test", true},
        Row{"final_dots", "a.test.", "a.test.", true}, Row{"only_its_end", "est", "a.test", false},
        Row{"second", "b,a.test", "a.test", true},
        Row{"blanks", " b \t a.test ,, c", "a.test", true},
        Row{"address", "10.0.0.1", "10.0.0.1", true},
        Row{"other_address", "10.0.0.1", "10.0.0.10", false},
        Row{"end_of_an_address", "0.1", "10.0.0.1", false},
        Row{"network", "10.0.0.0/8", "10.200.3.4", true},
        Row{"beyond_the_network", "10.0.0.0/8", "11.0.0.1", false},
        Row{"odd_bits", "192.168.0.0/17", "192.168.127.1", true},
        Row{"beyond_odd_bits", "192.168.0.0/17", "192.168.128.1", false},
        Row{"all_addresses", "0.0.0.0/0", "8.8.8.8", true},
        Row{"too_many_bits", "10.0.0.1/33", "10.0.0.1", false},
        Row{"no_bits", "10.0.0.1/", "10.0.0.1", false},
        Row{"network_and_a_name", "10.0.0.0/8", "10.test", false},
        Row{"ipv6", "::1", "0:0:0:0:0:0:0:1", true}, Row{"ipv6_in_brackets", "[::1]", "::1", true},
        Row{"ipv6_network", "fd00::/8", "fd12::1", true},
        Row{"ipv6_beyond", "fd00::/8", "fe80::1", false},
        Row{"ipv4_is_not_ipv6", "::/0", "10.0.0.1", false},
        Row{"port", "a.test:443", "a.test", true}, Row{"other_port", "a.test:80", "a.test", false},
        Row{"port_of_ipv6", "[::1]:443", "::1", true}),
    [](const auto& row) { return row.param.name; });

/// Asks for `url` through a proxy that does as written; what came of it, and what the proxy saw.
struct Asked {
  std::string said;
  std::string seen;
};
Asked ask(const std::string& url, std::string_view answer, const std::string& login = "",
          size_t piece = SIZE_MAX) {
  Asked asked;
  std::string authority;
  {
    ScriptedServer server([&](ScriptedServer::Peer& peer, int) {
      asked.seen += peer.receive_until("\r\n\r\n");
      for (std::string_view rest = answer; !rest.empty();
           rest.remove_prefix(std::min(piece, rest.size())))
        peer.send(rest.substr(0, piece));
    });
    authority = server.authority();
    const Variables variables = {{"HTTP_PROXY", login + authority},
                                 {"HTTPS_PROXY", login + authority}};
    Loop loop;
    Client client(loop, {.proxies = proxies(variables)});
    FetchRequest request;
    request.url = parse_url(url).value();
    const auto fetched = run_to_end(loop, fetch(client, std::move(request)));
    asked.said = fetched ? fmt::format("{} {}", fetched->head.status, fetched->body.text())
                         : fetched.error().message();
  }
  const size_t at = asked.said.find(authority);
  if (at != std::string::npos) asked.said.replace(at, authority.size(), "PROXY");
  return asked;
}

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";

TEST(ProxiedRequest, InTheClearNamesAllOfItsUrl) {
  const Asked asked = ask("http://nowhere.test:81/a?b=c", kAnswer);
  EXPECT_EQ(asked.said, "200 hello");
  EXPECT_EQ(asked.seen,
            "GET http://nowhere.test:81/a?b=c HTTP/1.1\r\nhost: nowhere.test:81\r\n\r\n");
  EXPECT_EQ(ask("http://a.test", kAnswer, "ann:tiger@").seen,
            "GET http://a.test/ HTTP/1.1\r\nhost: a.test\r\n"
            "proxy-authorization: Basic YW5uOnRpZ2Vy\r\n\r\n");
}

TEST(ProxiedRequest, OverTlsAsksForATunnelFirst) {
  EXPECT_EQ(ask("https://a.test/x", "HTTP/1.1 403 No\r\n\r\n", "ann:tiger@").seen,
            "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n"
            "proxy-authorization: Basic YW5uOnRpZ2Vy\r\n\r\n");
  EXPECT_EQ(ask("https://[::1]:8443/x", "HTTP/1.1 403 No\r\n\r\n").seen,
            "CONNECT [::1]:8443 HTTP/1.1\r\nhost: [::1]:8443\r\n\r\n");
}

TEST(ProxiedRequest, FailsAsTheProxySays) {
  for (const size_t piece : {SIZE_MAX, size_t{1}}) {
    const auto said = [&](std::string_view answer, const std::string& login = "") {
      return ask("https://a.test/x", answer, login, piece).said;
    };
    EXPECT_EQ(said("HTTP/1.1 407 Who\r\ncontent-length: 9\r\n\r\nnot known"),
              "a.test: the proxy PROXY of HTTPS_PROXY asks for a user and password; write them in "
              "front of its name, as in http://USER:PASSWORD@HOST:PORT");
    EXPECT_EQ(
        said("HTTP/1.1 407 Who\r\n\r\n", "ann:tiger@"),
        "a.test: the proxy PROXY of HTTPS_PROXY does not accept the user and password in that "
        "variable");
    EXPECT_EQ(said("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 502 Bad\r\n\r\n"),
              "a.test: the proxy PROXY of HTTPS_PROXY answered 502 Bad Gateway when asked for "
              "a.test:443; what is to be asked without it, name in NO_PROXY");
    EXPECT_EQ(said("HTTP/1.1 200 OK\r\n"),
              "a.test: the proxy PROXY of HTTPS_PROXY closed the connection: End of file");
    EXPECT_TRUE(
        said("SSH-2.0-OpenSSH\r\n\r\n")
            .starts_with("a.test: the proxy PROXY of HTTPS_PROXY does not answer as a proxy: "));
  }
  EXPECT_EQ(ask("http://a.test/x", "HTTP/1.1 407 Who\r\ncontent-length: 0\r\n\r\n").said,
            "a.test: the proxy PROXY of HTTP_PROXY asks for a user and password; write them in "
            "front of its name, as in http://USER:PASSWORD@HOST:PORT");
}

TEST(ProxiedRequest, IsNotFooledByBytesBeforeTheServersOwn) {
  EXPECT_EQ(
      ask("https://a.test/x", "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n").said,
      "a.test: the proxy PROXY of HTTPS_PROXY does not answer as a proxy: it says more than it "
      "should");
  std::string endless = "HTTP/1.1 100 Continue\r\n\r\n";
  while (endless.size() < size_t{256} << 10) endless += endless;
  EXPECT_EQ(
      ask("https://a.test/x", endless).said,
      "a.test: the proxy PROXY of HTTPS_PROXY does not answer as a proxy: its answer does not "
      "end");
}

}  // namespace
}  // namespace wasmcloud::http
