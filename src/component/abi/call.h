#pragma once

#include "component/abi/compound.h"

namespace wasmcloud::component::abi {

inline constexpr uint32_t kMaxFlatParams = 16;
inline constexpr uint32_t kMaxFlatResults = 1;

/// The parameters of one function: in core values, or, where those are too many, in memory.
template <class... Types>
class Parameters {
 public:
  using Places = Layout<Types...>;
  static constexpr bool kSpilled = Places::kFlat > kMaxFlatParams;
  /// Core parameters, without the one for a result in memory.
  static constexpr uint32_t kFlat = kSpilled ? 1 : Places::kFlat;

  /// For the callee.
  Parameters(Lift& in, const RawValue* flat) : in_(in), flat_(flat) {
    if constexpr (kSpilled) in.check(flat[0].u32, Places::kSize, Places::kAlign);
  }

  /// Each once, in order.
  template <size_t I>
  auto get() {
    using T = std::tuple_element_t<I, std::tuple<Types...>>;
    T value{};
    if (in_.failed()) return value;
    if constexpr (kSpilled) {
      Type<T>::load(in_, flat_[0].u32 + Places::kPlaces.memory[I], value);
    } else {
      Type<T>::lift(in_, flat_ + Places::kPlaces.flat[I], value);
    }
    return value;
  }

  /// For the caller.
  static void lower(Lower& out, RawValue* flat, Types&... values) {
    size_t i = 0;
    if constexpr (kSpilled) {
      const std::optional<uint32_t> at = out.allocate(Places::kSize, Places::kAlign);
      if (!at) return;
      flat[0].i32 = static_cast<int32_t>(*at);
      ((out.failed() ? void() : Type<Types>::store(out, values, *at + Places::kPlaces.memory[i++])),
       ...);
    } else {
      ((out.failed() ? void() : Type<Types>::lower(out, values, flat + Places::kPlaces.flat[i++])),
       ...);
    }
  }

 private:
  Lift& in_;
  const RawValue* flat_;
};

/// Lowers a host function's result: to the only core result, or to where the parameter after the
/// first `params` points.
template <class T>
Result<void> lower_result(CanonicalContext& context, RawValue* flat, uint32_t params, T& value) {
  Lower out(context);
  if constexpr (Type<T>::kFlat <= kMaxFlatResults) {
    Type<T>::lower(out, value, flat);
  } else {
    const uint32_t at = flat[params].u32;
    if (out.check(at, Type<T>::kSize, Type<T>::kAlign)) Type<T>::store(out, value, at);
  }
  return out.result();
}

/// Lifts an exported function's result: from its only core result, or from where that points.
template <class T>
void lift_result(Lift& in, const RawValue* flat, T& value) {
  if constexpr (Type<T>::kFlat <= kMaxFlatResults) {
    Type<T>::lift(in, flat, value);
  } else if (in.check(flat[0].u32, Type<T>::kSize, Type<T>::kAlign)) {
    Type<T>::load(in, flat[0].u32, value);
  }
}

}  // namespace wasmcloud::component::abi
