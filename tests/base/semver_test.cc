#include "base/semver.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

TEST(SemVer, OrdersByPrecedence) {
  // The chain of semver.org, section 11.
  const char* const chain[] = {"1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
                               "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",       "1.0.0",
                               "1.0.1",        "1.2.0",         "1.11.0",           "2.0.0"};
  for (size_t i = 0; i + 1 < std::size(chain); ++i) {
    const SemVer a = *SemVer::parse(chain[i]);
    const SemVer b = *SemVer::parse(chain[i + 1]);
    EXPECT_LT(a, b) << chain[i];
    EXPECT_EQ(a.str(), chain[i]);
  }
}

TEST(SemVer, RefusesWhatIsNoVersion) {
  for (const char* text : {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b",
                           "1.2.3+", "v1.2.3", "1.2.3 ", "99999999999999999999.0.0"}) {
    EXPECT_FALSE(SemVer::parse(text)) << text;
  }
}

TEST(SemVer, PrefixStopsBeforeADotThatBelongsToOthers) {
  EXPECT_EQ(SemVer::prefix_length("0.2.0.{a}"), 5u);
  EXPECT_EQ(SemVer::prefix_length("0.2.0-rc.1.{a}"), 10u);
  EXPECT_EQ(SemVer::prefix_length("0.2.0+x.{a}"), 7u);
  EXPECT_EQ(SemVer::prefix_length("0.2;"), 0u);
}

TEST(SemVer, TracksAreWhatMayStandInForOneAnother) {
  EXPECT_EQ(SemVer::parse("1.4.2")->track(), "1");
  EXPECT_EQ(SemVer::parse("0.2.12+b")->track(), "0.2");
  EXPECT_EQ(SemVer::parse("0.0.3")->track(), std::nullopt);
  EXPECT_EQ(SemVer::parse("0.2.0-rc.1")->track(), std::nullopt);
}

}  // namespace
}  // namespace wasmcloud
