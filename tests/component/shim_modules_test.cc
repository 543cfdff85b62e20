#include "component/detail/shim_modules.h"

#include "component/decoder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace wasmcloud::component {
namespace {

std::vector<std::byte> read(const std::string& name) {
  std::ifstream in(std::string(WASH_SHARED_DIR) + "/guests/" + name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

struct Found {
  int shims = 0;
  int fixups = 0;
  int others = 0;
};

Found classify(const std::string& name) {
  const std::vector<std::byte> bytes = read(name);
  const Result<DecodedComponent> component = decode(bytes);
  Found found;
  if (!component) return found;
  for (const ByteRange& range : component->modules) {
    const auto module = std::span(bytes).subspan(range.offset, range.size);
    if (read_shim_module(module)) {
      ++found.shims;
    } else if (read_fixup_module(module)) {
      ++found.fixups;
    } else {
      ++found.others;
    }
  }
  return found;
}

TEST(ShimModules, AreRecognisedInWhatToolchainsWrite) {
  if (!std::filesystem::exists(std::string(WASH_SHARED_DIR) + "/guests")) {
    GTEST_SKIP() << "the ready-made components are not here";
  }
  for (const char* name :
       {"p2-hello.wasm", "p2-cli.wasm", "c-hello.wasm", "go-hello.wasm", "cpp-hello.wasm"}) {
    const Found found = classify(name);
    EXPECT_EQ(found.shims, 1) << name;
    EXPECT_EQ(found.fixups, 1) << name;
    EXPECT_GE(found.others, 1) << name;
  }
}

std::vector<std::byte> module(std::initializer_list<int> bytes) {
  std::vector<std::byte> out;
  for (const int byte : {0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0}) out.push_back(std::byte(byte));
  for (const int byte : bytes) out.push_back(std::byte(byte));
  return out;
}

// One function (i32) -> () that calls slot 3 of a table of 4, and both exported.
constexpr std::initializer_list<int> kShim = {
    1,  5,  1, 0x60, 1,   0x7f, 0,                              // type
    3,  2,  1, 0,                                               // function
    4,  4,  1, 0x70, 0,   4,                                    // table
    7,  9,  2, 1,    '0', 0,    0, 1,    't', 1,    0,          // export
    10, 11, 1, 9,    0,   0x20, 0, 0x41, 3,   0x11, 0, 0, 0x0b  // code
};

TEST(ShimModules, ReadsSlotsOfTrampolines) {
  const std::optional<ShimModule> shim = read_shim_module(module(kShim));
  ASSERT_TRUE(shim);
  EXPECT_EQ(shim->table, "t");
  EXPECT_EQ(shim->size, 4u);
  ASSERT_EQ(shim->trampolines.size(), 1u);
  EXPECT_EQ(shim->trampolines[0].first, "0");
  EXPECT_EQ(shim->trampolines[0].second, 3u);
}

TEST(ShimModules, RefusesAFunctionThatDoesAnythingElse) {
  std::vector<std::byte> bytes = module(kShim);
  bytes[bytes.size() - 8] = std::byte{1};  // another local than the argument's
  EXPECT_FALSE(read_shim_module(bytes));
  bytes = module(kShim);
  bytes.insert(bytes.end(), {std::byte{5}, std::byte{3}, std::byte{1}, std::byte{0}, std::byte{1}});
  EXPECT_FALSE(read_shim_module(bytes)) << "a memory";
  EXPECT_FALSE(read_fixup_module(bytes));
}

}  // namespace
}  // namespace wasmcloud::component
