#include "wash/build/wasm_file.h"

#include <gtest/gtest.h>

namespace wasmcloud::wash {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out += static_cast<char>(value);
  return out;
}

struct ShapeCase {
  const char* name;
  std::string content;
  FileShape shape;
};

class ShapeOf : public testing::TestWithParam<ShapeCase> {};
TEST_P(ShapeOf, IsToldFromTheFirstBytes) {
  EXPECT_EQ(shape_of(GetParam().content), GetParam().shape);
}
INSTANTIATE_TEST_SUITE_P(
    Files, ShapeOf,
    testing::Values(
        ShapeCase{"Component", bytes({0, 'a', 's', 'm', 0x0d, 0, 1, 0}), FileShape::Component},
        ShapeCase{"CoreModule", bytes({0, 'a', 's', 'm', 1, 0, 0, 0}), FileShape::CoreModule},
        ShapeCase{"UnknownLayer", bytes({0, 'a', 's', 'm', 1, 0, 2, 0}), FileShape::Other},
        ShapeCase{"CutHeader", bytes({0, 'a', 's', 'm'}), FileShape::Other},
        ShapeCase{"Empty", "", FileShape::Empty},
        ShapeCase{"Text", "  ;; a comment\n(component)", FileShape::Text},
        ShapeCase{"ModuleText", "(module $m)", FileShape::Text},
        ShapeCase{"CommentOnly", ";; nothing", FileShape::Other},
        ShapeCase{"Elf",
                  "\x7f"
                  "ELF",
                  FileShape::Other}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(RequireComponent, SaysWhatToDo) {
  const auto message = [](std::string content) {
    return require_component(content, "x.wasm").error().message();
  };
  EXPECT_TRUE(require_component(bytes({0, 'a', 's', 'm', 0x0d, 0, 1, 0}), "x.wasm").has_value());
  EXPECT_EQ(message(bytes({0, 'a', 's', 'm', 1, 0, 0, 0})),
            "x.wasm is a core module, and a component is needed; build for wasm32-wasip2, let "
            "'wash build' wrap it, or "
            "run 'wasm-tools component new x.wasm --adapt wasi_snapshot_preview1=ADAPTER.wasm -o "
            "COMPONENT.wasm'");
  EXPECT_EQ(message("(component)"),
            "x.wasm is WebAssembly text, and a binary component is needed; translate it with "
            "'wasm-tools parse x.wasm -o COMPONENT.wasm'");
  EXPECT_EQ(message(""), "x.wasm is empty; expected a WebAssembly component");
  EXPECT_EQ(
      message("#!/bin/sh"),
      "x.wasm is no WebAssembly file: it does not begin with \"\\0asm\"; expected a component");
}

TEST(CoreExports, AreListed) {
  const std::string module = bytes({0, 'a', 's', 'm', 1,   0,   0,   0,   0, 2, 1, 'x', 7, 13,
                                    2, 6,   '_', 's', 't', 'a', 'r', 't', 0, 0, 0, 2,   0});
  EXPECT_EQ(core_exports(module).value(), (std::vector<std::string>{"_start", ""}));
}

TEST(CoreExports, OfACutModuleAreAnError) {
  const std::string module =
      bytes({0, 'a', 's', 'm', 1, 0, 0, 0, 7, 10, 1, 6, '_', 's', 't', 'a', 'r', 't', 0, 0});
  for (size_t size = 9; size < module.size(); ++size) {
    EXPECT_FALSE(core_exports(std::string_view(module).substr(0, size)).has_value()) << size;
  }
  EXPECT_EQ(core_exports(bytes({0, 'a', 's', 'm', 1, 0, 0, 0, 7, 0x80, 0x80, 0x80, 0x80, 0x80, 0}))
                .error()
                .message(),
            "a number of the module is longer than 32 bits");
}

}  // namespace
}  // namespace wasmcloud::wash
