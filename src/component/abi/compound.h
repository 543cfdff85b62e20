#pragma once

#include "component/abi/type.h"

#include <array>
#include <expected>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace wasmcloud::component::abi {

/// list<T>
template <class T>
struct Type<std::vector<T>> : PointerAndLength<std::vector<T>, Type<std::vector<T>>> {
  using Element = Type<T>;
  static constexpr NamedType kParts[] = {{.name = {}, .type = &Element::kDescription}};
  static constexpr TypeDescription kDescription{TypeDescription::Kind::List, kParts};
  static void read(Lift& in, uint32_t at, uint32_t length, std::vector<T>& out) {
    if (!in.check_list(at, length, Element::kSize, Element::kAlign)) return;
    if (!in.charge(uint64_t{length} * sizeof(T))) return;
    if constexpr (Element::kPlain) {
      out.resize(length);
      const auto bytes = in.bytes(at, length * Element::kSize);
      if (length != 0) std::memcpy(out.data(), bytes.data(), bytes.size());
    } else {
      out.reserve(length);
      for (uint32_t i = 0; i < length && !in.failed(); ++i) {
        T element{};
        Element::load(in, at + i * Element::kSize, element);
        out.push_back(std::move(element));
      }
    }
  }
  static Block write(Lower& out, std::vector<T>& list) {
    const std::optional<uint32_t> at =
        out.allocate_list(list.size(), Element::kSize, Element::kAlign);
    if (!at) return {};
    if constexpr (Element::kPlain) {
      out.put_bytes(*at, std::as_bytes(std::span(list)));
    } else {
      uint32_t next = *at;
      for (auto&& element : list) {
        T value = std::move(element);  // by value: the elements of a vector<bool> have no address
        Element::store(out, value, next);
        if (out.failed()) break;
        next += Element::kSize;
      }
    }
    return {.at = *at, .length = static_cast<uint32_t>(list.size())};
  }
};

/// list<T, N>
template <class T, size_t N>
struct Type<std::array<T, N>> {
  using Element = Type<T>;
  static constexpr uint32_t kSize = static_cast<uint32_t>(N) * Element::kSize;
  static constexpr uint32_t kAlign = Element::kAlign;
  static constexpr uint32_t kFlat = uint64_t{N} * Element::kFlat < kManyFlat
                                        ? static_cast<uint32_t>(N) * Element::kFlat
                                        : kManyFlat;
  static constexpr bool kPlain = Element::kPlain;
  static constexpr NamedType kParts[] = {{.name = {}, .type = &Element::kDescription}};
  static constexpr TypeDescription kDescription{TypeDescription::Kind::FixedList, kParts, nullptr,
                                                static_cast<uint32_t>(N)};
  static void lift(Lift& in, const RawValue* flat, std::array<T, N>& out) {
    for (size_t i = 0; i < N; ++i) Element::lift(in, flat + i * Element::kFlat, out[i]);
  }
  static void load(Lift& in, uint32_t at, std::array<T, N>& out) {
    for (uint32_t i = 0; i < N; ++i) Element::load(in, at + i * Element::kSize, out[i]);
  }
  static void lower(Lower& out, std::array<T, N>& list, RawValue* flat) {
    for (size_t i = 0; i < N; ++i) Element::lower(out, list[i], flat + i * Element::kFlat);
  }
  static void store(Lower& out, std::array<T, N>& list, uint32_t at) {
    for (uint32_t i = 0; i < N; ++i) Element::store(out, list[i], at + i * Element::kSize);
  }
};

/// Where the fields of a record lie, in memory and among its core values.
template <class... Fields>
struct Layout {
  static constexpr uint32_t kAlign = std::max({uint32_t{1}, Type<Fields>::kAlign...});
  static constexpr size_t kCount = sizeof...(Fields);
  struct Places {
    std::array<uint32_t, kCount + 1> memory{};
    std::array<uint32_t, kCount + 1> flat{};
  };
  static constexpr Places kPlaces = [] {
    Places places;
    size_t i = 0;
    uint32_t at = 0;
    uint32_t flat = 0;
    const auto field = [&](uint32_t size, uint32_t align, uint32_t count) {
      at = align_to(at, align);
      places.memory[i] = at;
      places.flat[i] = flat;
      at += size;
      flat = add_flat(flat, count);
      ++i;
    };
    (field(Type<Fields>::kSize, Type<Fields>::kAlign, Type<Fields>::kFlat), ...);
    places.memory[i] = align_to(at, kAlign);
    places.flat[i] = flat;
    return places;
  }();
  static constexpr uint32_t kSize = kPlaces.memory[kCount];
  static constexpr uint32_t kFlat = kPlaces.flat[kCount];
  static constexpr bool kPlain = false;
};

