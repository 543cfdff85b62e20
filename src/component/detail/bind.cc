#include "component/detail/flatten.h"

namespace wasmcloud::component {

// Decides how each core instance is made, and hands the engine the functions it needs.
Result<void> Flattener::bind() {
  plan_.host_funcs = std::make_unique<engine::HostFuncSet>(plan_.component->engine());
  auto add_host_func = [&](const Lowered& lowered) {
    for (Lowered& it : plan_.lowered) {
      if (&it == &lowered && it.host_func == Lowered::kNoHostFunc) {
        it.host_func = plan_.host_funcs->add(it.core_type, it.function, &it);
      }
    }
  };
  for (Step& step : plan_.steps) {
    std::vector<engine::HostImport> imports;
    for (const ImportSource& source : step.imports) {
      if (source.lowered == nullptr) break;
      imports.push_back({.function = source.lowered->function,
                         .env = const_cast<Lowered*>(source.lowered)});  // NOLINT: read only
    }
    if (imports.size() == step.imports.size()) {
      Result<std::shared_ptr<const engine::InstancePre>> prepared =
          engine::InstancePre::create(step.module, imports);
      if (prepared) {
        step.prepared = std::move(*prepared);
        continue;
      }
      if (prepared.error().code() != Errc::Unsupported) return fail(std::move(prepared).error());
    }
    for (const ImportSource& source : step.imports) {
      if (source.lowered != nullptr) add_host_func(*source.lowered);
    }
  }
  for (const LoweredSlot& slot : plan_.lowered_slots) add_host_func(*slot.lowered);
  return {};
}

}  // namespace wasmcloud::component
