#include "base/units.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

using std::chrono::milliseconds;

TEST(Duration, ReadsUnitsAndTheirSums) {
  EXPECT_EQ(parse_duration("500ms").value(), milliseconds(500));
  EXPECT_EQ(parse_duration("600").value(), milliseconds(600'000));
  EXPECT_EQ(parse_duration("1m30s").value(), milliseconds(90'000));
  EXPECT_EQ(parse_duration("2h").value(), milliseconds(7'200'000));
  EXPECT_EQ(parse_duration("0").value(), milliseconds(0));
}

TEST(Duration, SaysWhatIsExpected) {
  for (const char* bad :
       {"", "s", "1.5s", "-1s", "10 s", "3weeks", "1m30", "99999999999999999999s"}) {
    const auto parsed = parse_duration(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(
        parsed.error().message(),
        fmt::format("'{}' is no duration; expected a form like 500ms, 30s, 1m30s or 2h", bad));
  }
  EXPECT_EQ(parse_duration("99999999999h").error().code(), Errc::Limit);
}

TEST(Size, ReadsBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_size("65536").value(), 65536U);
  EXPECT_EQ(parse_size("256MiB").value(), 256U << 20);
  EXPECT_EQ(parse_size("64K").value(), 65536U);
  EXPECT_EQ(parse_size("10MB").value(), 10'000'000U);
}

TEST(Size, SaysWhatIsExpected) {
  for (const char* bad : {"", "MiB", "1.5GiB", "-1", "10 MiB", "10MiB5", "4XB"}) {
    const auto parsed = parse_size(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(
        parsed.error().message(),
        fmt::format("'{}' is no size; expected a form like 65536, 64KiB, 256MiB or 1GiB", bad));
  }
  EXPECT_EQ(parse_size("999999999999999GiB").error().code(), Errc::Limit);
}

TEST(Units, AreWrittenForPeople) {
  using namespace std::chrono_literals;
  EXPECT_EQ(format_duration(850us), "850 µs");
  EXPECT_EQ(format_duration(1450us), "1.4 ms");
  EXPECT_EQ(format_duration(74ms), "74 ms");
  EXPECT_EQ(format_duration(1400ms), "1.4 s");
  EXPECT_EQ(format_duration(125s), "2m 05s");
  EXPECT_EQ(format_size(512), "512 B");
  EXPECT_EQ(format_size(75878), "74.1 KiB");
  EXPECT_EQ(format_size(12U << 20), "12.0 MiB");
  EXPECT_EQ(format_size(uint64_t{5} << 40), "5.0 TiB");
}

}  // namespace
}  // namespace wasmcloud
