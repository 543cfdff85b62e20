#include "component/prepared.h"

#include "component/detail/flatten.h"
#include "component/detail/link_parts.h"
#include "component/detail/plan.h"
#include "component/detail/running_instance.h"
#include "component/instance.h"
#include "component/interface_version.h"
#include "component/linker.h"

#include <algorithm>

namespace wasmcloud::component {

Result<std::shared_ptr<const Prepared>> Linker::prepare(std::shared_ptr<const Component> component,
                                                        const PrepareOptions& options) const {
  auto plan = std::make_unique<Plan>();
  plan->component = std::move(component);
  TRY(Flattener(*plan, root_, options).run());
  return std::make_shared<const Prepared>(std::move(plan));
}

Result<std::shared_ptr<const Prepared>> Linker::prepare_linked(
    std::span<const Part> parts, const PrepareOptions& options) const {
  auto plan = std::make_unique<Plan>();
  plan->component = parts.front().component;
  TRY(PartLinker(*plan, root_, parts, options).run());
  return std::make_shared<const Prepared>(std::move(plan));
}

namespace {

/// Names of parameters are documentation to a host.
bool is_same(const RuntimeFunction& a, const RuntimeFunction& b) {
  return a.is_async == b.is_async && is_same_type(a.result, b.result) &&
         std::ranges::equal(a.params->parts, b.params->parts,
                            [](const RuntimePart& x, const RuntimePart& y) {
                              return is_same_type(x.type, y.type);
                            });
}

}  // namespace

const GuestResourceType* find_exported_resource(const Plan& plan, const HostResourceType& name) {
  const auto in = find_version(plan.exports.by_name, name.interface);
  if (in == plan.exports.by_name.end() || in->second.instance == nullptr) return nullptr;
  const auto& items = in->second.instance->by_name;
  const auto found = items.find(name.name);
  return found == items.end() ? nullptr : found->second.resource.guest();
}

const std::string& ExportedFunction::name() const { return lifted_->name; }
bool ExportedFunction::is_async() const { return lifted_->type.is_async; }

Prepared::Prepared(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
Prepared::~Prepared() = default;

Result<std::unique_ptr<Instance>> Prepared::instantiate(const InstanceOptions& options) const {
  std::unique_ptr<Instance> instance = create(options);
  TRY(instance->start());
  return instance;
}

std::unique_ptr<Instance> Prepared::create(const InstanceOptions& options) const {
  return std::make_unique<Instance>(RunningInstance::create(*plan_, options));
}

Result<ExportedFunction> Prepared::find(std::string_view instance, std::string_view function,
                                        const FunctionDescription* expected) const {
  const ExportedInstance* in = &plan_->exports;
  if (!instance.empty()) {
    const auto found = find_version(in->by_name, instance);
    if (found == in->by_name.end() || found->second.instance == nullptr) {
      return fail(Errc::NotFound, "the component does not export {}", instance);
    }
    in = found->second.instance.get();
  }
  const auto found = in->by_name.find(function);
  const std::string_view hash = instance.empty() ? "" : "#";
  if (found == in->by_name.end() || !found->second.is_function) {
    return fail(Errc::NotFound, "the component does not export function {}{}{}", instance, hash,
                function);
  }
  const Lifted* const lifted = found->second.function;
  if (lifted == nullptr) {
    return fail(
        Errc::Unsupported,
        "export {}{}{} is an imported function, passed through; calling it from the host is "
        "not supported",
        instance, hash, function);
  }
  if (expected != nullptr) {
    RuntimeTypes types;
    const RuntimeFunction wanted = types.from(*expected, [this](const HostResourceType& resource) {
      return find_exported_resource(*plan_, resource);
    });
    if (!is_same(wanted, lifted->type)) {
      return fail(Errc::Invalid, "export {}{}{} has the wrong type: {}, but {} is expected",
                  instance, hash, function, to_string(lifted->type), to_string(wanted));
    }
  }
  return ExportedFunction(*lifted);
}

bool Prepared::exports_instance(std::string_view instance) const {
  const auto found = find_version(plan_->exports.by_name, instance);
  return found != plan_->exports.by_name.end() && found->second.instance != nullptr;
}

std::vector<std::pair<std::string, std::shared_ptr<const engine::Module>>>
Prepared::exported_modules() const {
  std::vector<std::pair<std::string, std::shared_ptr<const engine::Module>>> out;
  for (const auto& [name, item] : plan_->exports.by_name) {
    if (item.module != nullptr) out.emplace_back(name, item.module);
  }
  return out;
}

const Component& Prepared::component() const { return *plan_->component; }
std::span<const uint32_t> Prepared::parts() const { return plan_->parts; }
std::vector<const Component*> Prepared::components() const {
  std::vector<const Component*> out = {plan_->component.get()};
  for (const auto& other : plan_->linked) out.push_back(other.get());
  return out;
}
size_t Prepared::core_instances() const {
  return static_cast<size_t>(std::ranges::count(plan_->steps, Step::Form::Module, &Step::form));
}
uint32_t Prepared::memories() const { return plan_->memories; }

}  // namespace wasmcloud::component
