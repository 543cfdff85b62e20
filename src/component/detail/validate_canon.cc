#include "component/detail/validation.h"
#include "component/limits.h"
#include "component/proposals.h"

namespace wasmcloud::component::detail {
namespace {

constexpr CoreValueType kI32{.kind = CoreValueType::Kind::I32};
constexpr CoreValueType kI64{.kind = CoreValueType::Kind::I64};

/// Checks one canonical definition (CanonicalABI.md, "Canonical Definitions") and finds its core
/// type.
class CanonCheck {
 public:
  CanonCheck(TypeTable& types, const Features& features, Scope& scope, const Canon& canon,
             size_t at)
      : types_(types),
        features_(features),
        scope_(scope),
        canon_(canon),
        options_(canon.options),
        at_(at) {}

  Result<CanonInfo> run(std::optional<ValueType> task_result);

 private:
  /// Which options a definition may have besides encodings and memory.
  struct Allowed {
    bool realloc = false;
    bool post_return = false;
    bool is_async = false;
    bool callback = false;
  };
  enum class Need : bool { No, Yes };

  Result<void> check_options(Allowed allowed);
  Result<void> check_memory(CoreMemoryIndex index, std::string_view what);
  Result<void> need_memory(bool needed) const;
  Result<void> need_realloc(bool needed) const;
  Result<const CoreFunctionType*> core_function(CoreFunctionIndex index) const;
  Result<void> check_option_type(CoreFunctionIndex index, const CoreFunctionType& expected,
                                 std::string_view option) const;

  Result<void> lift();
  Result<void> lower();
  Result<void> task_return(std::optional<ValueType> result);
  Result<void> resource();
  Result<void> context();
  Result<void> copy(TypeKind kind, Need realloc);
  Result<void> wait_or_poll();
  Result<void> new_thread();

  Result<ValueType> stream_or_future(TypeKind kind);
  Result<void> gate(bool Features::* feature) const;
  Result<void> gate_async() const { return gate(&Features::async); }
  Result<void> gate_async_form() const;

  /// Appends flat parameters, or a pointer if there are more than `max`; true in the latter case.
  bool flatten_params(std::span<const Member> params, uint32_t max,
                      std::vector<CoreValueType>& into) const;
  bool has_pointer(std::span<const Member> params) const;
  CoreValueType pointer() const { return info_.pointer == PointerSize::Bits64 ? kI64 : kI32; }
  void make(std::vector<CoreValueType> params, std::vector<CoreValueType> results) {
    info_.core =
        types_.core().add_function({.params = std::move(params), .results = std::move(results)});
  }
  template <class... Args>
  std::unexpected<Error> invalid(fmt::format_string<Args...> format, Args&&... args) const {
    return fail(
        Error(Errc::Invalid, fmt::format("{} at offset {:#x}: {}", name_of(canon_.kind), at_,
                                         fmt::format(format, std::forward<Args>(args)...))));
  }

