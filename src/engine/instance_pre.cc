#include "engine/instance_pre.h"

#include "base/check.h"
#include "engine/detail/impl.h"

#include <map>

namespace wasmcloud::engine {
namespace {

wasmtime_error_t* define(wasmtime_linker_t* linker, std::string_view module, std::string_view name,
                         const wasm_functype_t* type, HostFunc function, void* env) {
  return wasmtime_linker_define_func_unchecked(
      linker, module.data(), module.size(), name.data(), name.size(), type, detail::call_host,
      new detail::HostEntry{.function = function, .env = env},  // deleted by its finalizer
      detail::delete_host_entry);
}

}  // namespace

struct InstancePre::Impl {
  std::shared_ptr<const Module> module;
  detail::InstancePreHandle native;
};

InstancePre::InstancePre(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
InstancePre::~InstancePre() = default;

const std::shared_ptr<const Module>& InstancePre::module() const { return impl_->module; }

Result<std::shared_ptr<const InstancePre>> InstancePre::create(
    std::shared_ptr<const Module> module, std::span<const HostImport> imports) {
  if (imports.size() != module->imports().size()) {
    return fail(Errc::Invalid, "the module imports {} items, {} were given",
                module->imports().size(), imports.size());
  }
  const detail::LinkerHandle linker(wasmtime_linker_new(module->engine()->impl().native.get()));
  std::map<std::pair<std::string_view, std::string_view>, HostImport> defined;
  for (size_t i = 0; i < imports.size(); ++i) {
    const ImportType& import = module->imports()[i];
    if (import.type.kind != ExternKind::Func) {
      return fail(Errc::Invalid, "import '{}' '{}' is not a function", import.module, import.name);
    }
    const auto [at, is_new] = defined.try_emplace({import.module, import.name}, imports[i]);
    if (!is_new) {
      if (at->second.function == imports[i].function && at->second.env == imports[i].env) continue;
      return fail(Errc::Unsupported,
                  "import '{}' '{}' is there twice and is bound to different functions",
                  import.module, import.name);
    }
    const detail::FuncTypeHandle type = detail::to_native(import.type.func);
    if (auto* error = define(linker.get(), import.module, import.name, type.get(),
                             imports[i].function, imports[i].env)) {
      return fail(detail::to_error(Errc::Invalid, error));
    }
  }
  wasmtime_instance_pre_t* native = nullptr;
  if (auto* error =
          wasmtime_linker_instantiate_pre(linker.get(), module->impl().native.get(), &native)) {
    return fail(detail::to_error(Errc::Invalid, error));
  }
  auto impl = std::make_unique<Impl>();
  impl->module = std::move(module);
  impl->native.reset(native);
  return std::shared_ptr<const InstancePre>(new InstancePre(std::move(impl)));
}

Result<CoreInstance> InstancePre::instantiate(Store& store) const {
  DCHECK(impl_->module->engine() == store.engine());
  CoreInstance instance;
  wasm_trap_t* trap = nullptr;
  wasmtime_error_t* error = nullptr;
  TRY(Access::outside_calls(store, [&] {
    error = wasmtime_instance_pre_instantiate(impl_->native.get(), store.context(),
                                              detail::native(instance), &trap);
  }));
  if (error != nullptr || trap != nullptr) {
    return fail(Access::instantiation_failure(store, error, trap));
  }
  return Access::run_start(store, *impl_->module, instance);
}

struct HostFuncSet::Impl {
  std::shared_ptr<Engine> engine;
  detail::LinkerHandle linker;
  std::vector<std::string> names;
};

HostFuncSet::HostFuncSet(std::shared_ptr<Engine> engine) : impl_(std::make_unique<Impl>()) {
  impl_->linker.reset(wasmtime_linker_new(engine->impl().native.get()));
  impl_->engine = std::move(engine);
}
HostFuncSet::~HostFuncSet() = default;

size_t HostFuncSet::add(const FuncType& type, HostFunc function, void* env) {
  const detail::FuncTypeHandle native_type = detail::to_native(type);
  std::string name = std::to_string(impl_->names.size());
  auto* error = define(impl_->linker.get(), "", name, native_type.get(), function, env);
  CHECK(error == nullptr);  // names are unique
  impl_->names.push_back(std::move(name));
  return impl_->names.size() - 1;
}

size_t HostFuncSet::size() const { return impl_->names.size(); }

Func HostFuncSet::get(Store& store, size_t index) const {
  const std::string& name = impl_->names[index];
  Extern item;
  const bool found = wasmtime_linker_get(impl_->linker.get(), store.context(), "", 0, name.data(),
                                         name.size(), detail::native(&item));
  CHECK(found);
  return item.func;
}

}  // namespace wasmcloud::engine
