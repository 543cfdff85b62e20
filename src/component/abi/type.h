#pragma once

#include "base/bytes.h"
#include "component/abi/lower.h"
#include "component/type_description.h"
#include "engine/values.h"

#include <span>

namespace wasmcloud::component::abi {

using engine::RawValue;

/// How a C++ type crosses the boundary. Every specialization has
///
///     static constexpr uint32_t kSize, kAlign, kFlat;       // bytes in memory; flat core values
///     static constexpr bool kPlain;                         // the same bytes here and there
///     static constexpr TypeDescription kDescription;
///     static void lift(Lift&, const RawValue*, T&);         // from kFlat core values
///     static void load(Lift&, uint32_t at, T&);             // from kSize bytes that were checked
///     static void lower(Lower&, T&, RawValue*);             // the value may be moved from
///     static void store(Lower&, T&, uint32_t at);
///
/// Core values that belong to a variant's longer cases are zeroed before they are written, and read
/// by their low bits, so that joining of core types needs nothing more.
template <class T>
struct Type;

constexpr uint32_t align_to(uint32_t at, uint32_t align) {
  return (at + align - 1) / align * align;
}

/// Core values are counted no further: beyond 16 everything goes through memory.
inline constexpr uint32_t kManyFlat = 1000;
constexpr uint32_t add_flat(uint32_t a, uint32_t b) {
  return a + b < kManyFlat ? a + b : kManyFlat;
}

/// Integers and floats.
template <class T, TypeDescription::Kind kKind>
struct Scalar {
  static constexpr uint32_t kSize = sizeof(T);
  static constexpr uint32_t kAlign = sizeof(T);
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = true;
  static constexpr TypeDescription kDescription{kKind};
  static void lift(Lift&, const RawValue* flat, T& out) {
    // Narrow integers wrap.
    if constexpr (std::is_same_v<T, float>)
      out = flat->f32;
    else if constexpr (std::is_same_v<T, double>)
      out = flat->f64;
    else
      out = static_cast<T>(flat->u64);
  }
  static void load(Lift& in, uint32_t at, T& out) { out = in.get<T>(at); }
  static void lower(Lower&, const T& value, RawValue* flat) {
    if constexpr (std::is_same_v<T, float>)
      flat->f32 = value;
    else if constexpr (std::is_same_v<T, double>)
      flat->f64 = value;
    else if constexpr (sizeof(T) == 8)
      flat->u64 = static_cast<uint64_t>(value);
    else
      flat->i32 = static_cast<int32_t>(value);
  }
  static void store(Lower& out, const T& value, uint32_t at) { out.put<T>(at, value); }
};

template <>
struct Type<uint8_t> : Scalar<uint8_t, TypeDescription::Kind::U8> {};
template <>
struct Type<uint16_t> : Scalar<uint16_t, TypeDescription::Kind::U16> {};
template <>
struct Type<uint32_t> : Scalar<uint32_t, TypeDescription::Kind::U32> {};
template <>
struct Type<uint64_t> : Scalar<uint64_t, TypeDescription::Kind::U64> {};
template <>
struct Type<int8_t> : Scalar<int8_t, TypeDescription::Kind::S8> {};
template <>
struct Type<int16_t> : Scalar<int16_t, TypeDescription::Kind::S16> {};
template <>
struct Type<int32_t> : Scalar<int32_t, TypeDescription::Kind::S32> {};
template <>
struct Type<int64_t> : Scalar<int64_t, TypeDescription::Kind::S64> {};
template <>
struct Type<float> : Scalar<float, TypeDescription::Kind::F32> {};
template <>
struct Type<double> : Scalar<double, TypeDescription::Kind::F64> {};

/// Any value but 0 is true.
template <>
struct Type<bool> {
  static constexpr uint32_t kSize = 1;
  static constexpr uint32_t kAlign = 1;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Bool};
  static void lift(Lift&, const RawValue* flat, bool& out) { out = flat->u32 != 0; }
  static void load(Lift& in, uint32_t at, bool& out) { out = in.get<uint8_t>(at) != 0; }
  static void lower(Lower&, const bool& value, RawValue* flat) { flat->u32 = value ? 1 : 0; }
  static void store(Lower& out, const bool& value, uint32_t at) {
    out.put<uint8_t>(at, value ? 1 : 0);
  }
};

