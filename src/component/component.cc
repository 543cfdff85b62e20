#include "component/component.h"

#include "component/decoder.h"
#include "engine/code_cache.h"
#include "engine/module.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace wasmcloud::component {
namespace {

using ModuleResult = Result<std::shared_ptr<const engine::Module>>;

/// The core modules of a component, taken one by one by whoever has time. Shared by the caller and
/// its helpers: one that comes late finds nothing left, and touches nothing of the caller's.
class ModuleWork {
 public:
  ModuleWork(size_t count, std::function<ModuleResult(size_t)> make)
      : make_(std::move(make)), results_(count) {}

  void take_part() {
    for (size_t i = next_++; i < results_.size(); i = next_++) {
      results_[i].emplace(make_(i));
      const std::lock_guard lock(mutex_);
      if (++done_ == results_.size()) all_done_.notify_all();
    }
  }
  std::vector<std::optional<ModuleResult>>& finish() {
    take_part();
    std::unique_lock lock(mutex_);
    all_done_.wait(lock, [this] { return done_ == results_.size(); });
    return results_;
  }

 private:
  std::function<ModuleResult(size_t)> make_;
  std::vector<std::optional<ModuleResult>> results_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;  // threads that block anyway; no loop is among them
  std::condition_variable all_done_;
  size_t done_ = 0;
};

}  // namespace

Result<std::shared_ptr<const Component>> Component::load(
    const std::shared_ptr<engine::Engine>& engine, std::span<const std::byte> bytes,
    const LoadOptions& options) {
  return compile(engine, TRY(check(bytes, options.features)), options);
}

Result<CheckedComponent> Component::check(std::span<const std::byte> bytes,
                                          const Features& features) {
  CheckedComponent checked{.bytes = {bytes.begin(), bytes.end()}, .definition = {}};
  DecodedComponent decoded = TRY(decode(checked.bytes));
  checked.definition = TRY(validate(std::move(decoded), checked.bytes, features));
  return checked;
}

Result<std::shared_ptr<const Component>> Component::compile(
    const std::shared_ptr<engine::Engine>& engine, CheckedComponent checked,
    const LoadOptions& options) {
  std::shared_ptr<Component> component(new Component);
  component->engine_ = engine;
  component->checked_ = std::move(checked);
  const size_t count = component->definition().decoded.modules.size();
  const auto work = std::make_shared<ModuleWork>(
      count, [raw = component.get(), engine, cache = options.cache](size_t index) {
        const auto module = raw->module_bytes(ModuleId{static_cast<uint32_t>(index)});
        return cache != nullptr ? cache->load_or_compile(engine, module)
                                : engine::Module::compile(engine, module);
      });
  if (options.run_beside) {
    for (size_t i = 1; i < std::min(count, options.helpers + 1); ++i) {
      options.run_beside([work] { work->take_part(); });
    }
  }
  for (auto& result : work->finish()) component->modules_.push_back(TRY(std::move(*result)));
  return component;
}

std::span<const std::byte> Component::module_bytes(ModuleId id) const {
  const ByteRange& range = definition().decoded[id];
  return std::span(checked_.bytes).subspan(range.offset, range.size);
}

std::vector<std::string_view> Component::import_names() const {
  std::vector<std::string_view> names;
  for (const ImportInfo& import : definition().root().imports) {
    names.push_back(definition().types.text(import.name));
  }
  return names;
}

std::vector<std::string_view> Component::export_names() const {
  std::vector<std::string_view> names;
  for (const ExportInfo& exported : definition().root().exports) {
    names.push_back(definition().types.text(exported.name));
  }
  return names;
}

}  // namespace wasmcloud::component
