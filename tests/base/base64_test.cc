#include "base/base64.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

// RFC 4648, section 10
TEST(Base64, FollowsTheVectorsOfItsStandard) {
  const std::pair<std::string, std::string> rows[] = {{"", ""},
                                                      {"f", "Zg=="},
                                                      {"fo", "Zm8="},
                                                      {"foo", "Zm9v"},
                                                      {"foob", "Zm9vYg=="},
                                                      {"fooba", "Zm9vYmE="},
                                                      {"foobar", "Zm9vYmFy"},
                                                      {"\xff\xfe\xfd", "//79"}};
  for (const auto& [plain, encoded] : rows) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
  EXPECT_EQ(from_base64("Zm9v\nYg"), "foob");
}

TEST(Base64, RefusesWhatIsNone) {
  for (const std::string_view text : {"Z", "Zg=", "Zg===", "Zg==Zg==", "Z!==", "Zm9v=", "Zm9_"})
    EXPECT_FALSE(from_base64(text).has_value()) << text;
}

}  // namespace
}  // namespace wasmcloud
