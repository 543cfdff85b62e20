#include "wash/wit/version_requirement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kVersions[] = {"0.0.3", "0.0.4",      "0.2.0", "0.2.3",
                                          "0.3.0", "1.0.0-rc.1", "1.0.0", "1.2.3+b",
                                          "1.3.0", "2.0.0-rc.1", "2.0.0"};

/// Which of the versions will do.
std::string matched(std::string_view requirement) {
  const auto parsed = VersionRequirement::parse(requirement);
  if (!parsed) return parsed.error().message();
  std::string out;
  for (const std::string_view text : kVersions) {
    if (!parsed->matches(*SemVer::parse(text))) continue;
    out += out.empty() ? "" : " ";
    out += text;
  }
  return out;
}

struct Row {
  std::string_view name;
  std::string_view requirement;
  std::string_view matches;
};

class Requirements : public ::testing::TestWithParam<Row> {};

TEST_P(Requirements, MatchAsCargosDo) {
  EXPECT_EQ(matched(GetParam().requirement), GetParam().matches);
}

INSTANTIATE_TEST_SUITE_P(
    All, Requirements,
    ::testing::Values(
        Row{"Any", "*", "0.0.3 0.0.4 0.2.0 0.2.3 0.3.0 1.0.0 1.2.3+b 1.3.0 2.0.0"},
        Row{"Caret", "^1.0.0", "1.0.0 1.2.3+b 1.3.0"},
        Row{"CaretOfOneNumber", "1", "1.0.0 1.2.3+b 1.3.0"}, Row{"CaretBelowOne", "0.2.1", "0.2.3"},
        Row{"CaretOfZeroZero", "^0.0.3", "0.0.3"}, Row{"CaretOfTwoZeros", "^0.0", "0.0.3 0.0.4"},
        Row{"CaretOfZero", "^0", "0.0.3 0.0.4 0.2.0 0.2.3 0.3.0"},
        Row{"Tilde", "~1.2.0", "1.2.3+b"}, Row{"TildeOfOneNumber", "~1", "1.0.0 1.2.3+b 1.3.0"},
        Row{"Exact", "=1.2.3", "1.2.3+b"}, Row{"ExactOfTwoNumbers", "=0.2", "0.2.0 0.2.3"},
        Row{"Star", "1.*", "1.0.0 1.2.3+b 1.3.0"},
        Row{"StarBelowOne", "0.*", "0.0.3 0.0.4 0.2.0 0.2.3 0.3.0"},
        Row{"Above", ">1.2.3", "1.3.0 2.0.0"}, Row{"AboveTwoNumbers", ">1.2", "1.3.0 2.0.0"},
        Row{"From", ">=1.3.0", "1.3.0 2.0.0"}, Row{"Below", "<0.2", "0.0.3 0.0.4"},
        Row{"UpTo", "<=0.2", "0.0.3 0.0.4 0.2.0 0.2.3"},
        Row{"UpToAll", "<=0.2.0", "0.0.3 0.0.4 0.2.0"},
        Row{"Both", ">=0.3, <1.3", "0.3.0 1.0.0 1.2.3+b"},
        Row{"PreRelease", ">=1.0.0-rc.1, <1.1", "1.0.0-rc.1 1.0.0"},
        Row{"ExactPreRelease", "=2.0.0-rc.1", "2.0.0-rc.1"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(VersionRequirement, RefusesWhatSaysNothing) {
  for (const std::string_view text :
       {"", "^", "1.2.3.4", "a", "1..2", "01", "1,", ">*", "1.2.", "-1"})
    EXPECT_THAT(matched(text), HasSubstr("says of no version whether it will do")) << text;
}

}  // namespace
}  // namespace wasmcloud::wash
