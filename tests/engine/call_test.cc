#include "engine_fixture.h"

namespace wasmcloud::engine {
namespace {

Result<void> add_env(void* env, Store& /*store*/, RawValue* values) noexcept {
  values[0].i32 += *static_cast<int*>(env);
  return {};
}

Result<void> exits(void* /*env*/, Store& /*store*/, RawValue* /*values*/) noexcept {
  return fail(Error(Errc::Exit, "exited").with_number(7));
}

WasmBuilder doubler() {
  WasmBuilder b;
  const auto unary = b.type({Wasm::I32}, {Wasm::I32});
  const auto host = b.import_func("h", "f", unary);
  b.func(unary, Code().local_get(0).call(host).local_get(0).i32_add(), "run");
  b.func(unary, Code().local_get(0).i32(0).i32_div_s(), "divide");
  return b;
}

TEST(Call, RunsAnExportThatCallsTheHost) {
  int number = 100;
  Guest guest(doubler(), {{add_env, &number}});
  EXPECT_EQ(guest.call("run", 5).value(), 110);
  EXPECT_FALSE(guest.store->is_poisoned());
}

TEST(Call, ATrapNamesItsReason) {
  int number = 0;
  Guest guest(doubler(), {{add_env, &number}});
  const auto result = guest.call("divide", 5);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Trap);
  EXPECT_EQ(result.error().message(), "wasm trap: integer divide by zero");
  EXPECT_NE(result.error().detail().find("function 2"), std::string::npos)
      << result.error().detail();
  EXPECT_TRUE(guest.store->is_poisoned());
}

TEST(Call, AnErrorOfTheHostComesOutAsItIs) {
  Guest guest(doubler(), {{exits, nullptr}});
  const auto result = guest.call("run", 5);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), Errc::Exit);
  EXPECT_EQ(result.error().number(), 7);
  EXPECT_EQ(result.error().message(), "exited");
}

Result<void> parks(void* env, Store& store, RawValue* values) noexcept {
  TRY(park(store));
  values[0].i32 += *static_cast<int*>(env);
  return {};
}

TEST(Stack, SuspendsBeneathAHostFunctionAndGoesOn) {
  int number = 1;
  Guest guest(doubler(), {{parks, &number}});
  int got = 0;
  Stack stack(*guest.store, [&]() -> Result<void> {
    got = TRY(guest.call("run", 20));
    return {};
  });
  EXPECT_FALSE(stack.poll());
  EXPECT_FALSE(stack.poll());
  stack.wake();
  EXPECT_TRUE(stack.poll());
  EXPECT_TRUE(stack.take_result());
  EXPECT_EQ(got, 41);
}

}  // namespace
}  // namespace wasmcloud::engine
