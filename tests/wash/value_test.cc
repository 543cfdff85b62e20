#include "wash/value.h"

#include "wash/address.h"
#include "wash/outcome.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

TEST(Value, IsWrittenAsJson) {
  Value value = Value::Map{{.key = "text", .value = "a\"b\\\n\x01é"},
                           {.key = "list", .value = Value::List{true, int64_t{3}, 2.5, Value()}},
                           {.key = "empty", .value = Value::Map{}},
                           {.key = "none", .value = Value::List{}}};
  EXPECT_EQ(to_json(value), R"({
  "text": "a\"b\\\n\u0001é",
  "list": [
    true,
    3,
    2.5,
    null
  ],
  "empty": {},
  "none": []
})");
}

TEST(Value, MergesMapsDeeplyAndReplacesTheRest) {
  Value under = Value::Map{
      {.key = "a",
       .value = Value::Map{{.key = "x", .value = int64_t{1}}, {.key = "y", .value = int64_t{2}}}},
      {.key = "b", .value = Value::List{int64_t{1}}}};
  Value over = Value::Map{{.key = "a", .value = Value::Map{{.key = "y", .value = int64_t{3}}}},
                          {.key = "b", .value = Value::List{int64_t{9}}},
                          {.key = "c", .value = true}};
  EXPECT_EQ(to_json(merge(std::move(under), std::move(over))),
            to_json(Value::Map{{.key = "a",
                                .value = Value::Map{{.key = "x", .value = int64_t{1}},
                                                    {.key = "y", .value = int64_t{3}}}},
                               {.key = "b", .value = Value::List{int64_t{9}}},
                               {.key = "c", .value = true}}));
}

TEST(Outcome, HasExactlyThreeKeysInJson) {
  EXPECT_EQ(render(Outcome::ok("done"), OutputFormat::Json),
            "{\n  \"message\": \"done\",\n  \"success\": true,\n  \"data\": null\n}\n");
  EXPECT_EQ(render(Outcome::failed(Error(Errc::Io, "broken")), OutputFormat::Text), "broken\n");
}

TEST(Outcome, MapsErrorsToExitCodes) {
  EXPECT_EQ(Outcome::ok("").exit_code, 0);
  EXPECT_EQ(Outcome::failed(Error(Errc::Io, "")).exit_code, 1);
  EXPECT_EQ(Outcome::failed(Error(Errc::Usage, "")).exit_code, 2);
  EXPECT_EQ(Outcome::failed(Error(Errc::Cancelled, "")).exit_code, 130);
}

TEST(Address, IsReadAndShown) {
  EXPECT_EQ(parse_address("0.0.0.0:8000")->url(), "http://127.0.0.1:8000");
  EXPECT_EQ(parse_address("0.0.0.0:8000")->text(), "0.0.0.0:8000");
  EXPECT_EQ(parse_address("192.168.1.5:80")->url(), "http://192.168.1.5:80");
  EXPECT_EQ(parse_address("[::]:81")->url(), "http://[::1]:81");
  EXPECT_EQ(parse_address("[fe80::1]:0")->text(), "[fe80::1]:0");
}

TEST(Address, SaysWhatIsExpected) {
  for (const char* bad :
       {"", "8000", ":8000", "localhost:8000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:80x", "::1:80", "[::1]", "1.2.3:80", "127.0.0.1:-1"}) {
    const auto parsed = parse_address(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().message(), fmt::format("'{}' is no address to listen on; expected "
                                                    "IP:PORT, such as 127.0.0.1:8000 or [::1]:8000",
                                                    bad));
  }
}

}  // namespace
}  // namespace wasmcloud::wash
