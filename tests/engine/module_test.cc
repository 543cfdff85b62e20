#include "engine/module.h"

#include "engine_fixture.h"

namespace wasmcloud::engine {
namespace {

Error error_of(auto result) {
  EXPECT_FALSE(result);
  return result ? Error(Errc::Internal, "no error") : std::move(result).error();
}

TEST(Module, ListsImportsAndExportsWithTheirTypes) {
  WasmBuilder b;
  const auto type = b.type({Wasm::I32, Wasm::F64, Wasm::V128}, {Wasm::I64, Wasm::ExternRef});
  b.import_func("env", "f", type);
  b.import_memory("env", "m", 2);
  b.import_table("env", "t", 3);
  b.global(Wasm::I64, true, Code().i64(5), "g");
  b.memory(1, 9, "own");
  const auto module = compile(b);
  ASSERT_NE(module, nullptr);
  ASSERT_EQ(module->imports().size(), 3U);
  const ImportType& function = module->imports()[0];
  EXPECT_EQ(function.module, "env");
  EXPECT_EQ(function.name, "f");
  EXPECT_EQ(function.type.kind, ExternKind::Func);
  EXPECT_EQ(function.type.func,
            (FuncType{.params = {ValueType::I32, ValueType::F64, ValueType::V128},
                      .results = {ValueType::I64, ValueType::ExternRef}}));
  EXPECT_EQ(module->imports()[1].type.kind, ExternKind::Memory);
  EXPECT_EQ(module->imports()[1].type.memory, (MemoryType{.min_pages = 2, .max_pages = {}}));
  EXPECT_EQ(module->imports()[2].type.kind, ExternKind::Table);
  EXPECT_EQ(module->imports()[2].type.value, ValueType::FuncRef);
  ASSERT_EQ(module->exports().size(), 2U);
  EXPECT_EQ(module->exports()[0].type.kind, ExternKind::Global);
  EXPECT_EQ(module->exports()[0].type.value, ValueType::I64);
  EXPECT_TRUE(module->exports()[0].type.is_mutable);
  EXPECT_EQ(module->exports()[1].type.memory, (MemoryType{.min_pages = 1, .max_pages = 9}));
  EXPECT_EQ(module->find_export("own"), 1U);
  EXPECT_EQ(module->find_export("none"), std::nullopt);
}

TEST(Module, TypesTheCApiCannotNameDoNotEndTheProcess) {
  WasmBuilder b;
  // (func (export "f") (param exnref (ref 0))), 0x63/0x64: nullable and other references.
  const auto none = b.type({}, {});
  const auto odd = b.type({static_cast<Wasm>(0x69)}, {});
  b.func(none, Code(), "none");
  b.func(odd, Code(), "exnref");
  const auto module = compile(b);
  ASSERT_NE(module, nullptr);
  EXPECT_EQ(module->exports()[1].type.func.params, std::vector<ValueType>{ValueType::OtherRef});

  // A 64-bit table whose maximum does not fit 32 bits: (table (export "t") i64 1 0x1_0000_0000
  // funcref).
  WasmBytes table;
  table.u32(1).byte(0x70).byte(0x05).u32(1).u32(uint64_t{1} << 32);
  WasmBytes exported;
  exported.u32(1).text("t").byte(0x01).u32(0);
  WasmBytes module_bytes;
  for (const unsigned byte : {0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00}) {
    module_bytes.byte(byte);
  }
  module_bytes.byte(4).sized(table).byte(7).sized(exported);
  const auto with_table = Module::compile(shared_engine(), module_bytes.bytes);
  ASSERT_TRUE(with_table) << with_table.error().message();
  EXPECT_EQ((*with_table)->exports()[0].type.kind, ExternKind::Table);
}

TEST(Module, AnInvalidModuleIsRefusedWithTheEnginesReasonOnOneLine) {
  WasmBuilder b;
  b.func(b.type({}, {Wasm::I32}), Code().i64(1), "f");
  const Error error = error_of(Module::compile(shared_engine(), b.build()));
  EXPECT_EQ(error.code(), Errc::Invalid);
  EXPECT_NE(error.message().find("type mismatch"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("offset"), std::string::npos) << error.message();
  EXPECT_EQ(error.message().find('\n'), std::string::npos) << error.message();
}

TEST(Module, AnythingThatIsNotAModuleIsRefused) {
  EXPECT_EQ(error_of(Module::compile(shared_engine(), {})).code(), Errc::Invalid);
  const std::vector<std::byte> nonsense(100, std::byte{0x41});
  EXPECT_EQ(error_of(Module::compile(shared_engine(), nonsense)).code(), Errc::Invalid);
  // Every cut of a good module, also inside its start section.
  WasmBuilder b;
  b.start(b.func(b.type({}, {}), Code()));
  const auto good = b.build();
  for (size_t size = 0; size < good.size(); ++size) {
    const auto module = Module::compile(shared_engine(), std::span(good).first(size));
    // An empty module, and one that ends after its types, are whole.
    EXPECT_EQ(module.has_value(), size == 8 || size == 14) << size;
  }
}

TEST(Module, TheGcProposalIsOff) {
  WasmBuilder b;
  // (type (struct)): 0x5F and no fields, where a function type is expected.
  WasmBytes types;
  types.u32(1).byte(0x5F).u32(0);
  WasmBytes module;
  for (const unsigned byte : {0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00}) module.byte(byte);
  module.byte(1).sized(types);
  EXPECT_EQ(error_of(Module::compile(shared_engine(), module.bytes)).code(), Errc::Invalid);
}

TEST(Module, SurvivesSerialization) {
  WasmBuilder b;
  const auto none = b.type({}, {});
  const auto flag = b.global(Wasm::I32, true, Code().i32(1), "flag");
  b.start(b.func(none, Code().i32(2).global_set(flag)));
  const auto module = compile(b);
  ASSERT_NE(module, nullptr);
  EXPECT_TRUE(module->has_start());
  const auto code = module->serialize();
  ASSERT_TRUE(code);
  const auto loaded = Module::deserialize(shared_engine(), *code);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_TRUE((*loaded)->has_start());
  ASSERT_EQ((*loaded)->exports().size(), 1U);
  const auto store = Store::create(shared_engine(), {});
  const auto instance = store->instantiate(**loaded, {});
  ASSERT_TRUE(instance);
  const Extern global = store->export_at(*instance, **loaded, 0);
  EXPECT_EQ(store->get(global.global).value().i32, 2);
}

TEST(Module, CodeOfOtherSettingsIsRefused) {
  EngineOptions options;
  options.slots = 0;
  options.optimise = Optimise::Nothing;
  options.max_wasm_stack = size_t{128} << 10;
  const auto other = Engine::create(options).value();
  const std::vector<std::byte> nonsense(1000, std::byte{0x7F});
  EXPECT_EQ(error_of(Module::deserialize(other, nonsense)).code(), Errc::Invalid);
}

}  // namespace
}  // namespace wasmcloud::engine
