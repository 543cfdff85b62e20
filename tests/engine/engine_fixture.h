#pragma once

#include "engine/engine.h"
#include "engine/instance_pre.h"
#include "engine/module.h"
#include "engine/stack.h"
#include "engine/store.h"
#include "engine/wait.h"
#include "support/wasm_builder.h"

#include <gtest/gtest.h>

namespace wasmcloud::engine {

/// Pools, and limits over all memories of a store, need functions that the C API lacks.
#ifdef WASH_ENGINE_SEAM
#define NEEDS_SEAM() static_cast<void>(0)
#else
#define NEEDS_SEAM() GTEST_SKIP() << "the engine was built without the seam"
#endif

/// One engine for all tests of this binary: a pool takes long to reserve under sanitizers.
inline const std::shared_ptr<Engine>& shared_engine() {
  static const std::shared_ptr<Engine> kEngine = [] {
    EngineOptions options;
    options.slots = 64;
    options.optimise = Optimise::Nothing;
    return Engine::create(options).value();
  }();
  return kEngine;
}

inline std::shared_ptr<const Module> compile(const testing::WasmBuilder& builder) {
  auto module = Module::compile(shared_engine(), builder.build());
  EXPECT_TRUE(module) << (module ? "" : module.error().message());
  return module ? *module : nullptr;
}

/// A store with one instance of a module whose imports are host functions.
struct Guest {
  std::unique_ptr<Store> store;
  std::shared_ptr<const Module> module;
  CoreInstance instance;

  Guest(const testing::WasmBuilder& builder, std::vector<HostImport> imports = {},
        const StoreLimits& limits = {})
      : store(Store::create(shared_engine(), limits)), module(compile(builder)) {
    auto pre = InstancePre::create(module, imports).value();
    auto made = pre->instantiate(*store);
    EXPECT_TRUE(made) << (made ? "" : made.error().message());
    if (made) instance = *made;
  }
  Func func(std::string_view name) { return store->export_named(instance, name).value().func; }
  Result<int32_t> call(std::string_view name, int32_t argument = 0) {
    RawValue values[1] = {{.i32 = argument}};
    TRY(store->call(func(name), values));
    return values[0].i32;
  }
};

using testing::Code;
using testing::Wasm;
using testing::WasmBuilder;
using testing::WasmBytes;

}  // namespace wasmcloud::engine
