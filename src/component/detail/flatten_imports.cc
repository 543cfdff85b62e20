#include "base/check.h"
#include "component/detail/flatten.h"
#include "component/detail/module_match.h"
#include "component/interface_version.h"

#include <algorithm>

namespace wasmcloud::component {
namespace {

/// Whether a host has to provide something for an instance of this type: structural types alone are
/// satisfied by themselves.
bool needs_provider(const TypeTable& table, const InstanceType& type) {
  for (const NamedExtern& item : type.exports.items()) {
    switch (item.type.kind) {
      case ExternType::Kind::Type:
        if (item.type.is_resource()) return true;
        break;
      case ExternType::Kind::Instance:
        if (needs_provider(table, table[item.type.instance()])) return true;
        break;
      default:
        return true;
    }
  }
  return false;
}

template <class T>
const T* find_item(const LinkerInstance* provider, std::string_view name) {
  if (provider == nullptr) return nullptr;
  const auto found = provider->items().by_name.find(name);
  return found == provider->items().by_name.end() ? nullptr : std::get_if<T>(&found->second);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (!out.empty()) out += '\n';
    out += line;
  }
  return out;
}

}  // namespace

Result<Items> Flattener::match_imports() {
  const ValidatedComponent& component = component_.definition();
  const ComponentInfo& root = component.root();
  Items out;
  for (const ImportInfo& import : root.imports) {
    const auto& definition =
        std::get<Import>(component.decoded.root().definitions[import.definition].what);
    const std::string& name = table().text(import.name);
    out.emplace(name, TRY(match(name, definition.name.implements, import.type)));
  }
  check_functions();
  if (!missing_.empty()) return fail(Errc::NotFound, "{}", joined(missing_));
  if (!mismatched_.empty()) return fail(Errc::Invalid, "{}", joined(mismatched_));
  return out;
}

const LinkerInstance::Items::Item* Flattener::find_offered(std::string_view name) const {
  for (const LinkerInstance* root :
       {options_.more == nullptr ? nullptr : &options_.more->root(), &root_}) {
    if (root == nullptr) continue;
    const auto& by_name = root->items().by_name;
    if (const auto found = find_version(by_name, name); found != by_name.end())
      return &found->second;
  }
  return nullptr;
}

Result<Item> Flattener::match(const std::string& name, const std::optional<std::string>& implements,
                              const ExternType& type) {
  switch (type.kind) {
    case ExternType::Kind::Instance: {
      if (siblings_) {
        // A name of the component's own stands for the interface it implements.
        if (auto sibling = TRY(siblings_(implements.value_or(name)))) {
          match_sibling(name, table()[type.instance()], *sibling);
          return sibling;
        }
      }
      const LinkerInstance* provider = nullptr;
      const LinkerInstance::Items::Item* found = find_offered(name);
      if (found == nullptr && implements) found = find_offered(*implements);
      if (found != nullptr) {
        if (const auto* instance = std::get_if<std::unique_ptr<LinkerInstance>>(found)) {
          provider = instance->get();
        } else {
          mismatched_.push_back(
              fmt::format("imports instance {}, but this host has another kind of item", name));
          return std::make_shared<InstanceItem>();
        }
      }
      const InstanceType& wanted = table()[type.instance()];
      if (provider == nullptr && !stubs() && needs_provider(table(), wanted)) {
        missing_.push_back(fmt::format("imports {}, which this host does not have", name));
        return std::make_shared<InstanceItem>();
      }
      return match_instance(name, wanted, provider);
    }
    case ExternType::Kind::Function:
      if (const auto* host = find_item<HostFunctionItem>(&root_, name)) {
        return match_function(name, type.function(), *host);
      }
      if (stubs()) return stub_function(name);
      missing_.push_back(fmt::format("imports function {}, which this host does not have", name));
      return FunctionItem{};
    case ExternType::Kind::Type:
      if (!type.is_resource()) return OtherType{};
      if (const auto* host = find_item<const HostResourceType*>(&root_, name)) {
        bind_resource(name, type.type.resource(), ResourceType(**host));
        return ResourceType(**host);
      }
      if (stubs()) return stub_resource(name, type.type.resource());
      missing_.push_back(fmt::format("imports resource {}, which this host does not have", name));
      return OtherType{};
    case ExternType::Kind::CoreModule:
      if (const auto* host = find_item<std::shared_ptr<const engine::Module>>(&root_, name)) {
        return match_module(name, type.core_module(), *host);
      }
      missing_.push_back(
          fmt::format("imports core module {}, which this host does not have", name));
      return OtherType{};
    case ExternType::Kind::Component:
      return fail(Errc::Unsupported,
                  "imports component {}; components as imports of the root are not supported",
                  name);
    case ExternType::Kind::Value:
      return fail(Errc::Unsupported, "imports value {}; component values are not supported", name);
  }
  return OtherType{};
}

