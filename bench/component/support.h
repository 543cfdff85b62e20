#pragma once

#include "component/component.h"
#include "component/instance.h"
#include "component/linker.h"
#include "component/prepared.h"
#include "engine/engine.h"
#include "engine/values.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

/// What the benchmarks of this layer share: the components beside them, and the host they import.
namespace wasmcloud::component {

using engine::RawValue;

inline Result<void> add(void*, CanonicalContext&, RawValue* flat) noexcept {
  flat[0].u64 = flat[0].u32 + flat[1].u32;
  return {};
}

inline Result<void> put(void*, CanonicalContext& context, RawValue* flat) noexcept {
  benchmark::DoNotOptimize(TRY(context.bytes(flat[0].u32, flat[1].u32)).data());
  return {};
}

inline std::shared_ptr<const Prepared> prepare(const std::shared_ptr<engine::Engine>& engine,
                                               const std::string& name,
                                               PrepareOptions::Shims shims = {}) {
  std::ifstream in(std::string(WASH_BENCH_COMPONENTS) + "/" + name + ".wasm", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto component =
      Component::load(engine, std::as_bytes(std::span(bytes.data(), bytes.size())));
  static constexpr NamedType kAddParams[] = {{"a", &describe::kU32}, {"b", &describe::kU32}};
  static constexpr NamedType kPutParams[] = {{"text", &describe::kString}};
  Linker linker;
  linker.instance("bench:host/api@0.1.0")
      .func("add", {.params = kAddParams, .result = &describe::kU32}, add)
      .func("put", {.params = kPutParams}, put);
  return linker.prepare(*component, {.shims = shims}).value();
}

inline void call(Instance& instance, const ExportedFunction& function, std::span<RawValue> flat) {
  ExportCall call(instance, function);
  if (!call.enter() || !call.invoke(flat) || !call.finish()) std::abort();
}

}  // namespace wasmcloud::component