  TypeTable& types_;
  const Features& features_;
  Scope& scope_;
  const Canon& canon_;
  const CanonOptions& options_;
  size_t at_;
  CanonInfo info_;
};

Result<CanonInfo> CanonCheck::run(std::optional<ValueType> task_result) {
  using K = CanonKind;
  const auto stream_builtin = [&](TypeKind kind, std::vector<CoreValueType> params,
                                  std::vector<CoreValueType> results) -> Result<void> {
    TRY(stream_or_future(kind));
    make(std::move(params), std::move(results));
    return {};
  };
  const auto plain = [&](bool Features::* feature, std::vector<CoreValueType> params,
                         std::vector<CoreValueType> results) -> Result<void> {
    TRY(gate(feature));
    make(std::move(params), std::move(results));
    return {};
  };
  switch (canon_.kind) {
    case K::Lift:
      TRY(lift());
      break;
    case K::Lower:
      TRY(lower());
      break;
    case K::ResourceNew:
    case K::ResourceDrop:
    case K::ResourceRep:
      TRY(resource());
      break;
    case K::TaskReturn:
      TRY(task_return(task_result));
      break;
    case K::ContextGet:
    case K::ContextSet:
      TRY(context());
      break;
    case K::TaskCancel:
    case K::BackpressureInc:
    case K::BackpressureDec:
      TRY(plain(&Features::async, {}, {}));
      break;
    case K::SubtaskCancel:
      TRY(gate_async_form());
      TRY(plain(&Features::async, {kI32}, {kI32}));
      break;
    case K::SubtaskDrop:
    case K::WaitableSetDrop:
      TRY(plain(&Features::async, {kI32}, {}));
      break;
    case K::ThreadYield:
    case K::WaitableSetNew:
      TRY(plain(&Features::async, {}, {kI32}));
      break;
    case K::WaitableJoin:
      TRY(plain(&Features::async, {kI32, kI32}, {}));
      break;
    case K::WaitableSetWait:
    case K::WaitableSetPoll:
      TRY(wait_or_poll());
      break;
    case K::StreamNew:
      TRY(stream_builtin(TypeKind::Stream, {}, {kI64}));
      break;
    case K::FutureNew:
      TRY(stream_builtin(TypeKind::Future, {}, {kI64}));
      break;
    case K::StreamRead:
      TRY(copy(TypeKind::Stream, Need::Yes));
      break;
    case K::StreamWrite:
      TRY(copy(TypeKind::Stream, Need::No));
      break;
    case K::FutureRead:
      TRY(copy(TypeKind::Future, Need::Yes));
      break;
    case K::FutureWrite:
      TRY(copy(TypeKind::Future, Need::No));
      break;
    case K::StreamCancelRead:
    case K::StreamCancelWrite:
      TRY(gate_async_form());
      TRY(stream_builtin(TypeKind::Stream, {kI32}, {kI32}));
      break;
    case K::FutureCancelRead:
    case K::FutureCancelWrite:
      TRY(gate_async_form());
      TRY(stream_builtin(TypeKind::Future, {kI32}, {kI32}));
      break;
    case K::StreamDropReadable:
    case K::StreamDropWritable:
      TRY(stream_builtin(TypeKind::Stream, {kI32}, {}));
      break;
    case K::FutureDropReadable:
    case K::FutureDropWritable:
      TRY(stream_builtin(TypeKind::Future, {kI32}, {}));
      break;
    case K::StreamForward:
      TRY(gate(&Features::forward));
      TRY(stream_builtin(TypeKind::Stream, {kI32, kI32}, {}));
      break;
    case K::FutureForward:
      TRY(gate(&Features::forward));
      TRY(stream_builtin(TypeKind::Future, {kI32, kI32}, {}));
      break;
    case K::ErrorContextNew:
      TRY(gate(&Features::error_context));
      TRY(check_options({}));
      TRY(need_memory(true));
      make({pointer(), pointer()}, {kI32});
      break;
    case K::ErrorContextDebugMessage:
      TRY(gate(&Features::error_context));
      TRY(check_options({.realloc = true}));
      TRY(need_memory(true));
      TRY(need_realloc(true));
      make({kI32, pointer()}, {});
      break;
    case K::ErrorContextDrop:
      TRY(plain(&Features::error_context, {kI32}, {}));
      break;
    case K::ThreadIndex:
      TRY(plain(&Features::threading, {}, {kI32}));
      break;
    case K::ThreadNewIndirect:
      TRY(new_thread());
      break;
    case K::ThreadResumeLater:
      TRY(plain(&Features::threading, {kI32}, {}));
      break;
    case K::ThreadSuspend:
      TRY(plain(&Features::threading, {}, {kI32}));
      break;
    case K::ThreadSuspendThenResume:
    case K::ThreadYieldThenResume:
    case K::ThreadSuspendThenPromote:
    case K::ThreadYieldThenPromote:
      TRY(plain(&Features::threading, {kI32}, {kI32}));
      break;
    case K::ThreadSpawnRef:
    case K::ThreadSpawnIndirect:
    case K::ThreadAvailableParallelism:
      return fail(Errc::Unsupported,
                  "{} at offset {:#x}: shared-everything threads are not supported",
                  name_of(canon_.kind), at_);
  }
  return std::move(info_);
}

Result<void> CanonCheck::gate(bool Features::* feature) const {
  if (features_.*feature) return {};
  return fail(Errc::Unsupported, "{} at offset {:#x} needs the proposal {}", name_of(canon_.kind),
              at_, proposal_of(feature));
}

Result<void> CanonCheck::gate_async_form() const {
  if (!canon_.is_async || features_.more_async_builtins) return {};
  return fail(Errc::Unsupported, "the async form of {} at offset {:#x} needs the proposal {}",
              name_of(canon_.kind), at_, proposal_of(&Features::more_async_builtins));
}

// --- Options ---

Result<void> CanonCheck::check_options(Allowed allowed) {
  if (options_.core_type || options_.gc) {
    return fail(Errc::Unsupported, "{} at offset {:#x}: options core-type and gc are not supported",
                name_of(canon_.kind), at_);
  }
  const auto check_allowed = [&](bool is_there, bool is_allowed,
                                 std::string_view option) -> Result<void> {
    if (!is_there || is_allowed) return {};
    return invalid("canonical option `{}` is not allowed here", option);
  };
  TRY(check_allowed(options_.realloc.has_value(), allowed.realloc, "realloc"));
  TRY(check_allowed(options_.post_return.has_value(), allowed.post_return, "post-return"));
  TRY(check_allowed(options_.is_async, allowed.is_async, "async"));
  TRY(check_allowed(options_.callback.has_value(), allowed.callback, "callback"));
  if (options_.is_async) TRY(gate_async());
  if (options_.memory) TRY(check_memory(*options_.memory, "memory"));
  if (options_.realloc) {
    if (!options_.memory) return invalid("canonical option `memory` is required by `realloc`");
    const CoreValueType p = pointer();
    TRY(check_option_type(*options_.realloc, {.params = {p, p, p, p}, .results = {p}}, "realloc"));
  }
  if (options_.callback) {
    if (!options_.is_async)
      return invalid("canonical option `callback` is not allowed without `async`");
    TRY(check_option_type(*options_.callback, {.params = {kI32, kI32, kI32}, .results = {kI32}},
                          "callback"));
  }
  if (options_.post_return && options_.is_async) {
    return invalid("canonical option `post-return` is not allowed with `async`");
  }
  return {};
}

Result<void> CanonCheck::check_memory(CoreMemoryIndex index, std::string_view what) {
  const CoreMemoryType memory = TRY(lookup(scope_.info.core_memories, index, "core memory", at_));
  if (memory.limits.is_64 && !features_.memory64) {
    return invalid("`{}` must be a 32-bit linear memory; 64-bit ones are not enabled", what);
  }
  if (memory.limits.shared) return invalid("`{}` must not be shared", what);
  if (memory.page_size_log2 != CoreMemoryType{}.page_size_log2) {
    return invalid("`{}` must have pages of the usual size", what);
  }
  info_.pointer = memory.limits.is_64 ? PointerSize::Bits64 : PointerSize::Bits32;
  return {};
}

Result<void> CanonCheck::need_memory(bool needed) const {
  if (!needed || options_.memory) return {};
  return invalid("canonical option `memory` is required");
}

Result<void> CanonCheck::need_realloc(bool needed) const {
  if (!needed || options_.realloc) return {};
  return invalid("canonical option `realloc` is required");
}

Result<const CoreFunctionType*> CanonCheck::core_function(CoreFunctionIndex index) const {
  return &types_.core().function(TRY(lookup(scope_.info.core_functions, index, "core func", at_)));
}

Result<void> CanonCheck::check_option_type(CoreFunctionIndex index,
                                           const CoreFunctionType& expected,
                                           std::string_view option) const {
  if (*TRY(core_function(index)) == expected) return {};
  return invalid("canonical option `{}` uses a core function with an incorrect signature", option);
}

// --- Functions ---

bool CanonCheck::flatten_params(std::span<const Member> params, uint32_t max,
                                std::vector<CoreValueType>& into) const {
  uint64_t count = 0;
  for (const Member& param : params) count += types_.flat_count(*param.type);
  if (count > max) {
    into.push_back(pointer());
    return true;
  }
  for (const Member& param : params) types_.flatten(*param.type, into, info_.pointer);
  return false;
}

bool CanonCheck::has_pointer(std::span<const Member> params) const {
  return std::ranges::any_of(params,
                             [&](const Member& param) { return types_.has_pointer(*param.type); });
}

/// canon lift: core function → component function
Result<void> CanonCheck::lift() {
  const TypeEntity entity = TRY(lookup(scope_.info.types, canon_.type, "type", at_));
  if (entity.kind != TypeEntity::Kind::Function)
    return invalid("type index {} is not a function type", canon_.type.value);
  const FunctionType& function = types_[entity.function()];
  TRY(check_options({.realloc = true, .post_return = true, .is_async = true, .callback = true}));
  if (options_.is_async && !function.is_async) {
    return invalid("the `async` canonical option requires an async function type");
  }
  if (options_.is_async && !options_.callback && !features_.async_stackful) {
    return fail(Errc::Unsupported,
                "lift at offset {:#x}: async without `callback` needs the proposal {}", at_,
                proposal_of(&Features::async_stackful));
  }

  CoreFunctionType expected;
  const bool spills = flatten_params(function.params, kMaxFlatParams, expected.params);
  bool result_needs_memory = false;
  if (options_.is_async) {
    if (options_.callback) expected.results.push_back(kI32);
  } else if (function.result) {
    const bool result_spills = types_.flat_count(*function.result) > kMaxFlatResults;
    if (result_spills) {
      expected.results.push_back(pointer());
    } else {
      types_.flatten(*function.result, expected.results, info_.pointer);
    }
    result_needs_memory = result_spills;
  }
  // Where the value goes through task.return, that is still this function's memory.
  if (function.result && types_.has_pointer(*function.result)) result_needs_memory = true;
  const bool params_need_memory = spills || has_pointer(function.params);
  TRY(need_memory(params_need_memory || result_needs_memory));
  TRY(need_realloc(params_need_memory));

  info_.core = TRY(lookup(scope_.info.core_functions, canon_.core_function, "core func", at_));
  const CoreFunctionType& callee = types_.core().function(info_.core);
  if (callee.params != expected.params) {
    return invalid("lowered parameter types do not match parameter types of core function {}",
                   canon_.core_function.value);
  }
  if (callee.results != expected.results) {
    return invalid("lowered result types do not match result types of core function {}",
                   canon_.core_function.value);
  }
  if (options_.post_return) {
    TRY(check_option_type(*options_.post_return, {.params = callee.results, .results = {}},
                          "post-return"));
  }
  info_.function = types_.plain(entity.function());
  return {};
}

/// canon lower: component function → core function
Result<void> CanonCheck::lower() {
  const FunctionTypeId id = TRY(lookup(scope_.info.functions, canon_.function, "func", at_));
  const FunctionType& function = types_[id];
  TRY(check_options({.realloc = true, .is_async = true}));
  if (options_.is_async && !function.is_async) {
    return invalid("the `async` canonical option requires an async function type");
  }
  CoreFunctionType made;
  const uint32_t max_params = options_.is_async ? kMaxFlatAsyncParams : kMaxFlatParams;
  bool memory =
      flatten_params(function.params, max_params, made.params) || has_pointer(function.params);
  bool realloc = false;
  if (function.result) {
    realloc = types_.has_pointer(*function.result);
    if (options_.is_async || types_.flat_count(*function.result) > kMaxFlatResults) {
      made.params.push_back(pointer());
      memory = true;
    } else {
      types_.flatten(*function.result, made.results, info_.pointer);
    }
  }
  if (options_.is_async) made.results.push_back(kI32);
  TRY(need_memory(memory || realloc));
  TRY(need_realloc(realloc));
  make(std::move(made.params), std::move(made.results));
  info_.function = types_.plain(id);
  return {};
}

/// canon task.return: its parameters are the result of the task's function
Result<void> CanonCheck::task_return(std::optional<ValueType> result) {
  TRY(gate_async());
  TRY(check_options({}));
  if (!result) {
    make({}, {});
    return {};
  }
  if (types_.has_borrow(*result)) return invalid("the result cannot contain a borrow type");
  const Member value{.name = {}, .type = *result};
  std::vector<CoreValueType> params;
  const bool spills = flatten_params({&value, 1}, kMaxFlatParams, params);
  TRY(need_memory(spills || types_.has_pointer(*result)));
  make(std::move(params), {});
  info_.type = types_.plain(*result);
  return {};
}

// --- Built-ins ---

Result<void> CanonCheck::resource() {
  const TypeEntity entity = TRY(lookup(scope_.info.types, canon_.type, "type", at_));
  if (entity.kind != TypeEntity::Kind::Resource)
    return invalid("type index {} is not a resource type", canon_.type.value);
  info_.resource = entity.resource();
  if (canon_.kind == CanonKind::ResourceDrop) {
    make({kI32}, {});
    return {};
  }
  const auto defined = scope_.defined_resources.find(entity.id);
  if (defined == scope_.defined_resources.end()) {
    return invalid("type index {} is not a local resource", canon_.type.value);
  }
  const CoreValueType representation = defined->second ? kI64 : kI32;
  if (canon_.kind == CanonKind::ResourceNew) {
    make({representation}, {kI32});
  } else {
    make({kI32}, {representation});
  }
  return {};
}

Result<void> CanonCheck::context() {
  TRY(gate_async());
  const CoreValueType::Kind kind = canon_.slot_type.kind;
  if (kind != CoreValueType::Kind::I32 && kind != CoreValueType::Kind::I64)
    return invalid("the slot's type must be i32");
  if (kind == CoreValueType::Kind::I64 && !features_.memory64) {
    return fail(Errc::Unsupported, "{} at offset {:#x}: slots of type i64 need the proposal {}",
                name_of(canon_.kind), at_, proposal_of(&Features::memory64));
  }
  if (scope_.slot_type.value_or(kind) != kind)
    return invalid("slots of one component must have one type");
  scope_.slot_type = kind;
  const uint32_t slots = features_.threading ? 2 : 1;
  if (canon_.slot >= slots)
    return invalid("immediate must be less than {}, but is {}", slots, canon_.slot);
  if (canon_.kind == CanonKind::ContextGet) {
    make({}, {canon_.slot_type});
  } else {
    make({canon_.slot_type}, {});
  }
  return {};
}

Result<ValueType> CanonCheck::stream_or_future(TypeKind kind) {
  TRY(gate_async());
  const TypeEntity entity = TRY(lookup(scope_.info.types, canon_.type, "type", at_));
  if (entity.kind != TypeEntity::Kind::Value || types_.kind(entity.value()) != kind) {
    return invalid("type index {} is not a {} type", canon_.type.value, name_of(kind));
  }
  info_.type = types_.plain(entity.value());
  return entity.value();
}

Result<void> CanonCheck::copy(TypeKind kind, Need realloc) {
  const auto element = types_.element(TRY(stream_or_future(kind)));
  TRY(check_options({.realloc = realloc == Need::Yes, .is_async = true}));
  if (!options_.is_async && !features_.more_async_builtins) {
    return fail(Errc::Unsupported,
                "{} at offset {:#x}: the form without option `async` needs the proposal {}",
                name_of(canon_.kind), at_, proposal_of(&Features::more_async_builtins));
  }
  TRY(need_memory(element.has_value()));
  TRY(need_realloc(realloc == Need::Yes && element && types_.has_pointer(*element)));
  const CoreValueType p = pointer();
  if (kind == TypeKind::Stream) {
    make({kI32, p, p}, {p});
  } else {
    make({kI32, p}, {kI32});
  }
  return {};
}

Result<void> CanonCheck::wait_or_poll() {
  TRY(gate_async());
  TRY(check_memory(canon_.memory, "memory"));
  make({kI32, pointer()}, {kI32});
  return {};
}

Result<void> CanonCheck::new_thread() {
  TRY(gate(&Features::threading));
  const CoreTypeEntry entry =
      TRY(lookup(scope_.info.core_types, canon_.core_type, "core type", at_));
  const bool is_function =
      !entry.is_module && types_.core()[CoreTypeId{entry.id}].kind == CoreSubType::Kind::Function;
  if (!is_function)
    return invalid("core type index {} is not a function type", canon_.core_type.value);
  const CoreFunctionType& start = types_.core().function(CoreTypeId{entry.id});
  const bool takes_i64 = features_.memory64 && start.params == std::vector{kI64};
  if ((start.params != std::vector{kI32} && !takes_i64) || !start.results.empty()) {
    return invalid("start function must take a single i32 argument and return nothing");
  }
  const CoreTableType table = TRY(lookup(scope_.info.core_tables, canon_.table, "core table", at_));
  const CoreValueType funcref{
      .kind = CoreValueType::Kind::Ref, .nullable = true, .heap = CoreHeap::Func};
  if (table.element != funcref) return invalid("the table must hold funcref");
  const CoreValueType context = start.params[0];
  info_.core_type = CoreTypeId{entry.id};
  make({table.limits.is_64 ? kI64 : kI32, context}, {kI32});
  return {};
}

}  // namespace

Result<void> Validator::canon(Scope& scope, const Canon& definition, size_t at) {
  const auto task_result = TRY(optional_value_type(scope, definition.result, at));
  CanonInfo info = TRY(CanonCheck(types(), features_, scope, definition, at).run(task_result));
  if (definition.kind == CanonKind::Lift) {
    // As written, since names count when it is exported.
    scope.info.functions.push_back(scope.info.types[definition.type.value].function());
  } else {
    scope.info.core_functions.push_back(info.core);
  }
  scope.info.canons.push_back(std::move(info));
  return check_space(scope.info.functions.size() + scope.info.core_functions.size(), kMaxItems,
                     "function", at);
}

}  // namespace wasmcloud::component::detail
