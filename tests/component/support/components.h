#pragma once

#include "base/loop.h"
#include "component/component.h"
#include "component/instance.h"
#include "component/linker.h"
#include "component/prepared.h"
#include "component/value.h"
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace wasmcloud::component {

/// One engine for all tests of the program.
inline const std::shared_ptr<engine::Engine>& test_engine() {
  static const std::shared_ptr<engine::Engine> engine =
      engine::Engine::create({.slots = 20, .max_memory_bytes = uint64_t{64} << 20}).value();
  return engine;
}

inline std::vector<std::byte> read_component(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

/// A component of tests/component/components.
inline std::filesystem::path component_path(const std::string& name) {
  return std::string(WASH_BINARY_DIR) + "/tests/component/components/" + name + ".wasm";
}

inline Result<std::shared_ptr<const Component>> load_test_component(
    const std::filesystem::path& path) {
  return Component::load(test_engine(), read_component(path));
}

/// What the components of these tests import.
class TestHost : public HostState {
 public:
  int drops = 0;
  int waits = 0;

  /// Offers `test:host/api` in this version.
  static void add_to(Linker& linker, std::string_view name = "test:host/api@0.2.7");
};

/// A prepared component with an instance, on a loop.
struct TestInstance {
  Loop loop;
  TestHost host;
  std::shared_ptr<const Prepared> prepared;
  std::unique_ptr<Instance> instance;

  static Result<std::unique_ptr<TestInstance>> create(const std::filesystem::path& path,
                                                      const PrepareOptions& options = {}) {
    auto out = std::make_unique<TestInstance>();
    Linker linker;
    TestHost::add_to(linker);
    out->prepared = TRY(linker.prepare(TRY(load_test_component(path)), options));
    out->instance =
        TRY(out->prepared->instantiate({.limits = {}, .host = &out->host, .loop = &out->loop}));
    return out;
  }

  /// Calls a function on a stack; an empty result is shown as "()".
  Result<Value> call(std::string_view function, std::vector<Value> arguments,
                     std::string_view in = "") {
    const ExportedFunction exported = TRY(prepared->find(in, function));
    std::vector<Value> values;
    TRY(run_to_end(loop, instance->run([&]() -> Result<void> {
      values = TRY(instance->call(exported, arguments));
      return {};
    })));
    return values.empty() ? Value(Value::Tuple{}) : values[0];
  }
};

}  // namespace wasmcloud::component
