#include "component/async/builtin_call.h"
#include "component/async/copy.h"
#include "component/detail/places.h"

#include <memory>

// The built-ins of streams and futures (canonical ABI, "canon {stream,future}.new" and on).

namespace wasmcloud::component {
namespace {

using Form = SharedCopy::Form;
using Side = SharedCopy::Side;
using Kind = TableItem::Kind;

/// No copy is longer.
constexpr uint32_t kMaxCopy = (1u << 28) - 1;

constexpr Kind kind_of(Form form, Side side) {
  if (form == Form::Future) {
    return side == Side::Reader ? Kind::ReadableFuture : Kind::WritableFuture;
  }
  return side == Side::Reader ? Kind::ReadableStream : Kind::WritableStream;
}

constexpr std::string_view name_of(Form form) { return form == Form::Future ? "future" : "stream"; }

Result<CopyEnd*> find_end(const BuiltinCall& call, uint32_t index, Form form, Side side) {
  CopyEnd* const end = TRY(find_item<CopyEnd>(call.handles(), index, kind_of(form, side)));
  if (end->shared().element().is(call.lowered.payload)) [[likely]]
    return end;
  return fail(Errc::Trap, "handle index {} used with the wrong type: a {} of another payload",
              index, name_of(form));
}

std::unexpected<Error> not_idle(const CopyEnd& end, Form form) {
  if (end.is_copying()) {
    return fail(Errc::Trap, "cannot have concurrent operations active on a future/stream");
  }
  if (form == Form::Future) {
    return end.side() == Side::Reader
               ? fail(Errc::Trap, "cannot read from future after previous read succeeded")
               : fail(Errc::Trap,
                      "cannot write to future after previous write succeeded or readable end "
                      "dropped");
  }
  return end.side() == Side::Reader
             ? fail(Errc::Trap, "cannot read after being notified that the writable end dropped")
             : fail(Errc::Trap, "cannot write after being notified that the readable end dropped");
}

Result<void> refuse_sync_use(const Waitable& waitable) {
  if (!waitable.is_in_set()) return {};
  return fail(Errc::Trap, "waitable cannot be used synchronously while added to a waitable set");
}

/// Waits for the end's event where there is none yet, or answers "blocked"; then takes it.
Result<void> finish_copy(const BuiltinCall& call, CopyEnd& end, bool is_async,
                         engine::RawValue* values) {
  if (!end.has_event()) {
    if (is_async) {
      values[0].u64 = kBlocked;
      return {};
    }
    end.begin_sync_wait(call.instance.thread()->thread);
    Result<void> waited = call.scheduler().wait(
        call.index(), {.kind = WaitCondition::Kind::Waitable, .waitable = &end});
    end.end_sync_wait();
    TRY(std::move(waited));
  }
  values[0].u64 = end.take_event().payload;
  return {};
}

template <Form form>
Result<void> make_pair(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  auto shared = make_shared_copy(form, ElementType(call.lowered.payload));
  auto add = [&](Side side) -> Result<uint32_t> {
    auto end = std::make_unique<CopyEnd>(call.instance, call.index(), shared, side);
    CopyEnd& added = *end;
    added.index = TRY(call.handles().add_item(std::move(end)));
    return added.index;
  };
  const uint64_t readable = TRY(add(Side::Reader));
  const uint64_t writable = TRY(add(Side::Writer));
  values[0].u64 = readable | writable << 32;
  return {};
}

template <Form form, Side side>
Result<void> copy(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  CopyEnd& end = *TRY(find_end(call, values[0].u32, form, side));
  const ResolvedOptions& options = call.lowered.options;
  if (end.state() != CopyEnd::State::Idle) return not_idle(end, form);
  if (!options.is_async) TRY(refuse_sync_use(end));
  const uint32_t at = values[1].u32;
  const uint32_t count = form == Form::Future ? 1 : values[2].u32;
  if (count > kMaxCopy) return fail(Errc::Trap, "stream read/write count too large: {}", count);
  if (const RuntimeType* const element = call.lowered.payload; element != nullptr && count != 0) {
    CallContext context(call.instance, options);
    TRY(check_place(context, at, uint64_t{count} * element->size, element->align));
  }
  TRY(end.begin(options, at, count));
  return finish_copy(call, end, options.is_async, values);
}

template <Form form, Side side>
Result<void> cancel(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  CopyEnd& end = *TRY(find_end(call, values[0].u32, form, side));
  if (end.state() != CopyEnd::State::Copying || end.has_sync_waiter()) {
    return fail(Errc::Trap, "{} {} cancelled when no {} is pending", name_of(form),
                side == Side::Reader ? "read" : "write", side == Side::Reader ? "read" : "write");
  }
  if (!call.lowered.is_async_form) TRY(refuse_sync_use(end));
  end.cancel();
  return finish_copy(call, end, call.lowered.is_async_form, values);
}

template <Form form, Side side>
Result<void> drop(void* env, engine::Store& store, engine::RawValue* values) noexcept {
  const BuiltinCall call(env, store);
  TRY(call.may_leave());
  const CopyEnd& end = *TRY(find_end(call, values[0].u32, form, side));
  if (end.is_copying()) return fail(Errc::Trap, "cannot drop busy {}", name_of(form));
  if (form == Form::Future && side == Side::Writer && end.state() != CopyEnd::State::Done) {
    return fail(Errc::Trap, "cannot drop future write end without first writing a value");
  }
  call.handles().remove_item(values[0].u32);
  return {};
}

}  // namespace

engine::HostFunc copy_builtin(CanonKind kind) {
  switch (kind) {
    case CanonKind::StreamNew:
      return make_pair<Form::Stream>;
    case CanonKind::StreamRead:
      return copy<Form::Stream, Side::Reader>;
    case CanonKind::StreamWrite:
      return copy<Form::Stream, Side::Writer>;
    case CanonKind::StreamCancelRead:
      return cancel<Form::Stream, Side::Reader>;
    case CanonKind::StreamCancelWrite:
      return cancel<Form::Stream, Side::Writer>;
    case CanonKind::StreamDropReadable:
      return drop<Form::Stream, Side::Reader>;
    case CanonKind::StreamDropWritable:
      return drop<Form::Stream, Side::Writer>;
    case CanonKind::FutureNew:
      return make_pair<Form::Future>;
    case CanonKind::FutureRead:
      return copy<Form::Future, Side::Reader>;
    case CanonKind::FutureWrite:
      return copy<Form::Future, Side::Writer>;
    case CanonKind::FutureCancelRead:
      return cancel<Form::Future, Side::Reader>;
    case CanonKind::FutureCancelWrite:
      return cancel<Form::Future, Side::Writer>;
    case CanonKind::FutureDropReadable:
      return drop<Form::Future, Side::Reader>;
    case CanonKind::FutureDropWritable:
      return drop<Form::Future, Side::Writer>;
    default:
      return nullptr;
  }
}

}  // namespace wasmcloud::component
