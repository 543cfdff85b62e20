// So many calls of one kind and nothing else, for counting instructions: the difference of two
// runs, divided by the difference of their counts (bench/run does this with callgrind).
//
//     component_calls export|import|guest COUNT

#include "component/support.h"

#include <fmt/core.h>

#include <string_view>

namespace wasmcloud::component {
namespace {

/// Calls from within a guest, `count` in one run.
void run_loop(Instance& instance, const ExportedFunction& function, uint64_t count) {
  engine::RawValue flat[2];
  flat[0].u64 = count;
  flat[1].u64 = 0;
  call(instance, function, flat);
}

int run(std::string_view kind, uint64_t count) {
  // Without a pool: its reservation is more than an instrumented process may have.
  const auto prepared = prepare(engine::Engine::create({.slots = 0}).value(), "calls");
  const auto instance = prepared->instantiate({}).value();
  if (kind == "export") {
    const ExportedFunction nothing = prepared->find("run", "nothing").value();
    for (uint64_t i = 0; i < count; ++i) call(*instance, nothing, {});
    return 0;
  }
  if (kind != "import" && kind != "guest") return 2;
  run_loop(*instance, prepared->find("run", kind == "import" ? "host-add" : "add").value(), count);
  return 0;
}

}  // namespace
}  // namespace wasmcloud::component

int main(int argc, char** argv) {
  const int status =
      argc == 3 ? wasmcloud::component::run(argv[1], std::strtoull(argv[2], nullptr, 10)) : 2;
  if (status != 0) fmt::print(stderr, "usage: component_calls export|import|guest COUNT\n");
  return status;
}
