#include "base/secret.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <type_traits>

namespace wasmcloud {
namespace {

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);

TEST(Secret, LeavesNothingBehindWhenItMoves) {
  for (const std::string text : {"short", "long enough not to be kept within the object itself"}) {
    std::string given = text;
    Secret first(std::move(given));
    EXPECT_TRUE(given.empty());  // NOLINT(bugprone-use-after-move): that is what is promised
    Secret second(std::move(first));
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is promised
    EXPECT_EQ(second.reveal(), text);
    Secret third;
    third = std::move(second);
    EXPECT_EQ(third.copy(), third);
    EXPECT_FALSE(third == Secret("other"));
  }
}

TEST(Secret, IsWipedAsFarAsItsMemoryReaches) {
  std::string text = "secret words";
  const char* const memory = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string_view(memory, 12), std::string_view("\0\0\0\0\0\0\0\0\0\0\0\0", 12));
}

static_assert(!fmt::is_formattable<SharedSecret>::value);

TEST(SharedSecret, ComparesByItsText) {
  const SharedSecret first("hidden");
  const SharedSecret second = first;
  EXPECT_EQ(first, second);
  EXPECT_EQ(first, SharedSecret("hidden"));
  EXPECT_FALSE(first == SharedSecret("other"));
}

}  // namespace
}  // namespace wasmcloud
