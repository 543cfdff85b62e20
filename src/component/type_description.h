#pragma once

#include "component/host_resource.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace wasmcloud::component {

struct TypeDescription;

/// A field, case, label, item or parameter. `type` is null where there is no payload.
struct NamedType {
  std::string_view name;
  const TypeDescription* type = nullptr;
};

/// A component-level value type as the host knows it, without a decoded component: constant data
/// that refers to constant data, so that bindings can spell it in `constexpr` tables. It is
/// compared with a component's own types when the component is linked.
struct TypeDescription {
  enum class Kind : uint8_t {
    Bool,
    S8,
    U8,
    S16,
    U16,
    S32,
    U32,
    S64,
    U64,
    F32,
    F64,
    Char,
    String,
    ErrorContext,
    Record,     ///< parts: fields
    Variant,    ///< parts: cases, a null type for one without a payload
    List,       ///< parts: the element
    FixedList,  ///< parts: the element
    Tuple,      ///< parts: items, without names
    Flags,      ///< parts: labels
    Enum,       ///< parts: labels
    Option,     ///< parts: the payload
    Result,     ///< parts: ok and error, each with a null type where there is none
    Own,        ///< of `resource`
    Borrow,     ///< of `resource`
    Stream,     ///< parts: the element, with a null type where there is none
    Future,     ///< parts: the element, with a null type where there is none
    Map,        ///< parts: key and value
    /// Of a resource that a guest implements and exports: `resource` is the interface and name of
    /// that.
    OwnOfGuest,
    BorrowOfGuest,
  };

  Kind kind;
  std::span<const NamedType> parts = {};
  const HostResourceType* resource = nullptr;
  uint32_t length = 0;  ///< of a fixed list
};

/// A function type as the host knows it.
struct FunctionDescription {
  enum class Effect : uint8_t { Sync, Async };  ///< `func` or `async func`

  std::span<const NamedType> params = {};
  const TypeDescription* result = nullptr;  ///< null: none
  Effect effect = Effect::Sync;
};

/// The types without parts.
namespace describe {
inline constexpr TypeDescription kBool{TypeDescription::Kind::Bool};
inline constexpr TypeDescription kS8{TypeDescription::Kind::S8};
inline constexpr TypeDescription kU8{TypeDescription::Kind::U8};
inline constexpr TypeDescription kS16{TypeDescription::Kind::S16};
inline constexpr TypeDescription kU16{TypeDescription::Kind::U16};
inline constexpr TypeDescription kS32{TypeDescription::Kind::S32};
inline constexpr TypeDescription kU32{TypeDescription::Kind::U32};
inline constexpr TypeDescription kS64{TypeDescription::Kind::S64};
inline constexpr TypeDescription kU64{TypeDescription::Kind::U64};
inline constexpr TypeDescription kF32{TypeDescription::Kind::F32};
inline constexpr TypeDescription kF64{TypeDescription::Kind::F64};
inline constexpr TypeDescription kChar{TypeDescription::Kind::Char};
inline constexpr TypeDescription kString{TypeDescription::Kind::String};
}  // namespace describe

}  // namespace wasmcloud::component
