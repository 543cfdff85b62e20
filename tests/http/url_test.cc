#include "http/url.h"

#include "http/fetch.h"

#include <gtest/gtest.h>

namespace wasmcloud::http {
namespace {

TEST(Url, IsReadAndWritten) {
  EXPECT_EQ(parse_url("https://a.b")->text(), "https://a.b/");
  EXPECT_EQ(parse_url("HTTP://a:80/x?y#z")->text(), "http://a:80/x?y");
  EXPECT_EQ(parse_url("https://a?q")->text(), "https://a/?q");
  for (const std::string_view text : {"", "a", "ftp://a", "https://", "https:///x", "https://a b/"})
    EXPECT_FALSE(parse_url(text).has_value()) << text;
}

TEST(Url, WithAPasswordIsRefusedWithoutShowingIt) {
  for (const std::string_view text : {"https://ann:tiger@a/x", "ftp://tiger@a", "ann:word@a"}) {
    const auto parsed = parse_url(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_FALSE(parsed.error().message().contains("tiger")) << parsed.error().message();
  }
}

TEST(Url, IsResolvedAgainstAnother) {
  const Url base = parse_url("https://a:1/b/c?d").value();
  const auto resolved = [&base](std::string_view text) { return resolve_url(base, text)->text(); };
  EXPECT_EQ(resolved("/x?y"), "https://a:1/x?y");
  EXPECT_EQ(resolved("x"), "https://a:1/b/x");
  EXPECT_EQ(resolved("?x"), "https://a:1/b/c?x");
  EXPECT_EQ(resolved("//h/x"), "https://h/x");
  EXPECT_EQ(resolved("http://h/x#f"), "http://h/x");
  EXPECT_EQ(resolved(""), "https://a:1/b/c?d");
  EXPECT_EQ(resolved("/x:y"), "https://a:1/x:y");
}

TEST(Url, HasTheOriginOfItsSchemeHostAndPort) {
  const Url base = parse_url("https://A/x").value();
  EXPECT_TRUE(base.same_origin(*parse_url("https://a:443/y")));
  for (const std::string_view text : {"http://a/x", "https://a:444/x", "https://b/x"})
    EXPECT_FALSE(base.same_origin(*parse_url(text))) << text;
}

TEST(PercentEncode, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encode("a-Z_0.~ :/&=+\xc3"), "a-Z_0.~%20%3A%2F%26%3D%2B%C3");
}

TEST(RetryAfter, IsSecondsOrADate) {
  // Sunday, 6 November 1994, 08:49:37
  const auto now = std::chrono::system_clock::from_time_t(784111777);
  const auto said = [now](std::string_view value) -> int64_t {
    Headers headers;
    EXPECT_TRUE(headers.append("Retry-After", value).has_value());
    const auto wait = retry_after(headers, now);
    return wait ? wait->count() : -1;
  };
  EXPECT_EQ(said("120"), 120'000);
  EXPECT_EQ(said(" 0 "), 0);
  EXPECT_EQ(said("Sun, 06 Nov 1994 08:49:40 GMT"), 3000);
  EXPECT_EQ(said("Sun, 06 Nov 1994 08:00:00 GMT"), 0);
  for (const std::string_view value : {"", "-1", "1.5", "soon", "99999999999", "Sun, 06 Nov 1994"})
    EXPECT_EQ(said(value), -1) << value;
  EXPECT_EQ(retry_after(Headers(), now), std::nullopt);
}

}  // namespace
}  // namespace wasmcloud::http