std::shared_ptr<InstanceItem> Flattener::match_instance(const std::string& name,
                                                        const InstanceType& type,
                                                        const LinkerInstance* provider) {
  auto out = std::make_shared<InstanceItem>();
  for (const NamedExtern& wanted : type.exports.items()) {
    const std::string& item = table().text(wanted.name);
    auto missing = [&](std::string_view what) {
      missing_.push_back(
          fmt::format("imports {} {} {}, which this host does not have", name, what, item));
    };
    switch (wanted.type.kind) {
      case ExternType::Kind::Function:
        if (const auto* host = find_item<HostFunctionItem>(provider, item)) {
          out->exports.emplace(item,
                               match_function(name + "#" + item, wanted.type.function(), *host));
        } else if (stubs()) {
          out->exports.emplace(item, stub_function(name + "#" + item));
        } else {
          missing("function");
        }
        break;
      case ExternType::Kind::Type:
        if (!wanted.type.is_resource()) {
          out->exports.emplace(item, OtherType{});
        } else if (const auto* host = find_item<const HostResourceType*>(provider, item)) {
          bind_resource(name + " resource " + item, wanted.type.type.resource(),
                        ResourceType(**host));
          out->exports.emplace(item, ResourceType(**host));
        } else if (const auto bound = bound_resources_.find(wanted.type.type.resource().value);
                   bound != bound_resources_.end()) {
          // Another name for one that is there.
          out->exports.emplace(item, bound->second);
        } else if (stubs()) {
          out->exports.emplace(item, stub_resource(item, wanted.type.type.resource()));
        } else {
          missing("resource");
        }
        break;
      case ExternType::Kind::Instance: {
        const auto* nested = find_item<std::unique_ptr<LinkerInstance>>(provider, item);
        const InstanceType& inner = table()[wanted.type.instance()];
        if (nested == nullptr && !stubs() && needs_provider(table(), inner)) {
          missing("instance");
        } else {
          out->exports.emplace(item, match_instance(name + "#" + item, inner,
                                                    nested == nullptr ? nullptr : nested->get()));
        }
        break;
      }
      case ExternType::Kind::CoreModule:
        if (const auto* host = find_item<std::shared_ptr<const engine::Module>>(provider, item)) {
          out->exports.emplace(item,
                               match_module(name + " " + item, wanted.type.core_module(), *host));
        } else {
          missing("core module");
        }
        break;
      case ExternType::Kind::Component:
        missing("component");
        break;
      case ExternType::Kind::Value:
        missing("value");
        break;
    }
  }
  return out;
}

Item Flattener::match_module(const std::string& name, CoreModuleTypeId type,
                             const std::shared_ptr<const engine::Module>& module) {
  if (Result<void> good = check_module(*module, table()[type], table().core()); !good) {
    mismatched_.push_back(
        fmt::format("imports core module {}, but {}", name, good.error().message()));
  }
  return module;
}

