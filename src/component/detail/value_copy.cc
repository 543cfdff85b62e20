#include "component/detail/value_copy.h"

#include "component/async/error_context.h"
#include "component/detail/places.h"
#include "component/detail/text.h"
#include "component/handle_table.h"

namespace wasmcloud::component {

Result<void> ValueCopy::flat_to_flat(const RuntimeType& type, const engine::RawValue* source,
                                     engine::RawValue* sink) {
  return copy(type, FlatSource{source}, FlatSink{sink});
}

Result<void> ValueCopy::flat_to_memory(const RuntimeType& type, const engine::RawValue* source,
                                       uint32_t sink) {
  return copy(type, FlatSource{source}, MemorySink{&to_, sink});
}

Result<void> ValueCopy::memory_to_flat(const RuntimeType& type, uint32_t source,
                                       engine::RawValue* sink) {
  return copy(type, MemorySource{&from_, source}, FlatSink{sink});
}

Result<void> ValueCopy::memory_to_memory(const RuntimeType& type, uint32_t source, uint32_t sink) {
  return copy(type, MemorySource{&from_, source}, MemorySink{&to_, sink});
}

template <class Source, class Sink>
Result<void> ValueCopy::copy(const RuntimeType& type, Source&& source, Sink&& sink) {
  switch (type.kind) {
    case TypeKind::Bool:
    case TypeKind::S8:
    case TypeKind::U8:
    case TypeKind::S16:
    case TypeKind::U16:
    case TypeKind::S32:
    case TypeKind::U32:
    case TypeKind::S64:
    case TypeKind::U64:
    case TypeKind::F32:
    case TypeKind::F64:
    case TypeKind::Char:
    case TypeKind::Flags:
      sink.put(type.size, TRY(take_scalar(type, source)));
      return {};
    case TypeKind::Own:
      sink.put(4, TRY(move_own(type, static_cast<uint32_t>(source.take(4)))));
      return {};
    case TypeKind::Borrow:
      sink.put(4, TRY(lend(type, static_cast<uint32_t>(source.take(4)))));
      return {};
    case TypeKind::String:
      return copy_string(source, sink);
    case TypeKind::List:
    case TypeKind::Map:
      return copy_list(*type.element(), source, sink);
    case TypeKind::Record:
    case TypeKind::Tuple:
      return copy_parts(type, source, sink);
    case TypeKind::FixedList: {
      const RuntimeType& element = *type.element();
      for (uint32_t i = 0; i < type.length; ++i) {
        TRY(copy(element, source.part(i * element.size), sink.part(i * element.size)));
      }
      return {};
    }
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::Enum:
      return copy_variant(type, source, sink);
    case TypeKind::Stream:
    case TypeKind::Future:
      sink.put(4, TRY(move_readable(type, static_cast<uint32_t>(source.take(4)))));
      return {};
    case TypeKind::ErrorContext:
      sink.put(4, TRY(share_error_context(static_cast<uint32_t>(source.take(4)))));
      return {};
  }
  return {};
}

template <class Source, class Sink>
Result<void> ValueCopy::copy_parts(const RuntimeType& type, Source&& source, Sink&& sink) {
  for (const RuntimePart& part : type.parts) {
    TRY(copy(*part.type, source.part(part.offset), sink.part(part.offset)));
  }
  return {};
}

template <class Source, class Sink>
Result<void> ValueCopy::copy_variant(const RuntimeType& type, Source&& source, Sink&& sink) {
  const uint32_t index = TRY(take_discriminant(type, source));
  sink.put(type.discriminant_size, index);
  auto inner_source = source.payload(type);
  auto inner_sink = sink.payload(type);
  if (const RuntimeType* payload = type.parts[index].type) {
    TRY(copy(*payload, inner_source, inner_sink));
  }
  source.end_payload(type);
  sink.end_payload(type, inner_sink);
  return {};
}

template <class Source, class Sink>
Result<void> ValueCopy::copy_list(const RuntimeType& element, Source&& source, Sink&& sink) {
  const auto at = static_cast<uint32_t>(source.part(0).take(4));
  const auto length = static_cast<uint32_t>(source.part(4).take(4));
  const uint32_t bytes = TRY(check_list(from_, at, length, element));
  TRY(charge(bytes));
  const uint32_t block = TRY(to_.allocate(bytes, element.align));
  from_.memory_is_stale();  // one memory may serve both sides
  if (element.is_plain) {
    std::memmove(to_.memory().data() + block, from_.memory().data() + at, bytes);
  } else if (element.is_static) {
    TRY(copy_static(element, from_.memory().data() + at, to_.memory().data() + block, length));
  } else {
    for (uint32_t i = 0; i < length; ++i) {
      TRY(memory_to_memory(element, at + i * element.size, block + i * element.size));
    }
  }
  sink.part(0).put(4, block);
  sink.part(4).put(4, length);
  return {};
}

namespace {

/// Places in memory that does not move.
struct FixedSource {
  const std::byte* at;

