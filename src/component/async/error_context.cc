#include "component/async/error_context.h"

#include "component/async/builtin_call.h"
#include "component/detail/places.h"
#include "component/detail/text.h"

namespace wasmcloud::component {
namespace {

/// Longer messages are cut: the host keeps them for as long as a guest likes.
constexpr size_t kMaxMessage = 512;

Result<void> error_context_new(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  CallContext context(call.instance, call.lowered.options);
  auto lifted = lift_text(context, {.at = values[0].u32, .length = values[1].u32});
  if (!lifted) return fail(std::move(lifted).error().within("invalid debug message pointer"));
  if (lifted->size() > kMaxMessage) {
    size_t end = kMaxMessage;
    while (end > 0 && (static_cast<unsigned char>((*lifted)[end]) & 0xc0) == 0x80) --end;
    lifted->resize(end);
  }
  values[0].u64 = TRY(call.handles().add_item(
      std::make_unique<ErrorContext>(std::make_shared<const std::string>(std::move(*lifted)))));
  return {};
}

Result<void> error_context_debug_message(void* env, engine::Store& store,
                                         engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  const std::shared_ptr<const std::string> message =
      TRY(ErrorContext::find(call.handles(), values[0].u32))->message();
  const uint32_t out = values[1].u32;
  CallContext context(call.instance, call.lowered.options);
  if (auto place = check_place(context, out, 8, 4); !place) {
    return fail(std::move(place).error().within("invalid debug message pointer"));
  }
  const TextPlace text = TRY(lower_text(*message, context));
  const uint32_t pair[] = {text.at, text.length};
  std::memcpy(context.memory().data() + out, pair, sizeof(pair));
  return {};
}

Result<void> error_context_drop(void* env, engine::Store& store,
                                engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  TRY(ErrorContext::find(call.handles(), values[0].u32));
  call.handles().remove_item(values[0].u32);
  return {};
}

}  // namespace

engine::HostFunc error_context_builtin(CanonKind kind) {
  switch (kind) {
    case CanonKind::ErrorContextNew:
      return error_context_new;
    case CanonKind::ErrorContextDebugMessage:
      return error_context_debug_message;
    case CanonKind::ErrorContextDrop:
      return error_context_drop;
    default:
      return nullptr;
  }
}

}  // namespace wasmcloud::component