FunctionItem Flattener::stub_function(const std::string& name) {
  std::string& kept = plan_.stub_names.emplace_back(name);
  const HostFunctionItem& host = stub_functions_.emplace_back(HostFunctionItem{
      .type = {},
      .function = [](void* self, CanonicalContext&, engine::RawValue*) noexcept -> Result<void> {
        return fail(Errc::Trap, "{} is called, which this host does not have",
                    *static_cast<const std::string*>(self));
      },
      .self = &kept});
  return {.host = &host, .name = name};
}

ResourceType Flattener::stub_resource(const std::string& name, ResourceId id) {
  const std::string& kept = plan_.stub_names.emplace_back(name);
  const HostResourceType& type =
      plan_.stub_resources.emplace_back(HostResourceType{.interface = "missing", .name = kept});
  bound_resources_.try_emplace(id.value, type);
  return type;
}

void Flattener::bind_resource(const std::string& name, ResourceId id, ResourceType type) {
  const auto [found, inserted] = bound_resources_.try_emplace(id.value, type);
  if (inserted || found->second == type) return;
  mismatched_.push_back(fmt::format(
      "{} has the wrong type: the component takes {} and {} for one resource, this host does not",
      name, found->second.name(), type.name()));
}

// What another part exports against what this one takes it for.
void Flattener::match_sibling(const std::string& name, const InstanceType& type,
                              const InstanceItem& found) {
  for (const NamedExtern& wanted : type.exports.items()) {
    const std::string& item = table().text(wanted.name);
    const auto exported = found.exports.find(item);
    const bool is_there = exported != found.exports.end();
    switch (wanted.type.kind) {
      case ExternType::Kind::Function: {
        const auto* function = is_there ? std::get_if<FunctionItem>(&exported->second) : nullptr;
        if (function == nullptr) {
          missing_.push_back(fmt::format(
              "imports {} function {}, which the component that exports {} does not have", name,
              item, name));
        } else {
          checks_.push_back({.name = name + "#" + item,
                             .type = wanted.type.function(),
                             .offered = function->type});
        }
        break;
      }
      case ExternType::Kind::Type: {
        if (!wanted.type.is_resource()) break;
        const auto* resource = is_there ? std::get_if<ResourceType>(&exported->second) : nullptr;
        if (resource == nullptr) {
          missing_.push_back(fmt::format(
              "imports {} resource {}, which the component that exports {} does not have", name,
              item, name));
        } else {
          bind_resource(name + " resource " + item, wanted.type.type.resource(), *resource);
        }
        break;
      }
      case ExternType::Kind::Instance:
      case ExternType::Kind::CoreModule:
      case ExternType::Kind::Component:
      case ExternType::Kind::Value:
        mismatched_.push_back(fmt::format(
            "imports {} with {}, which is neither a function nor a type; this cannot be linked",
            name, item));
        break;
    }
  }
}

FunctionItem Flattener::match_function(const std::string& name, FunctionTypeId type,
                                       const HostFunctionItem& host) {
  // Its resources may not be bound yet.
  const RuntimeFunction offered = plan_.types.from(host.type);
  checks_.push_back({.name = name, .type = type, .offered = offered});
  return {.host = &host, .type = offered, .name = name};
}

void Flattener::check_functions() {
  static constexpr HostResourceType kUnknown{"", "unknown resource"};
  const auto resources = [&](ResourceId id) {
    const auto found = bound_resources_.find(id.value);
    return found == bound_resources_.end() ? ResourceType(kUnknown) : found->second;
  };
  for (const Check& check : checks_) {
    const FunctionTypeId id = table().plain(check.type);
    const RuntimeFunction wanted = plan_.types.from(table(), table()[id], resources);
    const RuntimeFunction& offered = check.offered;
    // Names of parameters are documentation to a host.
    if (wanted.is_async == offered.is_async && wanted.result == offered.result &&
        std::ranges::equal(wanted.params->parts, offered.params->parts, {}, &RuntimePart::type,
                           &RuntimePart::type)) {
      continue;
    }
    mismatched_.push_back(fmt::format("imports {} with the wrong type: {}, but this host has {}",
                                      check.name, to_string(wanted), to_string(offered)));
  }
}

}  // namespace wasmcloud::component