  uint64_t take(uint32_t size) const {
    uint64_t value = 0;
    switch (size) {
      case 1:
        value = std::to_integer<uint64_t>(*at);
        break;
      case 2:
        std::memcpy(&value, at, 2);
        break;
      case 4:
        std::memcpy(&value, at, 4);
        break;
      default:
        std::memcpy(&value, at, 8);
        break;
    }
    return value;
  }
};

Result<void> copy_fixed(const RuntimeType& type, const std::byte* source, std::byte* sink) {
  switch (type.kind) {
    case TypeKind::Record:
    case TypeKind::Tuple:
      for (const RuntimePart& part : type.parts) {
        TRY(copy_fixed(*part.type, source + part.offset, sink + part.offset));
      }
      return {};
    case TypeKind::FixedList: {
      const RuntimeType& element = *type.element();
      for (uint32_t i = 0; i < type.length; ++i) {
        TRY(copy_fixed(element, source + size_t{i} * element.size,
                       sink + size_t{i} * element.size));
      }
      return {};
    }
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::Enum: {
      const uint32_t index = TRY(take_discriminant(type, FixedSource{source}));
      std::memcpy(sink, &index, type.discriminant_size);
      const RuntimeType* const payload = type.parts[index].type;
      if (payload == nullptr) return {};
      return copy_fixed(*payload, source + type.payload_offset, sink + type.payload_offset);
    }
    default: {
      if (type.is_plain) {
        std::memcpy(sink, source, type.size);
        return {};
      }
      const uint64_t value = TRY(take_scalar(type, FixedSource{source}));
      std::memcpy(sink, &value, type.size);
      return {};
    }
  }
}

}  // namespace

Result<void> ValueCopy::copy_static(const RuntimeType& type, const std::byte* source,
                                    std::byte* sink, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    TRY(copy_fixed(type, source, sink));
    source += type.size;
    sink += type.size;
  }
  return {};
}

template <class Source, class Sink>
Result<void> ValueCopy::copy_string(Source&& source, Sink&& sink) {
  const auto at = static_cast<uint32_t>(source.part(0).take(4));
  const auto length = static_cast<uint32_t>(source.part(4).take(4));
  TRY(charge(length & ~(uint32_t{1} << 31)));
  const TextPlace copied = TRY(copy_text(from_, {.at = at, .length = length}, to_));
  sink.part(0).put(4, copied.at);
  sink.part(4).put(4, copied.length);
  return {};
}

Result<void> ValueCopy::charge(uint64_t bytes) {
  if (bytes > left_) {
    return fail(Errc::Trap, "a call passes more than {} bytes from one component to another",
                kMaxBytes);
  }
  left_ -= bytes;
  return {};
}

Result<uint32_t> ValueCopy::move_own(const RuntimeType& type, uint32_t handle) {
  const Representation representation = TRY(from_.handles().remove_own(handle, type.resource));
  Result<uint32_t> moved = to_.handles().add_own(type.resource, representation);
  if (!moved && type.resource.is_host()) delete representation.object;
  return moved;
}

Result<uint32_t> ValueCopy::move_readable(const RuntimeType& type, uint32_t handle) {
  return to_.give_readable(
      TRY(from_.take_readable(handle, type.kind == TypeKind::Future, type.parts[0].type)));
}

Result<uint32_t> ValueCopy::share_error_context(uint32_t handle) {
  const ErrorContext& context = *TRY(ErrorContext::find(from_.handles(), handle));
  return to_.handles().add_item(std::make_unique<ErrorContext>(context.message()));
}

// Canonical ABI, lower_borrow: the implementing instance gets the representation itself.
Result<uint32_t> ValueCopy::lend(const RuntimeType& type, uint32_t handle) {
  const Representation representation = TRY(from_.begin_lend(handle, type.resource));
  if (to_.implements(type.resource)) return representation.number;
  return to_.handles().add_borrow(type.resource, representation, to_.borrows());
}

namespace {

Result<void> flatten(const RuntimeType& type, MemorySource source, FlatSink& sink) {
  switch (type.kind) {
    case TypeKind::String:
    case TypeKind::List:
    case TypeKind::Map:
      sink.put(4, source.part(0).take(4));
      sink.put(4, source.part(4).take(4));
      return {};
    case TypeKind::Record:
    case TypeKind::Tuple:
      for (const RuntimePart& part : type.parts) {
        TRY(flatten(*part.type, source.part(part.offset), sink));
      }
      return {};
    case TypeKind::FixedList:
      for (uint32_t i = 0; i < type.length; ++i) {
        TRY(flatten(*type.element(), source.part(i * type.element()->size), sink));
      }
      return {};
    case TypeKind::Variant:
    case TypeKind::Option:
    case TypeKind::Result:
    case TypeKind::Enum: {
      const uint32_t index = TRY(take_discriminant(type, source));
      sink.put(type.discriminant_size, index);
      FlatSink inner = sink.payload(type);
      if (const RuntimeType* const payload = type.parts[index].type) {
        TRY(flatten(*payload, source.payload(type), inner));
      }
      sink.end_payload(type, inner);
      return {};
    }
    default:
      sink.put(type.size, source.take(type.size));
      return {};
  }
}

}  // namespace

Result<void> flatten_from_memory(CanonicalContext& context, const RuntimeType& type, uint32_t at,
                                 engine::RawValue* flat) {
  FlatSink sink{flat};
  return flatten(type, MemorySource{&context, at}, sink);
}

}  // namespace wasmcloud::component
