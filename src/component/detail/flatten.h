#pragma once

#include "component/detail/linker_items.h"
#include "component/detail/plan.h"
#include "component/linker.h"
#include "component/validator.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace wasmcloud::component {

// What indices stand for while a component's tree is walked. Instantiation is static: nothing in a
// component's instantiation depends on values, so each of these is known before any instance
// exists.

struct Scope;
struct InstanceItem;

/// A core function, table, memory, global or tag: made by a canonical definition, or an export of a
/// core instance.
struct CoreItem {
  const Lowered* lowered = nullptr;
  uint32_t instance = 0;
  uint32_t index = 0;
};

struct CoreInstanceItem {
  bool is_made = false;  ///< by instantiating a module: `slot`, `module`
  uint32_t slot = 0;
  const engine::Module* module = nullptr;
  std::map<std::string, CoreItem, std::less<>> items = {};  ///< of one put together from items
};

struct FunctionItem {
  Lifted* lifted = nullptr;
  const HostFunctionItem* host = nullptr;
  RuntimeFunction type = {};
  std::string name = {};
};

/// A component and the scope it closes over.
struct ComponentItem {
  ComponentId id;
  const Scope* parent = nullptr;
};

struct OtherType {};

using Item = std::variant<OtherType, ResourceType, FunctionItem, std::shared_ptr<InstanceItem>,
                          ComponentItem, std::shared_ptr<const engine::Module>>;
using Items = std::map<std::string, Item, std::less<>>;

struct InstanceItem {
  Items exports;
};

/// One component while it is instantiated.
struct Scope {
  ComponentId id;
  const Scope* parent = nullptr;
  uint32_t instance = 0;  ///< its component instance
  const Items* imports = nullptr;
  Items exports;

  std::vector<CoreItem> core_functions;
  std::vector<CoreItem> core_tables;
  std::vector<CoreItem> core_memories;
  std::vector<CoreItem> core_globals;
  std::vector<CoreItem> core_tags;
  std::vector<std::shared_ptr<const engine::Module>> core_modules;
  std::vector<CoreInstanceItem> core_instances;
  std::vector<FunctionItem> functions;
  std::vector<ComponentItem> components;
  std::vector<std::shared_ptr<InstanceItem>> instances;
  std::unordered_map<uint32_t, ResourceType> resources;  ///< by ResourceId
  size_t next_origin = 0;                                ///< in ComponentInfo::resources
};

/// Walks a component's tree of instantiations and writes it down as a plan.
class Flattener {
 public:
  /// What other parts offer to this one: the instance of that name, null if none has it.
  using Siblings = std::function<Result<std::shared_ptr<InstanceItem>>(const std::string& name)>;

  Flattener(Plan& plan, const LinkerInstance& root, const PrepareOptions& options)
      : Flattener(plan, *plan.component, root, options, nullptr) {}
  Flattener(Plan& plan, const Component& component, const LinkerInstance& root,
            const PrepareOptions& options, Siblings siblings)
      : plan_(plan),
        component_(component),
        root_(root),
        options_(options),
        siblings_(std::move(siblings)) {}

  Result<void> run();
  /// The walk alone. What comes out is good as long as this.
  Result<Items> walk();
  /// Once all is walked: the rest.
  Result<void> finish(const Items& exports);

 private:
  // flatten.cc
  Result<Items> instantiate(const ComponentItem& component, const Items& imports, uint32_t depth);
  Result<void> define(Scope& scope, const Definition& definition, uint32_t depth);
  Result<void> define(Scope& scope, const CoreInstantiate& instance);
  Result<void> define(Scope& scope, const CoreInlineExports& exports);
  Result<void> define(Scope& scope, const InstanceDefinition& instance, uint32_t depth);
  Result<void> define(Scope& scope, const Alias& alias);
  Result<void> import(Scope& scope, const Import& import);
  Item item(const Scope& scope, SortIndex index) const;
  void append(Scope& scope, const Item& item);
  Result<void> find_resources(Scope& scope, size_t definition);
  void export_root(const Items& items);
  std::shared_ptr<const ExportedInstance> exported(const Items& items, const std::string& prefix);

  // flatten_canon.cc
  Result<void> define(Scope& scope, const Canon& canon);
  Result<void> lift(Scope& scope, const Canon& canon);
  Result<Lowered*> lower(Scope& scope, const Canon& canon);
  Result<ResolvedOptions> resolve(const Scope& scope, const CanonOptions& options);
  RuntimeTypes::Resources resources_of(const Scope& scope) const;
  uint32_t function_slot(const CoreItem& item);
  uint32_t memory_slot(const CoreItem& item);

  // flatten_imports.cc
  Result<Items> match_imports();
  const LinkerInstance::Items::Item* find_offered(std::string_view name) const;
  Result<Item> match(const std::string& name, const std::optional<std::string>& implements,
                     const ExternType& type);
  std::shared_ptr<InstanceItem> match_instance(const std::string& name, const InstanceType& type,
                                               const LinkerInstance* provider);
  FunctionItem match_function(const std::string& name, FunctionTypeId type,
                              const HostFunctionItem& host);
  void match_sibling(const std::string& name, const InstanceType& type, const InstanceItem& found);
  Item match_module(const std::string& name, CoreModuleTypeId type,
                    const std::shared_ptr<const engine::Module>& module);
  FunctionItem stub_function(const std::string& name);
  ResourceType stub_resource(const std::string& name, ResourceId id);
  bool stubs() const { return options_.missing == PrepareOptions::Missing::Trap; }
  void bind_resource(const std::string& name, ResourceId id, ResourceType type);
  void check_functions();

  // bind.cc
  Result<void> bind();
  Result<bool> prepare_module(Step& step);

  const TypeTable& table() const { return component_.definition().types; }
  const ComponentInfo& info(const Scope& scope) const { return component_.definition()[scope.id]; }

  Plan& plan_;
  const Component& component_;
  const LinkerInstance& root_;
  const PrepareOptions& options_;
  Siblings siblings_;  ///< null for a component by itself
  std::deque<Scope> scopes_;
  uint64_t walked_ = 0;  ///< definitions, once for each instance of their component
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> function_slots_;  ///< by instance and export
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> memory_slots_;
  std::map<const Lowered*, uint32_t> lowered_slots_;
  // While the root's imports are matched:
  struct Check {
    std::string name;
    FunctionTypeId type;
    RuntimeFunction offered;
  };
  std::unordered_map<uint32_t, ResourceType> bound_resources_;  ///< by ResourceId
  std::deque<HostFunctionItem> stub_functions_;
  std::vector<Check> checks_;
  std::vector<std::string> missing_;
  std::vector<std::string> mismatched_;
};

}  // namespace wasmcloud::component
