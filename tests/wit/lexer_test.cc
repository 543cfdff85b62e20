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
            (std::vector<std::string>{"docs:one\n two", "a", "docs:three\nfour", "b", "c", ""}));
}

TEST(Label, FollowsTheRuleForWords) {
  for (const char* good : {"a", "a1-2", "A-b", "is-XML", "x-1y"})
    EXPECT_TRUE(is_label(good)) << good;
  for (const char* bad : {"", "a--b", "aB", "-a", "1a", "a-", "a_b"})
    EXPECT_FALSE(is_label(bad)) << bad;
}

}  // namespace
}  // namespace wasmcloud::wit
