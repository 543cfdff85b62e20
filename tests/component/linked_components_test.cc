// Components that are loaded one by one and linked to one another.
#include "component/support/components.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

Value text(std::string_view text) { return Value(std::string(text)); }

class LinkedComponents : public ::testing::Test {
 protected:
  Part part(const std::string& name, const std::string& component) {
    auto loaded = load_test_component(component_path(component));
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message();
    return {.name = name, .component = std::move(*loaded)};
  }

  std::string error_of(const std::vector<Part>& parts) {
    const auto prepared = linker_.prepare_linked(parts);
    EXPECT_FALSE(prepared.has_value());
    return prepared ? "" : prepared.error().message();
  }

  Linker linker_;
};

TEST_F(LinkedComponents, OneServesWhatAnotherImports) {
  const std::vector<Part> parts = {part("user", "linked-user"),
                                   part("nested", "nested"),  // exports nothing that is wanted
                                   part("provider", "linked-provider")};
  auto prepared = linker_.prepare_linked(parts);
  ASSERT_TRUE(prepared.has_value()) << prepared.error().message();
  EXPECT_EQ(std::vector<uint32_t>((*prepared)->parts().begin(), (*prepared)->parts().end()),
            (std::vector<uint32_t>{0, 2}));

  TestInstance test;
  TestHost others;
  HostState* const hosts[] = {&test.host, &others};
  test.prepared = *prepared;
  auto instance = (*prepared)->instantiate(
      {.limits = {}, .host = &test.host, .hosts = hosts, .loop = &test.loop});
  ASSERT_TRUE(instance.has_value()) << instance.error().message();
  test.instance = std::move(*instance);
  EXPECT_EQ(test.call("count", {Value(40u)}), Value(40u));
  EXPECT_EQ(test.call("shout", {text("h\xc3\xb6\xe2\x98\x83")}), text("h\xc3\xb6\xe2\x98\x83"));
  const Value points(
      Value::List{{Value(Value::Record{{"x", "name"}, {Value(-7), text("a")}}),
                   Value(Value::Record{{"x", "name"}, {Value(8), text("\xe2\x98\x83")}})}});
  EXPECT_EQ(test.call("points", {points}), points);
}

TEST_F(LinkedComponents, WhatNobodyExportsIsMissing) {
  EXPECT_EQ(error_of({part("user", "linked-user"), part("nested", "nested")}),
            "user: imports test:linked/counter@1.0.0, which this host does not have");
}

TEST_F(LinkedComponents, WhatTwoExportIsAmbiguous) {
  EXPECT_EQ(error_of({part("user", "linked-user"), part("one", "linked-provider"),
                      part("two", "linked-provider")}),
            "user: imports test:linked/counter@1.0.0, which both one and two export; leave one of "
            "them out of the workload");
  // Nobody asks for it here.
  EXPECT_TRUE(linker_.prepare_linked(
      std::vector<Part>{part("one", "linked-provider"), part("two", "linked-provider")}));
}

}  // namespace
}  // namespace wasmcloud::component
