#include "engine/module.h"

#include "engine/detail/compile_gate.h"
#include "engine/detail/impl.h"

#include <algorithm>

namespace wasmcloud::engine {
namespace {

Result<void> describe(Module::Impl& impl) {
  wasm_importtype_vec_t imports;
  wasmtime_module_imports(impl.native.get(), &imports);
  impl.imports.reserve(imports.size);
  for (size_t i = 0; i < imports.size; ++i) {
    const wasm_importtype_t* import = imports.data[i];
    impl.imports.push_back(
        ImportType{.module = std::string(detail::view(*wasm_importtype_module(import))),
                   .name = std::string(detail::view(*wasm_importtype_name(import))),
                   .type = detail::from_native(*wasm_importtype_type(import))});
  }
  wasm_importtype_vec_delete(&imports);

  wasm_exporttype_vec_t exports;
  wasmtime_module_exports(impl.native.get(), &exports);
  impl.exports.reserve(exports.size);
  for (size_t i = 0; i < exports.size; ++i) {
    const wasm_exporttype_t* item = exports.data[i];
    impl.exports.push_back(
        ExportType{.name = std::string(detail::view(*wasm_exporttype_name(item))),
                   .type = detail::from_native(*wasm_exporttype_type(item))});
  }
  wasm_exporttype_vec_delete(&exports);

  // `export_start` puts it last, so the others keep their places.
  if (!impl.exports.empty() && impl.exports.back().name == detail::kStartExport) {
    const ExternType& type = impl.exports.back().type;
    if (type.kind != ExternKind::Func || type.func != FuncType{}) {
      return fail(Errc::Invalid, "the start function takes or returns values; it may do neither");
    }
    impl.exports.pop_back();
    impl.has_start = true;
  }
  return {};
}

}  // namespace

Module::Module(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Module::~Module() = default;

Result<std::shared_ptr<const Module>> Module::compile(const std::shared_ptr<Engine>& engine,
                                                      std::span<const std::byte> wasm) {
  const auto changed = detail::export_start(wasm);
  if (changed) wasm = std::as_bytes(std::span(*changed));
  wasmtime_module_t* native = nullptr;
  const detail::CompileTurn turn(engine->impl().options.compile_threads);
  if (auto* error = wasmtime_module_new(engine->impl().native.get(),
                                        reinterpret_cast<const uint8_t*>(wasm.data()), wasm.size(),
                                        &native)) {
    return fail(detail::to_error(Errc::Invalid, error));
  }
  auto impl = std::make_unique<Impl>();
  impl->engine = engine;
  impl->native.reset(native);
  TRY(describe(*impl));
  return std::shared_ptr<const Module>(new Module(std::move(impl)));
}

Result<std::shared_ptr<const Module>> Module::deserialize(const std::shared_ptr<Engine>& engine,
                                                          std::span<const std::byte> code) {
  wasmtime_module_t* native = nullptr;
  if (auto* error = wasmtime_module_deserialize(engine->impl().native.get(),
                                                reinterpret_cast<const uint8_t*>(code.data()),
                                                code.size(), &native)) {
    return fail(detail::to_error(Errc::Invalid, error));
  }
  auto impl = std::make_unique<Impl>();
  impl->engine = engine;
  impl->native.reset(native);
  TRY(describe(*impl));
  return std::shared_ptr<const Module>(new Module(std::move(impl)));
}

Result<std::vector<std::byte>> Module::serialize() const {
  wasm_byte_vec_t bytes;
  if (auto* error = wasmtime_module_serialize(impl_->native.get(), &bytes)) {
    return fail(detail::to_error(Errc::Internal, error));
  }
  const auto* first = reinterpret_cast<const std::byte*>(bytes.data);
  std::vector<std::byte> code(first, first + bytes.size);
  wasm_byte_vec_delete(&bytes);
  return code;
}

const std::vector<ImportType>& Module::imports() const { return impl_->imports; }
const std::vector<ExportType>& Module::exports() const { return impl_->exports; }
bool Module::has_start() const { return impl_->has_start; }
const std::shared_ptr<Engine>& Module::engine() const { return impl_->engine; }

std::optional<size_t> Module::find_export(std::string_view name) const {
  const auto found = std::ranges::find(impl_->exports, name, &ExportType::name);
  if (found == impl_->exports.end()) return std::nullopt;
  return static_cast<size_t>(found - impl_->exports.begin());
}

}  // namespace wasmcloud::engine
