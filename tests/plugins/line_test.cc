#include "plugins/logging/line.h"

#include <gtest/gtest.h>

namespace wasmcloud::plugins::logging {
namespace {

TEST(OneLine, SpellsOutWhatIsNotForATerminal) {
  struct Row {
    std::string_view name, text, line;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"plain", "hello, world", "hello, world"},
           {"empty", "", ""},
           {"line ends", "a\nb\r\nc", "a\\nb\\u{d}\\nc"},
           {"an escape sequence", "\x1b[31mred", "\\u{1b}[31mred"},
           {"a nul and a delete", std::string_view("a\0b\x7f", 4), "a\\u{0}b\\u{7f}"},
           {"a C1 control", "\xc2\x9b", "\\u{9b}"},
           {"a change of direction", "\xe2\x80\xae", "\\u{202e}"},
           {"a line separator", "\xe2\x80\xa8", "\\u{2028}"},
           {"letters and emoji", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8d\x89",
            "gr\xc3\xbc\xc3\x9f \xf0\x9f\x8d\x89"}})
    EXPECT_EQ(one_line(row.text, 100), row.line) << row.name;
}

TEST(OneLine, LeavesOutWhatIsTooMuchBetweenCharacters) {
  EXPECT_EQ(one_line("abcdef", 4), "abcd... (2 bytes left out)");
  EXPECT_EQ(one_line("abc\xc3\xbc", 4), "abc... (2 bytes left out)");
  EXPECT_EQ(one_line("abcd", 4), "abcd");
}

TEST(FormatLine, QuotesWhatCouldBeTakenForAnotherField) {
  EXPECT_EQ(format_line("shop", "cart", "db", "slow"),
            "slow workload=shop component=cart context=db");
  EXPECT_EQ(format_line("shop", "cart", "", "slow"), "slow workload=shop component=cart");
  EXPECT_EQ(format_line("shop", "cart", "x workload=\"other\"", "slow"),
            "slow workload=shop component=cart context=\"x workload=\\\"other\\\"\"");
}

}  // namespace
}  // namespace wasmcloud::plugins::logging
