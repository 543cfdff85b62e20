#include "component/detail/dynamic_values.h"

#include "component/async/copy.h"
#include "component/detail/places.h"
#include "component/detail/text.h"
#include "component/handle_table.h"
#include "component/wave.h"

#include <bit>

namespace wasmcloud::component {
namespace {

/// One value on its way out of a guest. Lists in a guest's memory may overlap, so what they become
/// in the host's has a bound of its own.
struct Lifting {
  CanonicalContext& context;
  uint64_t left = uint64_t{1} << 28;

  Result<void> charge(uint64_t bytes) {
    if (bytes > left) return fail(Errc::Trap, "a value takes more than {} bytes of the host", left);
    left -= bytes;
    return {};
  }
};

template <class Source>
Result<Value> lift(Lifting& in, const RuntimeType& type, Source&& source);

template <class Source>
Result<Value> lift_list(Lifting& in, const RuntimeType& element, Source&& source) {
  const auto at = static_cast<uint32_t>(source.part(0).take(4));
  const auto length = static_cast<uint32_t>(source.part(4).take(4));
  TRY(check_list(in.context, at, length, element));
  TRY(in.charge(uint64_t{length} * sizeof(Value)));
  Value::List list;
  for (uint32_t i = 0; i < length; ++i) {
    list.items.push_back(TRY(lift(in, element, MemorySource{&in.context, at + i * element.size})));
  }
  return Value(std::move(list));
}

template <class Source>
Result<Value> lift_variant(Lifting& in, const RuntimeType& type, Source&& source) {
  const uint32_t index = TRY(take_discriminant(type, source));
  Value::Payload payload;
  auto inner = source.payload(type);
  if (const RuntimeType* part = type.parts[index].type) {
    payload.push_back(TRY(lift(in, *part, inner)));
  }
  source.end_payload(type);
  switch (type.kind) {
    case TypeKind::Option:
      return Value(Value::Option{std::move(payload)});
    case TypeKind::Result:
      return Value(Value::Result{index == 0, std::move(payload)});
    case TypeKind::Enum:
      return Value(Value::Enum{type.parts[index].name});
    default:
      return Value(Value::Variant{type.parts[index].name, std::move(payload)});
  }
}

template <class Source>
Result<Value> lift(Lifting& in, const RuntimeType& type, Source&& source) {
  switch (type.kind) {
    case TypeKind::Bool:
      return Value(TRY(take_scalar(type, source)) != 0);
    case TypeKind::S8:
      return Value(static_cast<int8_t>(TRY(take_scalar(type, source))));
    case TypeKind::U8:
      return Value(static_cast<uint8_t>(TRY(take_scalar(type, source))));
    case TypeKind::S16:
      return Value(static_cast<int16_t>(TRY(take_scalar(type, source))));
    case TypeKind::U16:
      return Value(static_cast<uint16_t>(TRY(take_scalar(type, source))));
    case TypeKind::S32:
      return Value(static_cast<int32_t>(TRY(take_scalar(type, source))));
    case TypeKind::U32:
      return Value(static_cast<uint32_t>(TRY(take_scalar(type, source))));
    case TypeKind::S64:
      return Value(static_cast<int64_t>(TRY(take_scalar(type, source))));
    case TypeKind::U64:
      return Value(uint64_t{TRY(take_scalar(type, source))});
    case TypeKind::F32:
      return Value(std::bit_cast<float>(static_cast<uint32_t>(TRY(take_scalar(type, source)))));
    case TypeKind::F64:
      return Value(std::bit_cast<double>(TRY(take_scalar(type, source))));
    case TypeKind::Char:
      return Value(static_cast<char32_t>(TRY(take_scalar(type, source))));
    case TypeKind::Flags: {
      const uint64_t bits = TRY(take_scalar(type, source));
      Value::Flags flags;
      for (size_t i = 0; i < type.parts.size(); ++i) {
        if ((bits >> i & 1) != 0) flags.names.push_back(type.parts[i].name);
      }
      return Value(std::move(flags));
    }
    case TypeKind::String: {
      const auto at = static_cast<uint32_t>(source.part(0).take(4));
      const auto length = static_cast<uint32_t>(source.part(4).take(4));
      TRY(in.charge(length & ~(uint32_t{1} << 31)));
      return Value(TRY(lift_text(in.context, {.at = at, .length = length})));
    }
    case TypeKind::List:
    case TypeKind::Map:
      return lift_list(in, *type.element(), source);
    case TypeKind::Record: {
      Value::Record record;
      for (const RuntimePart& part : type.parts) {
        record.names.push_back(part.name);
        record.values.push_back(TRY(lift(in, *part.type, source.part(part.offset))));
      }
      return Value(std::move(record));
    }
    case TypeKind::Tuple: {
      Value::Tuple tuple;
      for (const RuntimePart& part : type.parts) {
        tuple.items.push_back(TRY(lift(in, *part.type, source.part(part.offset))));
      }
      return Value(std::move(tuple));
    }
    case TypeKind::FixedList: {
      Value::List list;
      const RuntimeType& element = *type.element();
      for (uint32_t i = 0; i < type.length; ++i) {
        list.items.push_back(TRY(lift(in, element, source.part(i * element.size))));
      }
      return Value(std::move(list));
    }
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::Enum:
      return lift_variant(in, type, source);
    case TypeKind::Own: {
      if (type.resource.is_host()) break;
      const auto handle = static_cast<uint32_t>(source.take(4));
      const Representation it = TRY(in.context.handles().remove_own(handle, type.resource));
      return Value(Value::Resource{type.resource, it.number});
    }
    case TypeKind::Borrow: {
      if (type.resource.is_host()) break;
      const auto handle = static_cast<uint32_t>(source.take(4));
      const Representation it = TRY(in.context.begin_lend(handle, type.resource));
      return Value(Value::Resource{type.resource, it.number});
    }
    case TypeKind::Stream:
    case TypeKind::Future: {
      const auto handle = static_cast<uint32_t>(source.take(4));
      return Value(Value::Readable{TRY(
          in.context.take_readable(handle, type.kind == TypeKind::Future, type.parts[0].type))});
    }
    case TypeKind::ErrorContext:
      break;
  }
  return fail(Errc::Unsupported, "dynamic values of type {}", to_string(type));
}

std::unexpected<Error> mismatch(const RuntimeType& type, const Value& value) {
  return fail(Errc::Invalid, "{} is not a value of type {}", write_wave(value), to_string(type));
}

template <class T>
Result<T> expect(const RuntimeType& type, const Value& value) {
  if (const T* it = value.get_if<T>()) return *it;
  return mismatch(type, value);
}

template <class Sink>
Result<void> lower(CanonicalContext& context, const RuntimeType& type, const Value& value,
                   Sink&& sink);

template <class T, class Sink>
Result<void> lower_number(const RuntimeType& type, const Value& value, Sink&& sink) {
  const T number = TRY(expect<T>(type, value));
  if constexpr (std::is_same_v<T, float>) {
    sink.put(4, std::bit_cast<uint32_t>(number));
  } else if constexpr (std::is_same_v<T, double>) {
    sink.put(8, std::bit_cast<uint64_t>(number));
  } else if constexpr (sizeof(T) == 8) {
    sink.put(8, static_cast<uint64_t>(number));
  } else {
    // Sign-extended to the core value's 32 bits.
    sink.put(type.size, static_cast<uint32_t>(static_cast<int64_t>(number)));
  }
  return {};
}

template <class Sink>
Result<void> lower_items(CanonicalContext& context, const RuntimeType& element,
                         const std::vector<Value>& items, Sink&& sink) {
  const uint64_t bytes = uint64_t{element.size} * items.size();
  if (bytes > kMaxTransferBytes) {
    return fail(Errc::Limit, "a list of {} bytes is too long for a guest", bytes);
  }
  const uint32_t block = TRY(context.allocate(static_cast<uint32_t>(bytes), element.align));
  uint32_t at = block;
  for (const Value& item : items) {
    TRY(lower(context, element, item, MemorySink{&context, at}));
    at += element.size;
  }
  sink.part(0).put(4, block);
  sink.part(4).put(4, items.size());
  return {};
}

template <class Sink>
Result<void> lower_case(CanonicalContext& context, const RuntimeType& type, size_t index,
                        const Value& value, const Value::Payload& payload, Sink&& sink) {
  if (index == type.parts.size()) return mismatch(type, value);
  const RuntimeType* const part = type.parts[index].type;
  if (payload.size() != (part == nullptr ? 0 : 1)) return mismatch(type, value);
  sink.put(type.discriminant_size, index);
  auto inner = sink.payload(type);
  if (part != nullptr) TRY(lower(context, *part, payload[0], inner));
  sink.end_payload(type, inner);
  return {};
}

size_t index_of(const RuntimeType& type, std::string_view name) {
  const auto found = std::ranges::find(type.parts, name, &RuntimePart::name);
  return static_cast<size_t>(found - type.parts.begin());
}

template <class Sink>
Result<void> lower_variant(CanonicalContext& context, const RuntimeType& type, const Value& value,
                           Sink&& sink) {
  switch (type.kind) {
    case TypeKind::Option: {
      const auto it = TRY(expect<Value::Option>(type, value));
      return lower_case(context, type, it.payload.empty() ? 0 : 1, value, it.payload, sink);
    }
    case TypeKind::Result: {
      const auto it = TRY(expect<Value::Result>(type, value));
      return lower_case(context, type, it.is_ok ? 0 : 1, value, it.payload, sink);
    }
    case TypeKind::Enum: {
      const auto it = TRY(expect<Value::Enum>(type, value));
      return lower_case(context, type, index_of(type, it.name), value, {}, sink);
    }
    default: {
      const auto it = TRY(expect<Value::Variant>(type, value));
      return lower_case(context, type, index_of(type, it.name), value, it.payload, sink);
    }
  }
}

template <class Sink>
Result<void> lower_record(CanonicalContext& context, const RuntimeType& type, const Value& value,
                          Sink&& sink) {
  const auto* record = value.get_if<Value::Record>();
  if (record == nullptr || record->names.size() != type.parts.size() ||
      record->values.size() != type.parts.size()) {
    return mismatch(type, value);
  }
  for (size_t i = 0; i < type.parts.size(); ++i) {
    const RuntimePart& part = type.parts[i];
    if (record->names[i] != part.name) return mismatch(type, value);
    TRY(lower(context, *part.type, record->values[i], sink.part(part.offset)));
  }
  return {};
}

template <class Sink>
Result<void> lower(CanonicalContext& context, const RuntimeType& type, const Value& value,
                   Sink&& sink) {
  switch (type.kind) {
    case TypeKind::Bool:
      return lower_number<bool>(type, value, sink);
    case TypeKind::S8:
      return lower_number<int8_t>(type, value, sink);
    case TypeKind::U8:
      return lower_number<uint8_t>(type, value, sink);
    case TypeKind::S16:
      return lower_number<int16_t>(type, value, sink);
    case TypeKind::U16:
      return lower_number<uint16_t>(type, value, sink);
    case TypeKind::S32:
      return lower_number<int32_t>(type, value, sink);
    case TypeKind::U32:
      return lower_number<uint32_t>(type, value, sink);
    case TypeKind::S64:
      return lower_number<int64_t>(type, value, sink);
    case TypeKind::U64:
      return lower_number<uint64_t>(type, value, sink);
    case TypeKind::F32:
      return lower_number<float>(type, value, sink);
    case TypeKind::F64:
      return lower_number<double>(type, value, sink);
    case TypeKind::Char:
      return lower_number<char32_t>(type, value, sink);
    case TypeKind::Flags: {
      const auto flags = TRY(expect<Value::Flags>(type, value));
      uint64_t bits = 0;
      for (const std::string& name : flags.names) {
        const size_t index = index_of(type, name);
        if (index == type.parts.size()) return mismatch(type, value);
        bits |= uint64_t{1} << index;
      }
      sink.put(type.size, bits);
      return {};
    }
    case TypeKind::String: {
      const auto* text = value.get_if<std::string>();
      if (text == nullptr) return mismatch(type, value);
      const TextPlace place = TRY(lower_text(*text, context));
      sink.part(0).put(4, place.at);
      sink.part(4).put(4, place.length);
      return {};
    }
    case TypeKind::List:
    case TypeKind::Map: {
      const auto* list = value.get_if<Value::List>();
      if (list == nullptr) return mismatch(type, value);
      return lower_items(context, *type.element(), list->items, sink);
    }
    case TypeKind::Record:
      return lower_record(context, type, value, sink);
    case TypeKind::Tuple: {
      const auto* tuple = value.get_if<Value::Tuple>();
      if (tuple == nullptr || tuple->items.size() != type.parts.size()) {
        return mismatch(type, value);
      }
      for (size_t i = 0; i < type.parts.size(); ++i) {
        TRY(lower(context, *type.parts[i].type, tuple->items[i], sink.part(type.parts[i].offset)));
      }
      return {};
    }
    case TypeKind::FixedList: {
      const auto* list = value.get_if<Value::List>();
      if (list == nullptr || list->items.size() != type.length) return mismatch(type, value);
      const RuntimeType& element = *type.element();
      for (uint32_t i = 0; i < type.length; ++i) {
        TRY(lower(context, element, list->items[i], sink.part(i * element.size)));
      }
      return {};
    }
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::Enum:
      return lower_variant(context, type, value, sink);
    case TypeKind::Own:
    case TypeKind::Borrow: {
      if (type.resource.is_host()) break;
      const auto it = TRY(expect<Value::Resource>(type, value));
      if (it.type != type.resource) return mismatch(type, value);
      const Representation representation{.number = it.representation};
      if (type.kind == TypeKind::Own) {
        sink.put(4, TRY(context.handles().add_own(type.resource, representation)));
      } else if (context.implements(type.resource)) {
        sink.put(4, representation.number);
      } else {
        sink.put(
            4, TRY(context.handles().add_borrow(type.resource, representation, context.borrows())));
      }
      return {};
    }
    case TypeKind::Stream:
    case TypeKind::Future: {
      const auto it = TRY(expect<Value::Readable>(type, value));
      if (it.shared->is_future() != (type.kind == TypeKind::Future) ||
          !it.shared->element().is(type.parts[0].type)) {
        return mismatch(type, value);
      }
      sink.put(4, TRY(context.give_readable(it.shared)));
      return {};
    }
    case TypeKind::ErrorContext:
      break;
  }
  return fail(Errc::Unsupported, "dynamic values of type {}", to_string(type));
}

}  // namespace

Result<Value> lift_flat(CanonicalContext& context, const RuntimeType& type,
                        const engine::RawValue* flat) {
  Lifting in{context};
  return lift(in, type, FlatSource{flat});
}
Result<Value> lift_memory(CanonicalContext& context, const RuntimeType& type, uint32_t at) {
  Lifting in{context};
  return lift(in, type, MemorySource{&context, at});
}
Result<void> lower_flat(CanonicalContext& context, const RuntimeType& type, const Value& value,
                        engine::RawValue* flat) {
  return lower(context, type, value, FlatSink{flat});
}
Result<void> lower_memory(CanonicalContext& context, const RuntimeType& type, const Value& value,
                          uint32_t at) {
  return lower(context, type, value, MemorySink{&context, at});
}

}  // namespace wasmcloud::component
