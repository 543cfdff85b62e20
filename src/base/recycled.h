#pragma once

#include <cstddef>
#include <new>

namespace wasmcloud {

/// Memory of small things that come and go with every request. What is given back is kept for the
/// next of about its size on the same thread: a few of each, up to 2 KiB; the rest is `new`'s.
/// Under sanitizers everything is, so that they see what is used after its end.
///
/// Thread: any; it may be given back on another one than it was taken on.
void* take_memory(size_t bytes);
/// `bytes` as they were asked for.
void give_memory(void* memory, size_t bytes) noexcept;

/// A class whose objects are such things, and those of what derives from it. One that is destroyed
/// through a base has a virtual destructor there.
class Recycled {
 public:
  static void* operator new(size_t bytes) { return take_memory(bytes); }
  static void* operator new(size_t bytes, std::align_val_t alignment) = delete;
  static void operator delete(void* memory, size_t bytes) noexcept { give_memory(memory, bytes); }

 protected:
  ~Recycled() = default;
};

/// The same for `std::allocate_shared`.
template <class T>
struct RecyclingAllocator {
  using value_type = T;

  RecyclingAllocator() = default;
  template <class U>
  explicit(false) RecyclingAllocator(const RecyclingAllocator<U>& /*other*/) {}

  T* allocate(size_t count) {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return static_cast<T*>(take_memory(count * sizeof(T)));
  }
  void deallocate(T* memory, size_t count) noexcept { give_memory(memory, count * sizeof(T)); }
  bool operator==(const RecyclingAllocator& /*other*/) const { return true; }
};

}  // namespace wasmcloud
