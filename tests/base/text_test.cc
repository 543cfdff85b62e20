#include "base/text.h"

#include <gtest/gtest.h>

#include <array>

namespace wasmcloud {
namespace {

TEST(Text, TrimTakesBlanksOffBothSides) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, SplitKeepsEmptyPieces) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

TEST(Text, JoinPutsTheSeparatorBetween) {
  const std::array<std::string, 3> parts = {"a", "a", "b"};
  EXPECT_EQ(join(parts, ", "), "a, a, b");
  EXPECT_EQ(join(std::span(parts).first(1), ", "), "a");
}

TEST(EditDistance, CountsSwapsOfNeighboursOnce) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("build", "biuld"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

struct ClosestCase {
  const char* name;
  const char* word;
  const char* expected;
};

class Closest : public testing::TestWithParam<ClosestCase> {};

TEST_P(Closest, FindsWhatWasMeant) {
  static constexpr std::array<std::string_view, 6> kWords = {
      "build", "dev", "run", "--address", "--memory-limit", "-C"};
  EXPECT_EQ(closest(GetParam().word, kWords), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Words, Closest,
                         testing::Values(ClosestCase{"SwappedLetters", "biuld", "build"},
                                         ClosestCase{"MissingLetter", "--adress", "--address"},
                                         ClosestCase{"OtherCase", "DEV", "dev"},
                                         ClosestCase{"OtherCaseOfAShortFlag", "-c", "-C"},
                                         ClosestCase{"LongWithTwoErrors", "--memorylimits",
                                                     "--memory-limit"},
                                         ClosestCase{"NothingNear", "publish", ""},
                                         ClosestCase{"OtherShortFlag", "-x", ""},
                                         ClosestCase{"TooShortToGuess", "xyz", ""}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace wasmcloud