template <class Member>
struct MemberType;
template <class T, class M>
struct MemberType<M T::*> {
  using type = M;
};
template <auto kMember>
using TypeOfMember = typename MemberType<decltype(kMember)>::type;

/// record: a struct and its members in order. Who derives from it adds `kDescription`.
template <class T, auto... kMembers>
struct Record : Layout<TypeOfMember<kMembers>...> {
  using Places = Layout<TypeOfMember<kMembers>...>;
  static void lift(Lift& in, const RawValue* flat, T& out) {
    size_t i = 0;
    (Type<TypeOfMember<kMembers>>::lift(in, flat + Places::kPlaces.flat[i++], out.*kMembers), ...);
  }
  static void load(Lift& in, uint32_t at, T& out) {
    size_t i = 0;
    (Type<TypeOfMember<kMembers>>::load(in, at + Places::kPlaces.memory[i++], out.*kMembers), ...);
  }
  static void lower(Lower& out, T& value, RawValue* flat) {
    size_t i = 0;
    (Type<TypeOfMember<kMembers>>::lower(out, value.*kMembers, flat + Places::kPlaces.flat[i++]),
     ...);
  }
  static void store(Lower& out, T& value, uint32_t at) {
    size_t i = 0;
    (Type<TypeOfMember<kMembers>>::store(out, value.*kMembers, at + Places::kPlaces.memory[i++]),
     ...);
  }
};

/// tuple, and map entries
template <class T, class... Items>
struct TupleType : Layout<Items...> {
  using Places = Layout<Items...>;
  static constexpr NamedType kParts[] = {{.name = {}, .type = &Type<Items>::kDescription}...};
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Tuple, kParts};
  static void lift(Lift& in, const RawValue* flat, T& out) {
    each(out, [&](auto type, size_t i, auto& item) {
      decltype(type)::lift(in, flat + Places::kPlaces.flat[i], item);
    });
  }
  static void load(Lift& in, uint32_t at, T& out) {
    each(out, [&](auto type, size_t i, auto& item) {
      decltype(type)::load(in, at + Places::kPlaces.memory[i], item);
    });
  }
  static void lower(Lower& out, T& value, RawValue* flat) {
    each(value, [&](auto type, size_t i, auto& item) {
      decltype(type)::lower(out, item, flat + Places::kPlaces.flat[i]);
    });
  }
  static void store(Lower& out, T& value, uint32_t at) {
    each(value, [&](auto type, size_t i, auto& item) {
      decltype(type)::store(out, item, at + Places::kPlaces.memory[i]);
    });
  }

 private:
  template <class Visit>
  static void each(T& tuple, const Visit& visit) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      (visit(Type<Items>{}, I, std::get<I>(tuple)), ...);
    }(std::index_sequence_for<Items...>{});
  }
};
template <class... Items>
struct Type<std::tuple<Items...>> : TupleType<std::tuple<Items...>, Items...> {};
template <class K, class V>
struct Type<std::pair<K, V>> : TupleType<std::pair<K, V>, K, V> {};

/// map<K, V>
template <class K, class V>
struct Type<std::vector<std::pair<K, V>>>
    : PointerAndLength<std::vector<std::pair<K, V>>, Type<std::vector<std::pair<K, V>>>> {
  // The same bytes as a list of tuples, which is what they are read and written as.
  using List = std::vector<std::tuple<K, V>>;
  static constexpr NamedType kParts[] = {{.name = {}, .type = &Type<K>::kDescription},
                                         {.name = {}, .type = &Type<V>::kDescription}};
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Map, kParts};
  static void read(Lift& in, uint32_t at, uint32_t length, std::vector<std::pair<K, V>>& out) {
    List list;
    Type<List>::read(in, at, length, list);
    for (auto& [key, value] : list) out.emplace_back(std::move(key), std::move(value));
  }
  static Block write(Lower& out, std::vector<std::pair<K, V>>& map) {
    List list;
    for (auto& [key, value] : map) list.emplace_back(std::move(key), std::move(value));
    return Type<List>::write(out, list);
  }
};

