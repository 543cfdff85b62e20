#include "base/json_text.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

TEST(JsonText, EscapesWhatMustBeAndNothingElse) {
  EXPECT_EQ(json_quoted(""), R"("")");
  EXPECT_EQ(json_quoted("a \"b\" \\ /"), R"("a \"b\" \\ /")");
  EXPECT_EQ(json_quoted("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json_quoted(std::string_view("\0\x01\x1f", 3)), R"("\u0000\u0001\u001f")");
  EXPECT_EQ(json_quoted("é\x7f"), "\"é\x7f\"");
}

}  // namespace
}  // namespace wasmcloud
