// Instances: linking, start functions, limits, and what they hold.

#include "engine_fixture.h"

namespace wasmcloud::engine {
namespace {

Error error_of(auto result) {
  EXPECT_FALSE(result);
  return result ? Error(Errc::Internal, "no error") : std::move(result).error();
}

Result<void> add_one(void* /*env*/, Store& /*store*/, RawValue* values) noexcept {
  values[0].i32 += 1;
  return {};
}
Result<void> add_ten(void* /*env*/, Store& /*store*/, RawValue* values) noexcept {
  values[0].i32 += 10;
  return {};
}
Result<void> parks(void* /*env*/, Store& store, RawValue* /*values*/) noexcept {
  return park(store);
}

TEST(InstancePre, BindsEachImportOnce) {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto first = b.import_func("h", "f", unary);
  const auto second = b.import_func("h", "f", unary);
  b.func(unary, Code().local_get(0).call(first).call(second), "run");
  const auto module = compile(b);
  const HostImport one{add_one, nullptr};
  const HostImport ten{add_ten, nullptr};
  EXPECT_TRUE(InstancePre::create(module, std::vector{one, one}));
  EXPECT_EQ(error_of(InstancePre::create(module, std::vector{one, ten})).code(), Errc::Unsupported);
  EXPECT_EQ(error_of(InstancePre::create(module, std::vector{one})).code(), Errc::Invalid);

  WasmBuilder with_memory;
  with_memory.import_memory("h", "m", 1);
  EXPECT_EQ(error_of(InstancePre::create(compile(with_memory), std::vector{one})).code(),
            Errc::Invalid);
}

TEST(Instance, LinksModulesOfOneStore) {
  const auto store = Store::create(shared_engine(), {});
  WasmBuilder provider;
  const auto unary = provider.type({Wasm::I32}, {Wasm::I32});
  provider.memory(1, std::nullopt, "memory");
  provider.table(4, std::nullopt, "table");
  provider.func(unary, Code().local_get(0).i32(2).i32_mul(), "twice");
  const auto provider_module = compile(provider);
  const auto provided = store->instantiate(*provider_module, {}).value();

  WasmBuilder user;
  const auto type = user.type({Wasm::I32}, {Wasm::I32});
  const auto twice = user.import_func("a", "twice", type);
  const auto host = user.import_func("a", "host", type);
  user.import_memory("a", "memory", 1);
  user.import_table("a", "table", 4);
  user.func(type, Code().i32(64).local_get(0).call(twice).call(host).i32_store().i32(64).i32_load(),
            "run");
  user.func(type, Code().local_get(0).i32(1).call_indirect(type), "indirect");
  const auto user_module = compile(user);

  HostFuncSet set(shared_engine());
  const FuncType unary_type{.params = {ValueType::I32}, .results = {ValueType::I32}};
  set.add(unary_type, add_one, nullptr);
  const size_t ten = set.add(unary_type, add_ten, nullptr);
  ASSERT_EQ(set.size(), 2U);
  const Extern memory = store->export_named(provided, "memory").value();
  const Extern table = store->export_named(provided, "table").value();
  const std::vector<Extern> imports = {store->export_named(provided, "twice").value(),
                                       set.get(*store, ten), memory, table};
  const auto instance = store->instantiate(*user_module, imports);
  ASSERT_TRUE(instance) << instance.error().message();
  RawValue values[1] = {{.i32 = 4}};
  ASSERT_TRUE(store->call(store->export_named(*instance, "run").value().func, values));
  EXPECT_EQ(values[0].i32, 18);
  EXPECT_EQ(store->bytes(memory.memory)[64], std::byte{18});

  // A host function of this store, put into the guest's table.
  EXPECT_EQ(store->size(table.table), 4U);
  EXPECT_TRUE(store->get(table.table, 1).value().is_null());
  ASSERT_TRUE(store->set(table.table, 1, store->make_func(unary_type, add_one, nullptr)));
  EXPECT_FALSE(store->get(table.table, 1).value().is_null());
  values[0].i32 = 1;
  ASSERT_TRUE(store->call(store->export_named(*instance, "indirect").value().func, values));
  EXPECT_EQ(values[0].i32, 2);
  EXPECT_EQ(error_of(store->set(table.table, 4, Func{})).code(), Errc::Invalid);
  EXPECT_EQ(error_of(store->get(table.table, 4)).code(), Errc::Invalid);

  EXPECT_EQ(error_of(store->instantiate(*user_module, std::span(imports).first(3))).code(),
            Errc::Invalid);
  const std::vector<Extern> wrong = {memory, set.get(*store, ten), memory, table};
  EXPECT_EQ(error_of(store->instantiate(*user_module, wrong)).code(), Errc::Invalid);
  EXPECT_EQ(error_of(store->export_named(*instance, "none")).code(), Errc::NotFound);
}

TEST(Instance, GlobalsAndFunctionReferencesGoBothWays) {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto pass = b.type({Wasm::FuncRef}, {Wasm::FuncRef});
  b.global(Wasm::I32, true, Code().i32(7), "i32");
  b.global(Wasm::F64, true, Code().f64(0.5), "f64");
  b.global(Wasm::I32, false, Code().i32(1), "constant");
  b.global(Wasm::FuncRef, true, Code().op(0xD0).op(0x70), "funcref");
  b.func(unary, Code().local_get(0), "id");
  b.func(pass, Code().local_get(0), "pass");
  Guest guest(b);
  Store& store = *guest.store;
  const auto global = [&](std::string_view name) {
    return store.export_named(guest.instance, name).value().global;
  };
  EXPECT_EQ(store.get(global("i32")).value().i32, 7);
  EXPECT_TRUE(store.set(global("i32"), {.i32 = -3}));
  EXPECT_EQ(store.get(global("i32")).value().i32, -3);
  EXPECT_EQ(store.get(global("f64")).value().f64, 0.5);
  EXPECT_EQ(error_of(store.set(global("constant"), {.i32 = 2})).code(), Errc::Invalid);

  const Func id = guest.func("id");
  RawValue values[1] = {{.funcref = store.to_raw(id)}};
  ASSERT_TRUE(store.call(guest.func("pass"), values));
  EXPECT_EQ(store.from_raw(values[0].funcref), id);
  EXPECT_TRUE(store.from_raw(nullptr).is_null());
  EXPECT_EQ(store.to_raw(Func{}), nullptr);
  EXPECT_TRUE(store.set(global("funcref"), {.funcref = nullptr}));
  EXPECT_TRUE(store.set(global("funcref"), {.funcref = store.to_raw(id)}));
  EXPECT_EQ(store.from_raw(store.get(global("funcref")).value().funcref), id);
}

TEST(Instance, AStartFunctionRunsAndItsTrapIsReported) {
  WasmBuilder b;
  const auto none = b.type({}, {});
  b.start(b.func(none, Code().unreachable()));
  const auto store = Store::create(shared_engine(), {});
  const Error error = error_of(store->instantiate(*compile(b), {}));
  EXPECT_EQ(error.code(), Errc::Trap);
  EXPECT_EQ(error.message(), "wasm trap: wasm `unreachable` instruction executed");
}

TEST(Instance, AStartFunctionThatTakesValuesIsRefused) {
  WasmBuilder b;
  b.start(b.func(b.type({Wasm::I32}, {}), Code()));
  EXPECT_EQ(error_of(Module::compile(shared_engine(), b.build())).code(), Errc::Invalid);
}

WasmBuilder starts_with_a_wait() {
  WasmBuilder b;
  const auto none = b.type({}, {});
  const auto wait = b.import_func("h", "wait", none);
  b.memory(1);
  const auto done = b.global(Wasm::I32, true, Code().i32(0), "done");
  b.start(b.func(none, Code().call(wait).i32(1).global_set(done)));
  b.func(none, Code(), "other");
  return b;
}

TEST(Instance, AStartFunctionMayWaitOnAStack) {
  const auto module = compile(starts_with_a_wait());
  EXPECT_EQ(module->exports().size(), 2U);
  const auto pre = InstancePre::create(module, std::vector<HostImport>{{parks, nullptr}}).value();
  const auto store = Store::create(shared_engine(), {});
  std::vector<CoreInstance> instances;
  Stack stack(*store, [&]() -> Result<void> {
    // Both ways to an instance, one after the other, on the stack.
    instances.push_back(TRY(pre->instantiate(*store)));
    const Func wait = store->make_func(FuncType{}, parks, nullptr);
    instances.push_back(TRY(store->instantiate(*module, std::vector<Extern>{wait})));
    return {};
  });
  EXPECT_FALSE(stack.poll());
  EXPECT_EQ(instances.size(), 0U);
  stack.wake();
  EXPECT_FALSE(stack.poll());
  EXPECT_EQ(instances.size(), 1U);
  stack.wake();
  EXPECT_TRUE(stack.poll());
  const auto result = stack.take_result();
  ASSERT_TRUE(result) << result.error().message();
  for (const CoreInstance& instance : instances) {
    EXPECT_EQ(store->get(store->export_named(instance, "done").value().global).value().i32, 1);
  }
}

TEST(Instance, AStartFunctionThatWaitsOffAStackTraps) {
  const auto pre =
      InstancePre::create(compile(starts_with_a_wait()), std::vector<HostImport>{{parks, nullptr}})
          .value();
  const auto store = Store::create(shared_engine(), {});
  EXPECT_EQ(error_of(pre->instantiate(*store)).code(), Errc::Trap);
}

WasmBuilder grows() {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  b.memory(1, std::nullopt, "memory");
  b.table(10, std::nullopt, "table");
  b.func(unary, Code().local_get(0).memory_grow(), "grow");
  b.func(unary, Code().local_get(0).memory_grow().drop().unreachable(), "grow-or-die");
  // table.grow 0: (ref.null func) n.
  Code grow_table;
  grow_table.op(0xD0).op(0x70).local_get(0).op(0xFC).u32(15).u32(0);
  b.func(unary, grow_table, "grow-table");
  return b;
}

TEST(Limits, MemoryIsCountedOverAllInstancesOfAStore) {
  NEEDS_SEAM();
  Guest guest(grows(), {}, {.memory_bytes = 5 * 65536});
  Store& store = *guest.store;
  EXPECT_EQ(store.memory_bytes_used(), 65536U);
  const auto second = store.instantiate(*guest.module, {}).value();
  EXPECT_EQ(store.memory_bytes_used(), 2 * 65536U);
  EXPECT_EQ(guest.call("grow", 3).value(), 1);
  EXPECT_EQ(guest.call("grow", 1).value(), -1);
  const Memory memory = store.export_named(second, "memory").value().memory;
  EXPECT_EQ(error_of(store.grow(memory, 1)).code(), Errc::Limit);
  // A third instance's first page is one too many.
  const Error error = error_of(store.instantiate(*guest.module, {}));
  EXPECT_EQ(error.code(), Errc::Limit);
  EXPECT_NE(error.message().find("327680 bytes of memory"), std::string::npos) << error.message();
}

TEST(Limits, ATrapAfterARefusedGrowthNamesTheLimit) {
  NEEDS_SEAM();
  Guest guest(grows(), {}, {.memory_bytes = 65536});
  const Error error = error_of(guest.call("grow-or-die", 1));
  EXPECT_EQ(error.code(), Errc::Limit);
  EXPECT_NE(error.message().find("limit of 65536 bytes of memory"), std::string::npos)
      << error.message();
}

TEST(Limits, TableElementsAreCounted) {
  Guest guest(grows(), {}, {.table_elements = 15});
  EXPECT_EQ(guest.call("grow-table", 5).value(), 10);
  EXPECT_EQ(guest.call("grow-table", 1).value(), -1);
}

TEST(Limits, ATableLargerThanTheLimitIsNamed) {
  NEEDS_SEAM();
  const auto module = compile(grows());
  const auto store = Store::create(shared_engine(), {.table_elements = 9});
  const Error error = error_of(store->instantiate(*module, {}));
  EXPECT_EQ(error.code(), Errc::Limit);
  EXPECT_EQ(error.number(), 0);
  EXPECT_NE(error.message().find("limit is 9 table elements"), std::string::npos)
      << error.message();
}

TEST(Limits, InstancesTablesAndMemoriesAreCounted) {
  const auto module = compile(grows());
  const StoreLimits cases[] = {{.instances = 1}, {.tables = 1}, {.memories = 1}};
  for (const StoreLimits& limits : cases) {
    const auto store = Store::create(shared_engine(), limits);
    EXPECT_TRUE(store->instantiate(*module, {}));
    const Error error = error_of(store->instantiate(*module, {}));
    EXPECT_EQ(error.code(), Errc::Limit) << error.message();
    EXPECT_EQ(error.number(), 0) << error.message();
  }
}

TEST(Limits, AFullPoolIsALimit) {
  NEEDS_SEAM();
  const auto module = compile(grows());
  std::vector<std::unique_ptr<Store>> stores;
  Result<CoreInstance> last = CoreInstance{};
  while (last && stores.size() < 100) {
    stores.push_back(Store::create(shared_engine(), {}));
    last = stores.back()->instantiate(*module, {});
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code(), Errc::Limit) << last.error().message();
  EXPECT_EQ(last.error().number(), EAGAIN) << last.error().message();
  stores.clear();
  EXPECT_TRUE(Store::create(shared_engine(), {})->instantiate(*module, {}));
}

TEST(Isolation, AFreshInstanceSeesNothingOfTheOneBefore) {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  b.memory(17, std::nullopt, "memory");
  b.data(100, "initial");
  b.func(unary, Code().local_get(0).i32_load(), "load");
  const auto module = compile(b);
  for (int round = 0; round < 200; ++round) {
    const auto store = Store::create(shared_engine(), {});
    const auto instance = store->instantiate(*module, {}).value();
    const auto bytes = store->bytes(store->export_named(instance, "memory").value().memory);
    ASSERT_EQ(bytes.size(), 17U * 65536U);
    for (size_t at = 0; at < bytes.size(); at += 997) {
      if (at < 100 || at > 107) ASSERT_EQ(bytes[at], std::byte{0}) << round << " " << at;
    }
    ASSERT_EQ(bytes[100], std::byte{'i'});
    std::ranges::fill(bytes, std::byte(0xA5));
  }
}

}  // namespace
}  // namespace wasmcloud::engine
