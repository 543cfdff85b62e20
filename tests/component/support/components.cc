#include "component/support/components.h"

#include "component/detail/text.h"
#include "engine/values.h"

namespace wasmcloud::component {
namespace {

using Kind = TypeDescription::Kind;
using engine::RawValue;

constexpr HostResourceType kThing{"test:host/api", "thing"};

struct Thing : HostResource {
  Thing(TestHost& host, uint32_t number) : host_(host), number_(number) {}
  ~Thing() override { ++host_.drops; }
  TestHost& host_;
  uint32_t number_;
};

TestHost& host(CanonicalContext& context) { return static_cast<TestHost&>(context.host()); }

Result<void> add(void*, CanonicalContext&, RawValue* flat) noexcept {
  flat[0].u64 = flat[0].u32 + flat[1].u32;
  return {};
}

Result<void> greet(void*, CanonicalContext& context, RawValue* flat) noexcept {
  const std::string name = TRY(lift_text(context, {.at = flat[0].u32, .length = flat[1].u32}));
  const TextPlace text = TRY(lower_text("hello " + name, context));
  const std::span<std::byte> out = TRY(context.bytes(flat[2].u32, 8));
  std::memcpy(out.data(), &text.at, 4);
  std::memcpy(out.data() + 4, &text.length, 4);
  return {};
}

Task<uint32_t> twice_later(Loop& loop, TestHost& state, uint32_t number) {
  CO_TRY(co_await sleep_for(loop, std::chrono::milliseconds(1)));
  ++state.waits;
  co_return number * 2;
}

Result<void> slow(void*, CanonicalContext& context, RawValue* flat) noexcept {
  flat[0].u64 = TRY(context.wait(twice_later(context.loop(), host(context), flat[0].u32)));
  return {};
}

Result<void> make_thing(void*, CanonicalContext& context, RawValue* flat) noexcept {
  flat[0].u64 = TRY(context.give(std::make_unique<Thing>(host(context), flat[0].u32), kThing));
  return {};
}

Result<void> get_thing(void*, CanonicalContext& context, RawValue* flat) noexcept {
  flat[0].u64 = TRY(context.borrow_as<Thing>(flat[0].u32, kThing))->number_;
  return {};
}

}  // namespace

void TestHost::add_to(Linker& linker, std::string_view name) {
  static constexpr TypeDescription kOwn{.kind = Kind::Own, .parts = {}, .resource = &kThing};
  static constexpr TypeDescription kBorrow{.kind = Kind::Borrow, .parts = {}, .resource = &kThing};
  static constexpr NamedType kAddParams[] = {{"a", &describe::kU32}, {"b", &describe::kU32}};
  static constexpr NamedType kGreetParams[] = {{"name", &describe::kString}};
  static constexpr NamedType kNumberParams[] = {{"n", &describe::kU32}};
  static constexpr NamedType kSelfParams[] = {{"self", &kBorrow}};
  linker.instance(name)
      .resource("thing", kThing)
      .func("add", {.params = kAddParams, .result = &describe::kU32}, add)
      .func("greet", {.params = kGreetParams, .result = &describe::kString}, greet)
      .func("slow", {.params = kNumberParams, .result = &describe::kU32}, slow)
      .func("[constructor]thing", {.params = kNumberParams, .result = &kOwn}, make_thing)
      .func("[method]thing.get", {.params = kSelfParams, .result = &describe::kU32}, get_thing);
}

}  // namespace wasmcloud::component