/// Nothing, as the payload of a case.
template <>
struct Type<std::monostate> {
  static constexpr uint32_t kSize = 0;
  static constexpr uint32_t kAlign = 1;
  static constexpr uint32_t kFlat = 0;
  static constexpr bool kPlain = false;
  static void lift(Lift&, const RawValue*, std::monostate&) {}
  static void load(Lift&, uint32_t, std::monostate&) {}
  static void lower(Lower&, std::monostate&, RawValue*) {}
  static void store(Lower&, std::monostate&, uint32_t) {}
};

template <class T>
constexpr const TypeDescription* payload_description() {
  if constexpr (std::is_same_v<T, std::monostate>)
    return nullptr;
  else
    return &Type<T>::kDescription;
}

/// The bytes of a discriminant.
constexpr uint32_t discriminant_size(uint32_t cases) {
  return cases <= 256 ? 1 : cases <= 65536 ? 2 : 4;
}
uint32_t get_discriminant(Lift& in, uint32_t at, uint32_t cases);
void put_discriminant(Lower& out, uint32_t at, uint32_t cases, uint32_t value);
/// False, with an error, if `value` names no case.
bool check_discriminant(Lift& in, uint32_t value, uint32_t cases);

template <class... Payloads>
struct CasesLayout {
  static constexpr uint32_t kCases = sizeof...(Payloads);
  static constexpr uint32_t kTag = discriminant_size(kCases);
  static constexpr uint32_t kPayloadAlign = std::max({Type<Payloads>::kAlign...});
  static constexpr uint32_t kAlign = std::max(kTag, kPayloadAlign);
  static constexpr uint32_t kPayload = align_to(kTag, kPayloadAlign);
  static constexpr uint32_t kSize =
      align_to(kPayload + std::max({Type<Payloads>::kSize...}), kAlign);
  static constexpr uint32_t kFlat = add_flat(1, std::max({Type<Payloads>::kFlat...}));
  static constexpr bool kPlain = false;
  /// Before a case is lowered: what it leaves untouched is zero, and so are upper halves.
  static void clear(RawValue* flat) {
    for (uint32_t i = 0; i < kFlat; ++i) flat[i].u64 = 0;
  }
};

/// variant: a struct with `std::variant<Payloads...> value`. Who derives from it adds
/// `kDescription`.
template <class T, class Value = decltype(T::value)>
struct Variant;
template <class T, class... Payloads>
struct Variant<T, std::variant<Payloads...>> : CasesLayout<Payloads...> {
  template <size_t I>
  static constexpr const TypeDescription* case_description() {
    return payload_description<std::variant_alternative_t<I, std::variant<Payloads...>>>();
  }
  using Cases = CasesLayout<Payloads...>;
  static void lift(Lift& in, const RawValue* flat, T& out) {
    const uint32_t tag = flat[0].u32;
    if (!check_discriminant(in, tag, Cases::kCases)) return;
    choose(tag,
           [&]<size_t I>() { Payload<I>::lift(in, flat + 1, out.value.template emplace<I>()); });
  }
  static void load(Lift& in, uint32_t at, T& out) {
    const uint32_t tag = get_discriminant(in, at, Cases::kCases);
    if (!check_discriminant(in, tag, Cases::kCases)) return;
    choose(tag, [&]<size_t I>() {
      Payload<I>::load(in, at + Cases::kPayload, out.value.template emplace<I>());
    });
  }
  static void lower(Lower& out, T& value, RawValue* flat) {
    Cases::clear(flat);
    const auto tag = static_cast<uint32_t>(value.value.index());
    flat[0].u32 = tag;
    choose(tag, [&]<size_t I>() { Payload<I>::lower(out, std::get<I>(value.value), flat + 1); });
  }
  static void store(Lower& out, T& value, uint32_t at) {
    const auto tag = static_cast<uint32_t>(value.value.index());
    put_discriminant(out, at, Cases::kCases, tag);
    choose(tag, [&]<size_t I>() {
      Payload<I>::store(out, std::get<I>(value.value), at + Cases::kPayload);
    });
  }