template <>
struct Type<char32_t> {
  static constexpr uint32_t kSize = 4;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Char};
  static void lift(Lift& in, const RawValue* flat, char32_t& out) { out = checked(in, flat->u32); }
  static void load(Lift& in, uint32_t at, char32_t& out) {
    out = checked(in, in.get<uint32_t>(at));
  }
  static void lower(Lower&, const char32_t& value, RawValue* flat) { flat->u32 = value; }
  static void store(Lower& out, const char32_t& value, uint32_t at) {
    out.put<uint32_t>(at, value);
  }

 private:
  static char32_t checked(Lift& in, uint32_t value);
};

/// What is a pointer and a length in memory, given two functions on them.
template <class T, class Self>
struct PointerAndLength {
  static constexpr uint32_t kSize = 8;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 2;
  static constexpr bool kPlain = false;
  static void lift(Lift& in, const RawValue* flat, T& out) {
    Self::read(in, flat[0].u32, flat[1].u32, out);
  }
  static void load(Lift& in, uint32_t at, T& out) {
    Self::read(in, in.get<uint32_t>(at), in.get<uint32_t>(at + 4), out);
  }
  static void lower(Lower& out, T& value, RawValue* flat) {
    const Block block = Self::write(out, value);
    flat[0].i32 = static_cast<int32_t>(block.at);
    flat[1].i32 = static_cast<int32_t>(block.length);
  }
  static void store(Lower& out, T& value, uint32_t at) {
    const Block block = Self::write(out, value);
    if (out.failed()) return;
    out.put<uint32_t>(at, block.at);
    out.put<uint32_t>(at + 4, block.length);
  }
};

template <>
struct Type<std::string> : PointerAndLength<std::string, Type<std::string>> {
  static constexpr TypeDescription kDescription{TypeDescription::Kind::String};
  static void read(Lift& in, uint32_t at, uint32_t length, std::string& out) {
    out = in.string(at, length);
  }
  static Block write(Lower& out, std::string& text) { return out.string(text); }
};

/// Lives as long as the `Lift`, and until the guest runs again.
template <>
struct Type<std::string_view> : PointerAndLength<std::string_view, Type<std::string_view>> {
  static constexpr TypeDescription kDescription{TypeDescription::Kind::String};
  static void read(Lift& in, uint32_t at, uint32_t length, std::string_view& out) {
    out = in.string_view(at, length);
  }
  static Block write(Lower& out, std::string_view& text) { return out.string(text); }
};

inline constexpr NamedType kByteElement[] = {{.name = {}, .type = &Type<uint8_t>::kDescription}};

template <>
struct Type<Bytes> : PointerAndLength<Bytes, Type<Bytes>> {
  static constexpr TypeDescription kDescription{TypeDescription::Kind::List, kByteElement};
  static void read(Lift& in, uint32_t at, uint32_t length, Bytes& out) {
    if (in.check_list(at, length, 1, 1) && in.charge(length))
      out = Bytes::copy_of(in.bytes(at, length));
  }
  static Block write(Lower& out, Bytes& bytes) { return out.list_of_bytes(bytes.span()); }
};

/// Lives until the guest runs again.
template <>
struct Type<std::span<const std::byte>>
    : PointerAndLength<std::span<const std::byte>, Type<std::span<const std::byte>>> {
  static constexpr TypeDescription kDescription{TypeDescription::Kind::List, kByteElement};
  static void read(Lift& in, uint32_t at, uint32_t length, std::span<const std::byte>& out) {
    if (in.check_list(at, length, 1, 1)) out = in.bytes(at, length);
  }
  static Block write(Lower& out, std::span<const std::byte>& bytes) {
    return out.list_of_bytes(bytes);
  }
};

}  // namespace wasmcloud::component::abi
