// A composition of components with core code, run.
#include "component/composition/composition.h"
#include "component/support/components.h"
#include "component/typed.h"
#include "component/wave.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

using Bytes = std::vector<std::byte>;

std::string message_of(const auto& result) {
  return result ? "no error" : result.error().message();
}

Result<uint32_t> add(CanonicalContext&, uint32_t a, uint32_t b) { return a + b; }
Result<uint32_t> twice(CanonicalContext&, uint32_t n) { return n * 2; }

/// A store, an audit of it, and their user.
struct Shop {
  Bytes store = read_component(component_path("compose-store"));
  Bytes audit = read_component(component_path("compose-audit"));
  Bytes user = read_component(component_path("compose-user"));
  Composition composition{.parts = {{.name = "store", .bytes = store},
                                    {.name = "audit", .bytes = audit},
                                    {.name = "user", .bytes = user}},
                          .instances = {{.name = "user", .part = 2, .plugs = {1, 2}},
                                        {.name = "store", .part = 0},
                                        {.name = "audit", .part = 1, .plugs = {1}}},
                          .exported = {0}};
};

TEST(Composition, SharesAResourceAmongInstances) {
  const Shop shop;
  const auto binary = compose(shop.composition);
  ASSERT_TRUE(binary) << message_of(binary);
  TestInstance test;
  Linker linker;
  LinkerInstance& base = linker.instance("test:compose/base@1.0.5");
  define<add>(base, "add");
  define<twice>(base, "double");
  const auto loaded = Component::load(test_engine(), *binary);
  ASSERT_TRUE(loaded) << message_of(loaded);
  auto prepared = linker.prepare(*loaded);
  ASSERT_TRUE(prepared) << message_of(prepared);
  test.prepared = *prepared;
  test.instance =
      test.prepared->instantiate({.limits = {}, .host = &test.host, .loop = &test.loop}).value();
  const auto outcome = test.call("run", {Value(100u), Value(7u)});
  ASSERT_TRUE(outcome) << message_of(outcome);
  EXPECT_EQ(write_wave(*outcome), "{sum: 114, total: 14, count: 1}");
}

TEST(Composition, RefusesAResourceOfTwoOrigins) {
  Shop shop;
  // The audit has its store from outside, and the user has it from the instance.
  shop.composition.instances[2].plugs.clear();
  EXPECT_EQ(message_of(compose(shop.composition)),
            "user imports test:compose/audit, which audit exports, but they do not fit: type "
            "bucket is another resource there than the one that its other imports have; plug what "
            "both of them use from one instance, or from none");
}

}  // namespace
}  // namespace wasmcloud::component
