#include "wasi/http/handles_0_3.h"

#include "bindings/wasi/http_0_3/types.abi.h"
#include "component/abi/async_types.h"
#include "component/abi/compound.h"
#include "wasi/context.h"
#include "wasi/http/bindings_0_3.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::http::v0_3 {
namespace {

using wit::types::Scheme;

class Handles03 : public testing::Test {
 protected:
  ~Handles03() override {
    loop.run_until([&] { return context.is_idle(); });
    EXPECT_TRUE(run_to_end(loop, context.finish()));
  }
  std::unique_ptr<wit::types::Fields> fields() { return *types.fields_constructor(); }
  auto no_trailers() {
    return component::ready_future(loop,
                                   Trailers(std::optional<std::unique_ptr<wit::types::Fields>>()));
  }
  auto request() { return *types.request_new(fields(), std::nullopt, no_trailers(), std::nullopt); }

  Loop loop;
  Environment environment;
  Context context{loop, environment};
  TypesInterface types{context};
};

TEST_F(Handles03, ARequestsPartsAreWhatRequestsCanSay) {
  const auto made = std::get<0>(request());
  for (const auto& [given, kept] : {std::pair("", "/"),
                                    {"/a/../b?c", "/a/../b?c"},
                                    {"a/b", "a/b"},
                                    {"?q", "?q"},
                                    {"*", "*"},
                                    {"/\xc3\xa9", "/\xc3\xa9"}}) {
    EXPECT_TRUE(*made->set_path_with_query(given)) << given;
    EXPECT_EQ(**made->get_path_with_query(), kept);
  }
  for (const char* wrong : {"/a b", "/a#b", "/a\r\nb", "/a\x7f"}) {
    EXPECT_FALSE(*made->set_path_with_query(wrong)) << wrong;
  }
  EXPECT_TRUE(*made->set_scheme(Scheme::other("https")));
  EXPECT_TRUE((*made->get_scheme())->is_https());
  EXPECT_TRUE(*made->set_scheme(Scheme::other("http")));
  EXPECT_TRUE((*made->get_scheme())->is_http());
  EXPECT_TRUE(*made->set_scheme(Scheme::other("ftp")));
  EXPECT_EQ((*made->get_scheme())->get_other(), "ftp");
  EXPECT_FALSE(*made->set_scheme(Scheme::other("a b")));
}

TEST_F(Handles03, WhatIsAskedOfAServerBeginsWithASlash) {
  for (const auto& [given, asked] :
       {std::pair("a/b", "/a/b"), {"?q", "/?q"}, {"/a", "/a"}, {"*", "*"}, {"", "/"}}) {
    const auto made = std::get<0>(request());
    EXPECT_TRUE(*made->set_scheme(Scheme::http()));
    EXPECT_TRUE(*made->set_authority("a.example"));
    EXPECT_TRUE(*made->set_path_with_query(given));
    EXPECT_EQ(static_cast<RequestHandle&>(*made).head()->path_with_query, asked);
  }
}

TEST_F(Handles03, AStatusIsOneOfHttps) {
  const auto made = std::get<0>(*types.response_new(fields(), std::nullopt, no_trailers()));
  EXPECT_EQ(made->get_status_code().value(), 200);
  for (const uint16_t right : std::to_array<uint16_t>({100, 103, 200, 404, 599}))
    EXPECT_TRUE(*made->set_status_code(right));
  for (const uint16_t wrong : std::to_array<uint16_t>({0, 42, 99, 600, 65535}))
    EXPECT_FALSE(*made->set_status_code(wrong));
  EXPECT_EQ(made->get_status_code().value(), 599);
}

TEST_F(Handles03, AFieldKeepsTheNameThatItHadFirst) {
  const auto made = fields();
  EXPECT_TRUE(*made->append("X-Name", std::as_bytes(std::span("a", 1))));
  EXPECT_TRUE(*made->append("x-other", std::as_bytes(std::span("b", 1))));
  EXPECT_TRUE(*made->append("x-NAME", std::as_bytes(std::span("c", 1))));
  std::vector<std::string> names;
  for (const auto& [name, value] : *made->copy_all()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"X-Name", "x-other", "X-Name"}));
}

TEST_F(Handles03, ARequestThatNeverLeftWasNotSent) {
  auto [made, sent] = request();
  EXPECT_TRUE(*made->set_scheme(Scheme::http()));
  EXPECT_TRUE(*made->set_authority("a.example"));
  ClientInterface client(context);
  const auto answer = run_to_end(loop, client.send(std::move(made))).value();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().is_http_request_denied());
  EXPECT_FALSE(run_to_end(loop, sent.read()).value());
}

}  // namespace
}  // namespace wasmcloud::wasi::http::v0_3
