#include "component/component.h"

#include "component/decoder.h"
#include "engine/code_cache.h"
#include "engine/module.h"

namespace wasmcloud::component {

Result<std::shared_ptr<const Component>> Component::load(
    const std::shared_ptr<engine::Engine>& engine, std::span<const std::byte> bytes,
    const LoadOptions& options) {
  std::shared_ptr<Component> component(new Component);
  component->engine_ = engine;
  component->bytes_.assign(bytes.begin(), bytes.end());
  DecodedComponent decoded = TRY(decode(component->bytes_));
  component->definition_ = TRY(validate(std::move(decoded), component->bytes_, options.features));
  // One after another: the compiler spreads the functions of each over its own threads.
  const size_t count = component->definition_.decoded.modules.size();
  for (uint32_t i = 0; i < count; ++i) {
    const std::span<const std::byte> module = component->module_bytes(ModuleId{i});
    component->modules_.push_back(TRY(options.cache != nullptr
                                          ? options.cache->load_or_compile(engine, module)
                                          : engine::Module::compile(engine, module)));
  }
  return component;
}

std::span<const std::byte> Component::module_bytes(ModuleId id) const {
  const ByteRange& range = definition_.decoded[id];
  return std::span(bytes_).subspan(range.offset, range.size);
}

std::vector<std::string_view> Component::import_names() const {
  std::vector<std::string_view> names;
  for (const ImportInfo& import : definition_.root().imports) {
    names.push_back(definition_.types.text(import.name));
  }
  return names;
}

std::vector<std::string_view> Component::export_names() const {
  std::vector<std::string_view> names;
  for (const ExportInfo& exported : definition_.root().exports) {
    names.push_back(definition_.types.text(exported.name));
  }
  return names;
}

}  // namespace wasmcloud::component
