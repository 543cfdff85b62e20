// So many calls of one kind and nothing else, for counting instructions: the difference of two
// runs, divided by the difference of their counts (bench/run does this with callgrind).
//
//     component_calls export|import|guest|text|async-export|async|stream COUNT

#include "base/loop.h"
#include "component/abi/async_call.h"
#include "component/support.h"

#include <fmt/core.h>

#include <string_view>

namespace wasmcloud::component {
namespace {

/// A loop of `count` calls that runs within a guest, each of a text of `bytes`.
int run_loop(Instance& instance, const Prepared& prepared, std::string_view loop, uint64_t count,
             uint64_t bytes = 0) {
  engine::RawValue flat[2];
  flat[0].u64 = count;
  flat[1].u64 = bytes;
  call(instance, prepared.find("run", loop).value(), flat);
  return 0;
}

/// The same for async functions, of which one is called by the host `calls` times.
int run_async(const std::shared_ptr<engine::Engine>& engine, std::string_view function,
              uint64_t calls, uint32_t argument) {
  Loop loop;
  const auto prepared = prepare(engine, "async_calls");
  const auto instance = prepared->instantiate({.limits = {}, .loop = &loop}).value();
  const ExportedFunction found = prepared->find("run", function).value();
  const auto all = [&]() -> Task<void> {
    for (uint64_t i = 0; i < calls; ++i) {
      CO_TRY(co_await abi::call_async<void>(*instance, found, nullptr, argument));
    }
    co_return co_await instance->settle();
  };
  return run_to_end(loop, all()) ? 0 : 1;
}

int run(std::string_view kind, uint64_t count) {
  // Without a pool: its reservation is more than an instrumented process may have.
  const auto engine = engine::Engine::create({.slots = 0}).value();
  if (kind == "async-export") return run_async(engine, "nothing", count, 0);
  if (kind == "async") return run_async(engine, "add", 1, static_cast<uint32_t>(count));
  if (kind == "stream") return run_async(engine, "stream", 1, static_cast<uint32_t>(count));
  const auto prepared = prepare(engine, "calls");
  const auto instance = prepared->instantiate({}).value();
  if (kind == "import") return run_loop(*instance, *prepared, "host-add", count);
  if (kind == "guest") return run_loop(*instance, *prepared, "add", count);
  if (kind == "text") return run_loop(*instance, *prepared, "text", count, 1024);
  if (kind != "export") return 2;
  const ExportedFunction nothing = prepared->find("run", "nothing").value();
  for (uint64_t i = 0; i < count; ++i) call(*instance, nothing, {});
  return 0;
}

}  // namespace
}  // namespace wasmcloud::component

int main(int argc, char** argv) {
  const int status =
      argc == 3 ? wasmcloud::component::run(argv[1], std::strtoull(argv[2], nullptr, 10)) : 2;
  if (status != 0) {
    fmt::print(stderr,
               "usage: component_calls export|import|guest|text|async-export|async|stream COUNT\n");
  }
  return status;
}
