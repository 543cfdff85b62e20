#include "oci/detail/challenge.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace wasmcloud::oci::detail {
namespace {

/// "scheme name=value; …" of each.
std::string read(std::initializer_list<std::string_view> fields) {
  http::Headers headers;
  for (const std::string_view field : fields)
    EXPECT_TRUE(headers.append("WWW-Authenticate", field).has_value());
  std::string out;
  for (const Challenge& challenge : challenges_of(headers)) {
    out += challenge.scheme;
    for (const auto& [name, value] : challenge.parameters)
      out += fmt::format(" {}={}", name, value);
    out += ';';
  }
  return out;
}

TEST(Challenges, AreReadWithTheirParameters) {
  EXPECT_EQ(read({R"(Bearer realm="https://a/token",service="b c",scope="x:y:pull,push")"}),
            "bearer realm=https://a/token service=b c scope=x:y:pull,push;");
  EXPECT_EQ(read({"basic Realm=plain"}), "basic realm=plain;");
  EXPECT_EQ(read({R"(Basic realm="a \"b\" \\c")"}), R"(basic realm=a "b" \c;)");
}

TEST(Challenges, MayShareAField) {
  EXPECT_EQ(read({R"(Negotiate, Basic realm="x", Bearer realm = "y")"}),
            "negotiate;basic realm=x;bearer realm=y;");
  EXPECT_EQ(read({"Negotiate", "Basic realm=x"}), "negotiate;basic realm=x;");
}

TEST(Challenges, ThatAreBrokenEndTheirField) {
  EXPECT_EQ(read({""}), "");
  EXPECT_EQ(read({"="}), "");
  EXPECT_EQ(read({R"(Basic realm="unfinished)"}), "basic realm=unfinished;");
  EXPECT_EQ(read({R"(Basic realm="unfinished\)"}), "basic realm=unfinished;");
}

}  // namespace
}  // namespace wasmcloud::oci::detail
