#include "host/host.h"

#include <gtest/gtest.h>

#include <array>

namespace wasmcloud::host {
namespace {

constexpr std::array<std::byte, 8> kEmptyComponent = {
    std::byte{0},    std::byte{'a'}, std::byte{'s'}, std::byte{'m'},
    std::byte{0x0d}, std::byte{0},   std::byte{1},   std::byte{0}};

TEST(Host, AnEngineThatCannotBeIsToldToWhoeverNeedsIt) {
  HostOptions options;
  options.engine.max_wasm_stack = options.engine.stack_bytes * 2;
  const auto host = Host::create(options);
  ASSERT_TRUE(host) << host.error().message();
  const auto loaded = (*host)->load(kEmptyComponent, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), Errc::Invalid);
  EXPECT_NE(loaded.error().message().find("stack"), std::string::npos) << loaded.error().message();
  const auto engine = (*host)->engine();
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().message(), loaded.error().message());
  // What is wrong with a component does not wait for it.
  const auto malformed = (*host)->load(std::span(kEmptyComponent).first(7), {});
  ASSERT_FALSE(malformed);
  EXPECT_EQ(malformed.error().code(), Errc::Malformed);
}

TEST(Host, IsGoneWhileItsEngineIsBeingMade) {
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(Host::create());
}

}  // namespace
}  // namespace wasmcloud::host
