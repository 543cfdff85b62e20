#include "conformance/host_imports.h"

#include "base/loop.h"
#include "component/abi/async_call.h"
#include "component/abi/compound.h"
#include "component/handle_table.h"
#include "engine/values.h"

#include <memory>

namespace wasmcloud::conformance {
namespace {

using component::AsyncCall;
using component::CanonicalContext;
using component::FunctionDescription;
using component::HostResource;
using component::HostResourceType;
using component::NamedType;
using component::TypeDescription;
using engine::RawValue;
using Kind = component::TypeDescription::Kind;
namespace describe = component::describe;

constexpr HostResourceType kResource1{"host", "resource1"};
constexpr HostResourceType kResource2{"host", "resource2"};

/// Both resource types are numbers; the first counts.
struct Numbered : HostResource {
  Numbered(HostCounters& counters, uint32_t number) : counters_(&counters), number_(number) {}
  ~Numbered() override {
    if (counters_ == nullptr) return;
    ++counters_->drops;
    counters_->last_drop = number_;
  }
  HostCounters* counters_;
  uint32_t number_;
};

HostCounters& counters(void* self) { return *static_cast<HostCounters*>(self); }

Result<void> check_number(const HostResource& object, uint32_t expected) {
  const auto& it = static_cast<const Numbered&>(object);
  if (it.number_ == expected) return {};
  return fail(Errc::Trap, "the resource is {}, not {}", it.number_, expected);
}

/// Takes a resource over: it is neither dropped nor counted.
Result<void> keep(CanonicalContext& context, uint32_t handle, const uint32_t* expected) {
  std::unique_ptr<HostResource> object = TRY(context.take(handle, kResource1));
  static_cast<Numbered&>(*object).counters_ = nullptr;
  return expected == nullptr ? Result<void>() : check_number(*object, *expected);
}

template <uint32_t number>
Result<void> return_number(void*, CanonicalContext&, RawValue* flat) noexcept {
  flat[0].u64 = number;
  return {};
}

Result<void> return_hi(void*, CanonicalContext& context, RawValue* flat) noexcept {
  const uint32_t text = TRY(context.allocate(2, 1));
  const std::span<std::byte> bytes = TRY(context.bytes(text, 2));
  bytes[0] = std::byte{'h'};
  bytes[1] = std::byte{'i'};
  const uint32_t out = flat[0].u32;
  if (out % 4 != 0) return fail(Errc::Trap, "unaligned pointer");
  std::memcpy(TRY(context.bytes(out, 8)).data(), &text, 4);
  const uint32_t length = 2;
  std::memcpy(TRY(context.bytes(out + 4, 4)).data(), &length, 4);
  return {};
}

Result<void> make(void* self, CanonicalContext& context, RawValue* flat) noexcept {
  auto object = std::make_unique<Numbered>(counters(self), flat[0].u32);
  flat[0].u64 = TRY(context.give(std::move(object), kResource1));
  return {};
}

Result<void> check_own(void*, CanonicalContext& context, RawValue* flat) noexcept {
  return keep(context, flat[0].u32, &flat[1].u32);
}

Result<void> drops(void* self, CanonicalContext&, RawValue* flat) noexcept {
  flat[0].u64 = counters(self).drops;
  return {};
}

Result<void> last_drop(void* self, CanonicalContext&, RawValue* flat) noexcept {
  flat[0].u64 = counters(self).last_drop;
  return {};
}

Result<void> simple(void*, CanonicalContext& context, RawValue* flat) noexcept {
  return check_number(*TRY(context.borrow(flat[0].u32, kResource1)), flat[1].u32);
}

Result<void> take_borrow(void*, CanonicalContext& context, RawValue* flat) noexcept {
  TRY(context.borrow(flat[0].u32, kResource1));
  TRY(context.borrow(flat[1].u32, kResource1));
  return {};
}

Result<void> take_own(void*, CanonicalContext& context, RawValue* flat) noexcept {
  TRY(context.borrow(flat[0].u32, kResource1));
  return keep(context, flat[1].u32, nullptr);
}

Task<uint32_t> at_once(uint32_t number) { co_return number; }

/// Gives way once to the loop.
Task<uint32_t> later(Loop& loop, uint32_t number) {
  CO_TRY(co_await sleep_for(loop, {}));
  co_return number;
}

Task<int32_t> two_later(Loop& loop) {
  co_return static_cast<int32_t>(CO_TRY(co_await later(loop, 2)));
}

/// Ends when it is cancelled.
Task<void> never_ending(Loop& loop) {
  Event never(loop);
  co_return co_await never.wait();
}

Result<void> echo(void*, AsyncCall& call, const RawValue* flat) noexcept {
  return call.returns(at_once(flat[0].u32));
}

Result<void> never(void*, AsyncCall& call, const RawValue*) noexcept {
  return call.returns(never_ending(call.context().loop()));
}

Result<void> never_method(void*, AsyncCall& call, const RawValue* flat) noexcept {
  TRY(call.context().borrow(flat[0].u32, kResource1));
  return call.returns(never_ending(call.context().loop()));
}

Result<void> two_slowly(void*, AsyncCall& call, const RawValue*) noexcept {
  return call.returns(two_later(call.context().loop()));
}

Result<void> echo_slowly(void*, AsyncCall& call, const RawValue* flat) noexcept {
  return call.returns(later(call.context().loop(), flat[0].u32));
}

Result<void> set_max_table(void*, CanonicalContext& context, RawValue* flat) noexcept {
  context.handles().set_limit(flat[0].u32);
  return {};
}

Result<void> do_nothing(void*, CanonicalContext&, RawValue*) noexcept { return {}; }

constexpr TypeDescription kOwn1{.kind = Kind::Own, .parts = {}, .resource = &kResource1};
constexpr TypeDescription kBorrow1{.kind = Kind::Borrow, .parts = {}, .resource = &kResource1};
constexpr NamedType kNumberParam[] = {{"r", &describe::kU32}};
constexpr FunctionDescription kReturnsNumber{.result = &describe::kU32};
constexpr FunctionDescription kReturnsString{.result = &describe::kString};
constexpr FunctionDescription kNothing{};

}  // namespace

void add_host_imports(component::Linker& linker, HostCounters& counters) {
  static constexpr FunctionDescription kMake{.params = kNumberParam, .result = &kOwn1};
  static constexpr NamedType kCheckParams[] = {{"r", &kOwn1}, {"rep", &describe::kU32}};
  static constexpr FunctionDescription kCheck{.params = kCheckParams};
  static constexpr NamedType kSimpleParams[] = {{"self", &kBorrow1}, {"rep", &describe::kU32}};
  static constexpr FunctionDescription kSimple{.params = kSimpleParams};
  static constexpr NamedType kBorrowParams[] = {{"self", &kBorrow1}, {"b", &kBorrow1}};
  static constexpr FunctionDescription kTakeBorrow{.params = kBorrowParams};
  static constexpr NamedType kOwnParams[] = {{"self", &kBorrow1}, {"b", &kOwn1}};
  static constexpr FunctionDescription kTakeOwn{.params = kOwnParams};

  using Effect = FunctionDescription::Effect;
  static constexpr NamedType kSelfParam[] = {{"self", &kBorrow1}};
  static constexpr FunctionDescription kAsyncEcho{
      .params = kNumberParam, .result = &describe::kU32, .effect = Effect::Async};
  static constexpr FunctionDescription kTakesNumber{.params = kNumberParam};
  static constexpr FunctionDescription kNever{.effect = Effect::Async};
  static constexpr FunctionDescription kNeverMethod{.params = kSelfParam, .effect = Effect::Async};
  static constexpr FunctionDescription kTwoSlowly{.result = &describe::kS32,
                                                  .effect = Effect::Async};

  linker.root().func("host-return-two", kReturnsNumber, return_number<2>);
  linker.root().async_func("host-echo-u32", kAsyncEcho, echo);
  component::LinkerInstance& host = linker.instance("host");
  host.async_func("never-return", kNever, never);
  host.async_func("[method]resource1.never-return", kNeverMethod, never_method);
  host.async_func("return-two-slowly", kTwoSlowly, two_slowly);
  host.async_func("echo-slowly", kAsyncEcho, echo_slowly);
  host.func("return-three", kReturnsNumber, return_number<3>);
  host.instance("nested").func("return-four", kReturnsNumber, return_number<4>);
  host.func("return-hi", kReturnsString, return_hi);
  host.resource("resource1", kResource1);
  host.resource("resource2", kResource2);
  host.resource("resource1-again", kResource1);
  host.func("[constructor]resource1", kMake, make, &counters);
  host.func("[static]resource1.assert", kCheck, check_own);
  host.func("[static]resource1.drops", kReturnsNumber, drops, &counters);
  host.func("[static]resource1.last-drop", kReturnsNumber, last_drop, &counters);
  host.func("[method]resource1.simple", kSimple, simple);
  host.func("[method]resource1.take-borrow", kTakeBorrow, take_borrow);
  host.func("[method]resource1.take-own", kTakeOwn, take_own);
  linker.instance("wasmtime")
      .func("gc", kNothing, do_nothing)
      .func("set-max-table-capacity", kTakesNumber, set_max_table);
}

void export_to(component::LinkerInstance& linker, const component::Prepared& prepared) {
  for (const auto& [name, module] : prepared.exported_modules()) linker.module(name, module);
}

}  // namespace wasmcloud::conformance
