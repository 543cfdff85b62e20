#pragma once

#include "base/check.h"
#include "base/recycled.h"

#include <cstdint>
#include <type_traits>
#include <utility>

namespace wasmcloud {

/// Base of objects that several owners on one loop hold through `Ref`. The count is not atomic.
class Counted : public Recycled {
 public:
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 protected:
  Counted() = default;
  virtual ~Counted() = default;

 private:
  template <class T>
  friend class Ref;
  uint32_t references_ = 0;
};

/// One owner of a `Counted` object: 8 bytes, no atomics. May be moved through another thread, but
/// must be copied and destroyed on the object's loop.
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(std::nullptr_t) {}  // NOLINT(google-explicit-constructor): reads like a pointer
  explicit Ref(T* object) : object_(object) { retain(); }
  Ref(const Ref& other) : object_(other.object_) { retain(); }
  Ref(Ref&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  template <class U>
    requires std::is_convertible_v<U*, T*>
  Ref(Ref<U> other)  // NOLINT(google-explicit-constructor): as with pointers
      : object_(other.release()) {}
  ~Ref() { drop(); }
  Ref& operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }

  T* get() const { return object_; }
  T& operator*() const { return *object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

  /// Gives the reference up without dropping it.
  T* release() { return std::exchange(object_, nullptr); }

 private:
  void retain() {
    if (object_ != nullptr) ++static_cast<Counted*>(object_)->references_;
  }
  void drop() {
    if (object_ == nullptr) return;
    Counted* const counted = object_;
    DCHECK(counted->references_ > 0);
    if (--counted->references_ == 0) delete counted;
  }

  T* object_ = nullptr;
};

template <class T, class... Args>
Ref<T> make_ref(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

}  // namespace wasmcloud
