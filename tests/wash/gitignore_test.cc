#include "wash/dev/gitignore.h"

#include "support/temporary_folder.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

struct PatternCase {
  const char* name;
  const char* pattern;
  const char* path;
  bool matches;
  FileKind kind = FileKind::File;
};

class Pattern : public ::testing::TestWithParam<PatternCase> {};

TEST_P(Pattern, MatchesAsGitDoes) {
  const auto pattern = IgnorePattern::parse(GetParam().pattern);
  ASSERT_TRUE(pattern.has_value());
  EXPECT_EQ(pattern->matches(GetParam().path, GetParam().kind), GetParam().matches)
      << GetParam().pattern << " on " << GetParam().path;
}

constexpr FileKind kFolder = FileKind::Directory;
INSTANTIATE_TEST_SUITE_P(
    Table, Pattern,
    ::testing::Values(PatternCase{"NameAtTheTop", "a.txt", "a.txt", true},
                      PatternCase{"NameBelow", "a.txt", "x/y/a.txt", true},
                      PatternCase{"NameIsWhole", "a.txt", "aa.txt", false},
                      PatternCase{"NameIsNoPrefix", "a", "a/b", false},
                      PatternCase{"LeadingSlashTies", "/a.txt", "x/a.txt", false},
                      PatternCase{"LeadingSlashAtTheTop", "/a.txt", "a.txt", true},
                      PatternCase{"MiddleSlashTies", "x/a.txt", "y/x/a.txt", false},
                      PatternCase{"MiddleSlash", "x/a.txt", "x/a.txt", true},
                      PatternCase{"FolderOnlyOnFolder", "out/", "out", true, kFolder},
                      PatternCase{"FolderOnlyBelow", "out/", "x/out", true, kFolder},
                      PatternCase{"FolderOnlyOnFile", "out/", "out", false},
                      PatternCase{"Star", "*.o", "x/a.o", true},
                      PatternCase{"StarStaysInItsPart", "x/*.o", "x/y/a.o", false},
                      PatternCase{"StarMayBeEmpty", "a*", "a", true},
                      PatternCase{"TwoStarsWithoutSlashes", "a**b", "axxb", true},
                      PatternCase{"TwoStarsWithoutSlashesStay", "x/a**b", "x/a/b", false},
                      PatternCase{"Question", "a?c", "abc", true},
                      PatternCase{"QuestionIsNoSlash", "x/a?c", "x/a/c", false},
                      PatternCase{"Set", "[a-c]x", "bx", true},
                      PatternCase{"SetOutside", "[a-c]x", "dx", false},
                      PatternCase{"InvertedSet", "[!a-c]x", "dx", true},
                      PatternCase{"InvertedSetIsNoSlash", "x/a[!b]c", "x/a/c", false},
                      PatternCase{"SetWithBracket", "[]]", "]", true},
                      PatternCase{"OpenSetIsText", "[ab", "[ab", true},
                      PatternCase{"LeadingFolders", "**/out", "x/y/out", true},
                      PatternCase{"LeadingFoldersMayBeNone", "**/out", "out", true},
                      PatternCase{"MiddleFolders", "a/**/b", "a/x/y/b", true},
                      PatternCase{"MiddleFoldersMayBeNone", "a/**/b", "a/b", true},
                      PatternCase{"MiddleFoldersKeepTheirSlashes", "a/**/b", "a/xb", false},
                      PatternCase{"Everything", "a/**", "a/x/y", true},
                      PatternCase{"EverythingIsNotTheFolder", "a/**", "a", false, kFolder},
                      PatternCase{"EscapedHash", "\\#a", "#a", true},
                      PatternCase{"EscapedBang", "\\!a", "!a", true},
                      PatternCase{"EscapedStar", "a\\*", "a*", true},
                      PatternCase{"EscapedStarIsNoStar", "a\\*", "ab", false},
                      PatternCase{"TrailingBlanksGo", "a.txt  ", "a.txt", true},
                      PatternCase{"EscapedBlankStays", "a\\ ", "a ", true},
                      PatternCase{"CarriageReturnGoes", "a.txt\r", "a.txt", true},
                      PatternCase{"ManyStarsEnd", "*a*a*a*a*a*a*a*a*b",
                                  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(IgnorePattern, IsNothingForBlankLinesAndComments) {
  for (const char* line : {"", "   ", "# a comment", "!", "/", "\r"}) {
    EXPECT_FALSE(IgnorePattern::parse(line).has_value()) << line;
  }
}

class IgnoreRulesTest : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
};

TEST_F(IgnoreRulesTest, LaterAndDeeperLinesWin) {
  folder_.write(".git/HEAD", "");
  folder_.write(".gitignore", "*.log\n!keep.log\n");
  folder_.write("sub/.gitignore", "keep.log\n!other.log\n");
  IgnoreRules rules(folder_.path());
  EXPECT_TRUE(rules.ignores("a.log", FileKind::File));
  EXPECT_FALSE(rules.ignores("keep.log", FileKind::File));
  EXPECT_TRUE(rules.ignores("sub/keep.log", FileKind::File));
  EXPECT_FALSE(rules.ignores("sub/other.log", FileKind::File));
  EXPECT_FALSE(rules.ignores("sub/a.txt", FileKind::File));
}

TEST_F(IgnoreRulesTest, FilesAboveTheProjectCountUpToTheRepository) {
  folder_.write(".gitignore", "never");
  folder_.write("repository/.git/info/exclude", "/project/private");
  folder_.write("repository/.gitignore", "/project/out\n*.o\n");
  folder_.write("repository/project/a", "");
  IgnoreRules rules(folder_.path("repository/project"));
  EXPECT_TRUE(rules.ignores("out", FileKind::Directory));
  EXPECT_TRUE(rules.ignores("src/a.o", FileKind::File));
  EXPECT_TRUE(rules.ignores("private", FileKind::File));
  EXPECT_FALSE(rules.ignores("never", FileKind::File));
}

TEST_F(IgnoreRulesTest, AProjectInAnIgnoredFolderHasItsOwnRulesOnly) {
  folder_.write(".git/HEAD", "");
  folder_.write(".gitignore", "/build/\n*.txt\n");
  folder_.write("build/demo/.gitignore", "/out\n");
  IgnoreRules rules(folder_.path("build/demo"));
  EXPECT_FALSE(rules.ignores("src", FileKind::Directory));
  EXPECT_FALSE(rules.ignores("a.txt", FileKind::File));
  EXPECT_TRUE(rules.ignores("out", FileKind::Directory));
}

}  // namespace
}  // namespace wasmcloud::wash
