#include "component/linker.h"

#include "base/check.h"
#include "component/detail/linker_items.h"

namespace wasmcloud::component {

LinkerInstance::LinkerInstance() : items_(std::make_unique<Items>()) {}
LinkerInstance::~LinkerInstance() = default;

LinkerInstance& LinkerInstance::func(std::string_view name, const FunctionDescription& type,
                                     HostFunction function, void* self) {
  CHECK(type.effect == FunctionDescription::Effect::Sync);
  items_->by_name.insert_or_assign(
      std::string(name), HostFunctionItem{.type = type, .function = function, .self = self});
  return *this;
}

LinkerInstance& LinkerInstance::async_func(std::string_view name, const FunctionDescription& type,
                                           AsyncHostFunction function, void* self) {
  CHECK(type.effect == FunctionDescription::Effect::Async);
  items_->by_name.insert_or_assign(
      std::string(name), HostFunctionItem{.type = type, .self = self, .async_function = function});
  return *this;
}

LinkerInstance& LinkerInstance::resource(std::string_view name, const HostResourceType& type) {
  items_->by_name.insert_or_assign(std::string(name), &type);
  return *this;
}

LinkerInstance& LinkerInstance::instance(std::string_view name) {
  Items::Item& item =
      items_->by_name.try_emplace(std::string(name), std::make_unique<LinkerInstance>())
          .first->second;
  auto* nested = std::get_if<std::unique_ptr<LinkerInstance>>(&item);
  if (nested == nullptr) {
    item = std::make_unique<LinkerInstance>();
    nested = std::get_if<std::unique_ptr<LinkerInstance>>(&item);
  }
  return **nested;
}

LinkerInstance& LinkerInstance::module(std::string_view name,
                                       std::shared_ptr<const engine::Module> module) {
  items_->by_name.insert_or_assign(std::string(name), std::move(module));
  return *this;
}

Linker::Linker() = default;
Linker::~Linker() = default;

}  // namespace wasmcloud::component
