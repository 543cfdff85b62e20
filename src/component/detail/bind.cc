#include "component/detail/flatten.h"
#include "component/detail/shim_modules.h"

#include <algorithm>
#include <optional>

namespace wasmcloud::component {
namespace {

/// The proof that a step only fills the table of another, and what it writes.
struct Fixup {
  size_t step = 0;
  size_t shim = 0;
  uint32_t table_export = 0;
  FixupModule module;
  std::map<uint32_t, uint32_t> slot_of_export;  ///< of the shim's trampolines, by export index
  std::map<uint32_t, ImportSource> written;     ///< by slot
};

class Shims {
 public:
  explicit Shims(Plan& plan) : plan_(plan) {
    add(*plan.component);
    for (const auto& linked : plan.linked) add(*linked);
  }

  void bypass() {
    for (size_t i = 0; i < plan_.steps.size(); ++i) {
      if (std::optional<Fixup> fixup = prove(i)) bypass(*fixup);
    }
  }

 private:
  void add(const Component& component) {
    for (size_t i = 0; i < component.modules().size(); ++i) {
      modules_[component.modules()[i].get()] = {&component, ModuleId{static_cast<uint32_t>(i)}};
    }
  }

  std::span<const std::byte> bytes(const Step& step) const {
    const auto found = modules_.find(step.module.get());
    if (found == modules_.end()) return {};
    const auto& [component, id] = found->second;
    return component->module_bytes(id);
  }

  std::optional<Fixup> prove(size_t step) const {
    const Step& fixup = plan_.steps[step];
    if (bytes(fixup).empty() || !fixup.module->exports().empty()) return std::nullopt;
    std::optional<FixupModule> module = read_fixup_module(bytes(fixup));
    if (!module) return std::nullopt;
    const ImportSource table = fixup.imports[module->table];
    if (table.lowered != nullptr) return std::nullopt;
    const Step& shim = plan_.steps[table.instance];
    if (bytes(shim).empty()) return std::nullopt;
    const std::optional<ShimModule> shim_module = read_shim_module(bytes(shim));
    if (!shim_module || shim.module->find_export(shim_module->table) != table.index) {
      return std::nullopt;
    }
    Fixup out{.step = step,
              .shim = table.instance,
              .table_export = table.index,
              .module = std::move(*module),
              .slot_of_export = {},
              .written = {}};
    // Nobody else may see the table.
    for (size_t i = 0; i < plan_.steps.size(); ++i) {
      for (size_t j = 0; j < plan_.steps[i].imports.size(); ++j) {
        const ImportSource& source = plan_.steps[i].imports[j];
        if (source.lowered == nullptr && source.instance == out.shim &&
            source.index == table.index && (i != step || j != out.module.table)) {
          return std::nullopt;
        }
      }
    }
    for (const auto& [slot, import] : out.module.writes) {
      if (slot >= shim_module->size) return std::nullopt;  // traps
      out.written[slot] = fixup.imports[import];
    }
    if (out.module.start && fixup.imports[*out.module.start].lowered != nullptr) {
      return std::nullopt;
    }
    for (const auto& [name, slot] : shim_module->trampolines) {
      const std::optional<size_t> index = shim.module->find_export(name);
      if (!index) return std::nullopt;
      out.slot_of_export[static_cast<uint32_t>(*index)] = slot;
    }
    return out;
  }

  void bypass(const Fixup& fixup) {
    Step& shim = plan_.steps[fixup.shim];
    bool is_shim_used = !shim.functions.empty();
    for (size_t i = 0; i < plan_.steps.size(); ++i) {
      if (i == fixup.step) continue;
      for (size_t j = 0; j < plan_.steps[i].imports.size(); ++j) {
        ImportSource& source = plan_.steps[i].imports[j];
        if (source.lowered != nullptr || source.instance != fixup.shim) continue;
        const auto slot = fixup.slot_of_export.find(source.index);
        const auto written = slot == fixup.slot_of_export.end() ? fixup.written.end()
                                                                : fixup.written.find(slot->second);
        if (written != fixup.written.end() && written->second.lowered != nullptr &&
            plan_.steps[i].module->imports()[j].type.func == written->second.lowered->core_type) {
          source = written->second;
        } else {
          is_shim_used = true;
        }
      }
    }
    Step& step = plan_.steps[fixup.step];
    if (is_shim_used) {
      for (const auto& [slot, function] : fixup.written) {
        step.writes.push_back({.table_instance = static_cast<uint32_t>(fixup.shim),
                               .table_export = fixup.table_export,
                               .index = slot,
                               .function = function});
      }
    } else {
      shim.form = Step::Form::Nothing;
      shim.imports.clear();
    }
    if (fixup.module.start) step.start = step.imports[*fixup.module.start];
    step.form = step.writes.empty() && !step.start ? Step::Form::Nothing : Step::Form::Fixup;
    step.imports.clear();
  }

  Plan& plan_;
  std::map<const engine::Module*, std::pair<const Component*, ModuleId>> modules_;
};

}  // namespace

// Decides how each core instance is made, and hands the engine the functions it needs.
Result<void> Flattener::bind() {
  if (options_.shims == PrepareOptions::Shims::Bypass) Shims(plan_).bypass();
  plan_.host_funcs = std::make_unique<engine::HostFuncSet>(plan_.component->engine());
  auto add_host_func = [&](const Lowered* lowered) {
    if (lowered == nullptr || lowered->host_func != Lowered::kNoHostFunc) return;
    lowered->host_func = plan_.host_funcs->add(
        lowered->core_type, lowered->function,
        const_cast<Lowered*>(lowered));  // NOLINT(cppcoreguidelines-pro-type-const-cast): read only
  };
  for (Step& step : plan_.steps) {
    if (step.form == Step::Form::Module && TRY(prepare_module(step))) continue;
    for (const ImportSource& source : step.imports) add_host_func(source.lowered);
    for (const TableWrite& write : step.writes) add_host_func(write.function.lowered);
  }
  for (const LoweredSlot& slot : plan_.lowered_slots) add_host_func(slot.lowered);
  return {};
}

// The fast way to make an instance: all its imports are functions of ours, of just its types.
Result<bool> Flattener::prepare_module(Step& step) {
  std::vector<engine::HostImport> imports;
  for (size_t i = 0; i < step.imports.size(); ++i) {
    const Lowered* const lowered = step.imports[i].lowered;
    const engine::ExternType& type = step.module->imports()[i].type;
    if (lowered == nullptr || type.kind != engine::ExternKind::Func ||
        type.func != lowered->core_type) {
      return false;
    }
    imports.push_back({.function = lowered->function,
                       .env = const_cast<Lowered*>(lowered)});  // NOLINT: read only
  }
  Result<std::shared_ptr<const engine::InstancePre>> prepared =
      engine::InstancePre::create(step.module, imports);
  if (!prepared) {
    if (prepared.error().code() == Errc::Unsupported) return false;
    return fail(std::move(prepared).error());
  }
  step.prepared = std::move(*prepared);
  return true;
}

}  // namespace wasmcloud::component