 private:
  template <size_t I>
  using Payload = Type<std::variant_alternative_t<I, std::variant<Payloads...>>>;
  /// Runs `body` for case `tag`; those without a payload of their own come to the same few tests.
  template <class Body>
  static void choose(uint32_t tag, const Body& body) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      static_cast<void>(((tag == I && (body.template operator()<I>(), true)) || ...));
    }(std::index_sequence_for<Payloads...>{});
  }
};

/// option<T>
template <class T>
struct Type<std::optional<T>> : CasesLayout<std::monostate, T> {
  using Cases = CasesLayout<std::monostate, T>;
  static constexpr NamedType kParts[] = {{.name = {}, .type = &Type<T>::kDescription}};
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Option, kParts};
  static void lift(Lift& in, const RawValue* flat, std::optional<T>& out) {
    if (check_discriminant(in, flat[0].u32, 2) && flat[0].u32 == 1)
      Type<T>::lift(in, flat + 1, out.emplace());
  }
  static void load(Lift& in, uint32_t at, std::optional<T>& out) {
    const uint32_t tag = in.get<uint8_t>(at);
    if (check_discriminant(in, tag, 2) && tag == 1)
      Type<T>::load(in, at + Cases::kPayload, out.emplace());
  }
  static void lower(Lower& out, std::optional<T>& value, RawValue* flat) {
    Cases::clear(flat);
    flat[0].u32 = value ? 1 : 0;
    if (value) Type<T>::lower(out, *value, flat + 1);
  }
  static void store(Lower& out, std::optional<T>& value, uint32_t at) {
    out.put<uint8_t>(at, value ? 1 : 0);
    if (value) Type<T>::store(out, *value, at + Cases::kPayload);
  }
};

/// result<T, E>; void and std::monostate where there is no payload
template <class T, class E>
struct Type<std::expected<T, E>>
    : CasesLayout<std::conditional_t<std::is_void_v<T>, std::monostate, T>, E> {
  using Ok = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  using Cases = CasesLayout<Ok, E>;
  using Value = std::expected<T, E>;
  static constexpr NamedType kParts[] = {{.name = {}, .type = payload_description<Ok>()},
                                         {.name = {}, .type = payload_description<E>()}};
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Result, kParts};
  static void lift(Lift& in, const RawValue* flat, Value& out) {
    const uint32_t tag = flat[0].u32;
    if (!check_discriminant(in, tag, 2)) return;
    if (tag == 1) {
      Type<E>::lift(in, flat + 1, make_error(out));
    } else if constexpr (!std::is_void_v<T>) {
      Type<T>::lift(in, flat + 1, *out);
    }
  }
  static void load(Lift& in, uint32_t at, Value& out) {
    const uint32_t tag = in.get<uint8_t>(at);
    if (!check_discriminant(in, tag, 2)) return;
    if (tag == 1) {
      Type<E>::load(in, at + Cases::kPayload, make_error(out));
    } else if constexpr (!std::is_void_v<T>) {
      Type<T>::load(in, at + Cases::kPayload, *out);
    }
  }
  static void lower(Lower& out, Value& value, RawValue* flat) {
    Cases::clear(flat);
    flat[0].u32 = value ? 0 : 1;
    if (!value) {
      Type<E>::lower(out, value.error(), flat + 1);
    } else if constexpr (!std::is_void_v<T>) {
      Type<T>::lower(out, *value, flat + 1);
    }
  }
  static void store(Lower& out, Value& value, uint32_t at) {
    out.put<uint8_t>(at, value ? 0 : 1);
    if (!value) {
      Type<E>::store(out, value.error(), at + Cases::kPayload);
    } else if constexpr (!std::is_void_v<T>) {
      Type<T>::store(out, *value, at + Cases::kPayload);
    }
  }

 private:
  static E& make_error(Value& value) {
    value = Value(std::unexpect);
    return value.error();
  }
};

