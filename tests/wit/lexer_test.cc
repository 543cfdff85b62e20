#include "wit/lexer.h"

#include <gtest/gtest.h>

namespace wasmcloud::wit {
namespace {

std::vector<std::string> words(std::string text) {
  Sources sources;
  const uint32_t file = *sources.add("t.wit", std::move(text));
  Lexer lexer(sources, file);
  std::vector<std::string> list;
  do {
    if (auto done = lexer.advance(); !done) {
      list.push_back(done.error().message());
      break;
    }
    if (!lexer.docs().empty()) list.push_back("docs:" + lexer.docs());
    list.emplace_back(lexer.peek().text);
  } while (lexer.peek().kind != TokenKind::End);
  return list;
}

TEST(Lexer, CutsTokensAndSkipsComments) {
  EXPECT_EQ(words("a: func(%use: u8) -> _; // x\n/* b /* c */ */ d"),
            (std::vector<std::string>{"a", ":", "func", "(", "use", ":", "u8", ")", "->", "_", ";",
                                      "d", ""}));
}

TEST(Lexer, KeepsDocumentationForTheNextToken) {
  EXPECT_EQ(words("/// one\n///  two  \na /** three\n * four\n */ b /**/ c"),
            (std::vector<std::string>{"docs:one\n two", "a", "docs:three\n * four", "b", "c", ""}));
}

// What wasm-tools 1.263 makes of the same comments.
TEST(Lexer, KeepsWhatStandsInDocumentationAsItStands) {
  const auto docs = [](const std::string& text) { return words(text + "\nx").front(); };
  EXPECT_EQ(docs("/** One line. */"), "docs:One line.");
  EXPECT_EQ(docs("/**no space*/"), "docs:no space");
  EXPECT_EQ(docs("/** * bullet */"), "docs:* bullet");
  EXPECT_EQ(docs("/*** three */"), "docs:* three");
  EXPECT_EQ(docs("/**** four ****/"), "docs:** four ***");
  EXPECT_EQ(docs("/**\n * Starred\n *   indented\n * - list\n */"),
            "docs:\n * Starred\n *   indented\n * - list");
  EXPECT_EQ(docs("/**\r\n * a\r\n *\r\n * b\r\n */"), "docs:\n * a\n *\n * b");
  EXPECT_EQ(docs("/**\n   no star\n     more\n   * one starred\n   */"),
            "docs:\n   no star\n     more\n   * one starred");
  EXPECT_EQ(docs("/**\n   * x\n   **/"), "docs:\n   * x\n   *");
  EXPECT_EQ(docs("/** a /* nested */ b */"), "docs:a /* nested */ b");
  EXPECT_EQ(docs("/// line\n/** block then */\n/// line again"),
            "docs:line\nblock then\nline again");
  EXPECT_EQ(docs("///   three\n///    four"), "docs:three\n four");
  EXPECT_EQ(docs("/// a\n///\n///b\n///"), "docs: a\n\nb");
  EXPECT_EQ(docs("//// four slashes"), "docs:four slashes");
  for (const char* none : {"/**/", "/***/", "/** */", "///", "// a", "/* a */"})
    EXPECT_EQ(docs(none), "x") << none;
}

TEST(Label, FollowsTheRuleForWords) {
  for (const char* good : {"a", "a1-2", "A-b", "is-XML", "x-1y"})
    EXPECT_TRUE(is_label(good)) << good;
  for (const char* bad : {"", "a--b", "aB", "-a", "1a", "a-", "a_b"})
    EXPECT_FALSE(is_label(bad)) << bad;
}

}  // namespace
}  // namespace wasmcloud::wit
