#include "http/headers.h"

#include <gtest/gtest.h>

namespace wasmcloud::http {
namespace {

std::string all(const Headers& headers) {
  std::string text;
  for (const FieldView field : headers) text += fmt::format("{}={};", field.name, field.value);
  return text;
}

TEST(Headers, KeepsOrderRepetitionsAndCase) {
  Headers headers;
  ASSERT_TRUE(headers.append("B", "1"));
  ASSERT_TRUE(headers.append("a", "2"));
  ASSERT_TRUE(headers.append("b", ""));
  EXPECT_EQ(all(headers), "B=1;a=2;b=;");
  EXPECT_EQ(headers.find("A"), "2");
  EXPECT_EQ(headers.find("b"), "1");
  EXPECT_FALSE(headers.find("c"));
}

TEST(Headers, SetReplacesAllOfAName) {
  Headers headers;
  for (const auto* value : {"1", "2"}) ASSERT_TRUE(headers.append("a", value));
  ASSERT_TRUE(headers.append("b", "3"));
  ASSERT_TRUE(headers.set("A", *headers.find("b")));
  EXPECT_EQ(all(headers), "b=3;A=3;");
  EXPECT_EQ(headers.remove("a"), 1U);
  EXPECT_EQ(headers.remove("a"), 0U);
}

TEST(Headers, RefusesWhatWouldEndALine) {
  Headers headers;
  for (const std::string_view value :
       {std::string_view("a\r\nb: c"), std::string_view("a\nb"), std::string_view("a\rb"),
        std::string_view("a\0b", 3), std::string_view("\x7f")}) {
    EXPECT_EQ(headers.append("x", value).error().code(), Errc::Invalid);
    EXPECT_EQ(headers.set("x", value).error().code(), Errc::Invalid);
  }
  for (const std::string_view name : {"", "a b", "a:", "a\r\n", "\xc3\xa9", "a\tb"}) {
    EXPECT_EQ(headers.append(name, "x").error().code(), Errc::Invalid) << name;
  }
  EXPECT_TRUE(headers.empty());
}

TEST(Headers, DoNotGrowWhenFieldsAreReplacedForEver) {
  Headers headers;
  for (int i = 0; i < 10000; ++i) ASSERT_TRUE(headers.set("name", std::string(100, 'x')));
  EXPECT_EQ(headers.size(), 1U);
  EXPECT_EQ(headers.text_bytes(), 104U);
  EXPECT_EQ(headers.find("name"), std::string(100, 'x'));
}

TEST(Headers, ListsHoldTokensInAnyCase) {
  EXPECT_TRUE(list_contains("keep-alive, Close", "close"));
  EXPECT_TRUE(list_contains(" close\t", "close"));
  EXPECT_FALSE(list_contains("closed, xclose", "close"));
  EXPECT_FALSE(list_contains("", "close"));
}

}  // namespace
}  // namespace wasmcloud::http
