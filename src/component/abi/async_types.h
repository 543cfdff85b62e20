#pragma once

#include "component/abi/type.h"
#include "component/stream.h"

namespace wasmcloud::component::abi {

/// What is the handle of a readable end, here and in memory.
template <class Reader, class T, TypeDescription::Kind kKind>
struct Readable {
  static constexpr uint32_t kSize = 4;
  static constexpr uint32_t kAlign = 4;
  static constexpr uint32_t kFlat = 1;
  static constexpr bool kPlain = false;
  static constexpr NamedType kParts[] = {{.name = {}, .type = detail::description_of<T>()}};
  static constexpr TypeDescription kDescription{kKind, kParts};

  static void lift(Lift& in, const RawValue* flat, Reader& out) { take(in, flat->u32, out); }
  static void load(Lift& in, uint32_t at, Reader& out) { take(in, in.get<uint32_t>(at), out); }
  static void lower(Lower& out, Reader& value, RawValue* flat) {
    flat->i32 = static_cast<int32_t>(out.give_readable(value.release()));
  }
  static void store(Lower& out, Reader& value, uint32_t at) {
    out.put<uint32_t>(at, out.give_readable(value.release()));
  }

 private:
  static void take(Lift& in, uint32_t handle, Reader& out) {
    auto shared = in.take_readable(handle, kKind == TypeDescription::Kind::Future,
                                   detail::description_of<T>());
    if (shared != nullptr) out = Reader(in.context().loop(), std::move(shared));
  }
};

template <class T>
struct Type<StreamReader<T>> : Readable<StreamReader<T>, T, TypeDescription::Kind::Stream> {};
template <class T>
struct Type<FutureReader<T>> : Readable<FutureReader<T>, T, TypeDescription::Kind::Future> {};

}  // namespace wasmcloud::component::abi
