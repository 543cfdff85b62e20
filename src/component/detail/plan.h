#pragma once

#include "component/canonical_context.h"
#include "component/component.h"
#include "component/detail/runtime_type.h"
#include "component/limits.h"
#include "component/resource_type.h"
#include "component/string_encoding.h"
#include "engine/instance_pre.h"
#include "engine/module.h"
#include "engine/values.h"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wasmcloud::component {

/// Canonical options with every index resolved to a slot of the running instance.
struct ResolvedOptions {
  StringEncoding encoding = StringEncoding::Utf8;
  bool is_async = false;
  uint32_t instance = 0;  ///< the component instance they belong to
  uint32_t memory = kNoSlot;
  uint32_t realloc = kNoSlot;
  uint32_t post_return = kNoSlot;
  uint32_t callback = kNoSlot;
};

/// A core function made into a component's (canon lift).
struct Lifted {
  ResolvedOptions options;
  uint32_t function = kNoSlot;
  RuntimeFunction type;
  uint32_t core_params = 0;
  uint32_t core_results = 0;
  std::string name;  ///< for messages; of the first export it has
};

/// A table that a core instance exports.
struct TableSource {
  uint32_t instance = 0;
  uint32_t index = 0;
};

/// A core function made by a canonical definition: what its caller's call means. The engine hands
/// it to `function` as the environment.
struct Lowered {
  engine::HostFunc function = nullptr;
  ResolvedOptions options;
  std::string name;  ///< for messages
  RuntimeFunction type;
  // canon lower of a host's function:
  HostFunction host = nullptr;
  void* self = nullptr;
  AsyncHostFunction async_host = nullptr;  ///< of an async function, instead of `host`
  // canon lower of a lifted function:
  const Lifted* callee = nullptr;
  // Built-ins:
  ResourceType resource;
  uint32_t slot = 0;
  const RuntimeType* payload = nullptr;  ///< of the stream or future; task.return: the result
  bool is_async_form = false;            ///< of cancels
  TableSource table = {};                ///< of thread.new-indirect
  // For the engine:
  engine::FuncType core_type;
  mutable size_t host_func = kNoHostFunc;  ///< index in Plan::host_funcs
  static constexpr size_t kNoHostFunc = ~size_t{0};

  // Canonical ABI, "flatten_functype", for the lowered side:
  bool params_in_memory() const {
    return options.is_async ? type.params->flat_count > kMaxFlatAsyncParams : type.params_spill();
  }
  bool result_in_memory() const {
    return type.result != nullptr && (options.is_async || type.results_spill());
  }
  uint32_t core_params() const { return static_cast<uint32_t>(core_type.params.size()); }
};

/// What one import of a module is given.
struct ImportSource {
  const Lowered* lowered = nullptr;  ///< else an export of a core instance:
  uint32_t instance = 0;
  uint32_t index = 0;
};

/// An item that canonical options and lifted functions need at hand.
struct Extract {
  uint32_t export_index = 0;
  uint32_t slot = 0;
};

/// A core function of the host that is used like an export: lifted again, or as a `realloc`.
struct LoweredSlot {
  const Lowered* lowered = nullptr;
  uint32_t slot = 0;
};

/// A table entry to be written: slot `index` of a shim's table.
struct TableWrite {
  uint32_t table_instance = 0;
  uint32_t table_export = 0;
  uint32_t index = 0;
  ImportSource function;
};

/// One core instance to be made; its slot is its position.
struct Step {
  enum class Form : uint8_t {
    Module,   ///< make an instance
    Fixup,    ///< write a shim's table and call the start function, in place of an instance
    Nothing,  ///< not needed any more
  };
  Form form = Form::Module;
  std::shared_ptr<const engine::Module> module;
  std::shared_ptr<const engine::InstancePre> prepared = {};  ///< if all imports are the host's
  std::vector<ImportSource> imports = {};                    ///< else
  std::vector<Extract> functions = {};
  std::vector<Extract> memories = {};
  std::vector<TableWrite> writes = {};
  std::optional<ImportSource> start = {};
};

struct PlanExport;
/// An instance of a component as others see it.
struct ExportedInstance {
  std::map<std::string, PlanExport, std::less<>> by_name;
};
/// What the root exports. Types and modules are of no use to hosts.
struct PlanExport {
  bool is_function = false;
  const Lifted* function = nullptr;  ///< null for a function of the host, passed through
  ResourceType resource;
  std::shared_ptr<const engine::Module> module;
  std::shared_ptr<const ExportedInstance> instance;
};

/// Everything `Prepared` knows.
struct Plan {
  std::shared_ptr<const Component> component;
  // Of parts that were linked (`Linker::prepare_linked`):
  std::vector<std::shared_ptr<const Component>> linked;  // beside `component`
  std::vector<uint32_t> parts;                           ///< their numbers, `component`'s first
  std::vector<uint32_t> part_of_instance;  ///< positions in `parts`, by component instance
  RuntimeTypes types;
  std::deque<Lifted> lifted;
  std::deque<Lowered> lowered;
  std::deque<GuestResourceType> resources;
  std::vector<Step> steps;
  std::vector<LoweredSlot> lowered_slots;
  std::unique_ptr<engine::HostFuncSet> host_funcs;
  uint32_t component_instances = 0;
  uint32_t functions = 0;
  uint32_t memories = 0;
  bool has_threads = false;  ///< guests may ask for the numbers of threads
  ExportedInstance exports;
  // Stand-ins for imports that the host does not have:
  std::deque<std::string> stub_names;
  std::deque<HostResourceType> stub_resources;
};

/// The resource that a component exports as `name`, if a guest in it implements that; else null.
const GuestResourceType* find_exported_resource(const Plan& plan, const HostResourceType& name);

}  // namespace wasmcloud::component