/// enum. Who derives from it adds `kDescription`.
template <class T, uint32_t kLabels>
struct Enum {
  static constexpr uint32_t kSize = discriminant_size(kLabels);
  static constexpr uint32_t kAlign = kSize;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static void lift(Lift& in, const RawValue* flat, T& out) { set(in, flat->u32, out); }
  static void load(Lift& in, uint32_t at, T& out) {
    set(in, get_discriminant(in, at, kLabels), out);
  }
  static void lower(Lower&, const T& value, RawValue* flat) {
    flat->i32 = static_cast<int32_t>(value);
  }
  static void store(Lower& out, const T& value, uint32_t at) {
    put_discriminant(out, at, kLabels, static_cast<uint32_t>(value));
  }

 private:
  static void set(Lift& in, uint32_t value, T& out) {
    if (check_discriminant(in, value, kLabels)) out = static_cast<T>(value);
  }
};

/// flags: a struct with `uint32_t bits`. Bits without a label are dropped. Who derives from it adds
/// `kDescription`.
template <class T, uint32_t kLabels>
struct Flags {
  static constexpr uint32_t kSize = kLabels <= 8 ? 1 : kLabels <= 16 ? 2 : 4;
  static constexpr uint32_t kAlign = kSize;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr uint32_t kMask = kLabels == 32 ? ~0u : (1u << kLabels) - 1;
  static void lift(Lift&, const RawValue* flat, T& out) { out.bits = flat->u32 & kMask; }
  static void load(Lift& in, uint32_t at, T& out) {
    if constexpr (kSize == 1)
      out.bits = in.get<uint8_t>(at) & kMask;
    else if constexpr (kSize == 2)
      out.bits = in.get<uint16_t>(at) & kMask;
    else
      out.bits = in.get<uint32_t>(at) & kMask;
  }
  static void lower(Lower&, const T& value, RawValue* flat) { flat->u32 = value.bits & kMask; }
  static void store(Lower& out, const T& value, uint32_t at) {
    if constexpr (kSize == 1)
      out.put<uint8_t>(at, static_cast<uint8_t>(value.bits & kMask));
    else if constexpr (kSize == 2)
      out.put<uint16_t>(at, static_cast<uint16_t>(value.bits & kMask));
    else
      out.put<uint32_t>(at, value.bits & kMask);
  }
};

/// own<R>
template <class R>
struct Type<std::unique_ptr<R>> {
  static constexpr uint32_t kSize = 4;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Own, {}, &R::kType};
  static void lift(Lift& in, const RawValue* flat, std::unique_ptr<R>& out) {
    set(in, flat->u32, out);
  }
  static void load(Lift& in, uint32_t at, std::unique_ptr<R>& out) {
    set(in, in.get<uint32_t>(at), out);
  }
  static void lower(Lower& out, std::unique_ptr<R>& value, RawValue* flat) {
    flat->u32 = out.give(std::move(value), R::kType);
  }
  static void store(Lower& out, std::unique_ptr<R>& value, uint32_t at) {
    out.put<uint32_t>(at, out.give(std::move(value), R::kType));
  }

 private:
  static void set(Lift& in, uint32_t handle, std::unique_ptr<R>& out) {
    out.reset(static_cast<R*>(in.take(handle, R::kType).release()));
  }
};

/// borrow<R>
template <class R>
struct Type<R*> {
  static constexpr uint32_t kSize = 4;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr TypeDescription kDescription{TypeDescription::Kind::Borrow, {}, &R::kType};
  static void lift(Lift& in, const RawValue* flat, R*& out) {
    out = static_cast<R*>(in.borrow(flat->u32, R::kType));
  }
  static void load(Lift& in, uint32_t at, R*& out) {
    out = static_cast<R*>(in.borrow(in.get<uint32_t>(at), R::kType));
  }
  static void lower(Lower& out, R*& value, RawValue* flat) {
    flat->u32 = out.lend(value, R::kType);
  }
  static void store(Lower& out, R*& value, uint32_t at) {
    out.put<uint32_t>(at, out.lend(value, R::kType));
  }
};

}  // namespace wasmcloud::component::abi
