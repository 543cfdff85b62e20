#include "oci/reference.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wasmcloud::oci {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

struct Row {
  const char* name;
  std::string text;
  std::string whole;  ///< what it means; empty: it is refused
};

void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

class References : public ::testing::TestWithParam<Row> {};

TEST_P(References, MeanWhatDockerMeansByThem) {
  const Row& row = GetParam();
  const auto parsed = Reference::parse(row.text);
  if (row.whole.empty()) {
    ASSERT_FALSE(parsed.has_value()) << parsed->text();
    EXPECT_EQ(parsed.error().code(), Errc::Invalid);
    return;
  }
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_EQ(parsed->text(), row.whole);
  EXPECT_EQ(Reference::parse(parsed->text()).value(), *parsed);
}

INSTANTIATE_TEST_SUITE_P(
    Table, References,
    ::testing::Values(
        Row{"OneWord", "nginx", "docker.io/library/nginx:latest"},
        Row{"TwoWords", "team/app:1", "docker.io/team/app:1"},
        Row{"Hub", "docker.io/nginx:1", "docker.io/library/nginx:1"},
        Row{"OldHub", "index.docker.io/nginx", "docker.io/library/nginx:latest"},
        Row{"Host", "registry.example.com/app", "registry.example.com/app:latest"},
        Row{"HostWithPort", "host:5000/app:2", "host:5000/app:2"},
        Row{"Localhost", "localhost/app", "localhost/app:latest"},
        Row{"HostInUpperCase", "Host/app", "Host/app:latest"},
        Row{"Address", "[::1]:5000/app", "[::1]:5000/app:latest"},
        Row{"Digest", "a.b/app@" + kDigest, "a.b/app@" + kDigest},
        Row{"TagAndDigest", "a.b/app:1@" + kDigest, "a.b/app:1@" + kDigest},
        Row{"Scheme", "oci://a.b/app:1", "a.b/app:1"},
        Row{"Separators", "a.b/a.b_c__d--e/f", "a.b/a.b_c__d--e/f:latest"},
        Row{"LongestTag", "a.b/app:" + std::string(128, 'x'), "a.b/app:" + std::string(128, 'x')},
        Row{"TooLongTag", "a.b/app:" + std::string(129, 'x'), ""},
        Row{"TooLongName", "a.b/" + std::string(256, 'x'), ""}, Row{"Empty", "", ""},
        Row{"OnlyHost", "a.b/", ""}, Row{"OnlyHostAndPort", "localhost:5000", ""},
        Row{"OnlyAddressAndPort", "127.0.0.1:5000", ""}, Row{"NoPort", "a.b:/app", ""},
        Row{"DottedName", "my.app:v1", "docker.io/library/my.app:v1"}, Row{"EmptyTag", "app:", ""},
        Row{"UpperCase", "team/App", ""}, Row{"OtherScheme", "https://a.b/app", ""},
        Row{"ThreeUnderscores", "a.b/a___b", ""}, Row{"Climbing", "a.b/../app", ""},
        Row{"EmptyPart", "a.b/a//b", ""}, Row{"ShortDigest", "app@sha256:12", ""},
        Row{"Digests", "app@" + kDigest + "@" + kDigest, ""},
        Row{"OtherAlgorithm", "app@md5:" + std::string(32, 'a'), ""},
        Row{"UpperCaseDigest", "app@sha256:" + std::string(64, 'A'), ""},
        Row{"Port", "a.b:99999/app", ""}, Row{"Blank", "a.b/a b", ""},
        Row{"LineEnd", "a.b/app:1\n", ""}, Row{"User", "ann@a.b/app", ""}),
    [](const auto& row) { return row.param.name; });

TEST(Reference, IsAskedForByItsDigestWhereItHasOne) {
  EXPECT_EQ(Reference::parse("app:1@" + kDigest)->target(), kDigest);
  EXPECT_EQ(Reference::parse("app:1")->target(), "1");
  EXPECT_EQ(Reference::parse("app:1@" + kDigest)->with_tag("2").text(), "docker.io/library/app:2");
}

}  // namespace
}  // namespace wasmcloud::oci
