#pragma once

#include "component/abi/first_error.h"
#include "component/canonical_context.h"

#include <cstring>
#include <string>
#include <string_view>

/// The canonical ABI for C++ types (component model, "Canonical ABI"): `abi::Type<T>` says how a
/// `T` lies in a guest's memory and in flat core values, and copies it in and out.
///
/// Errors are kept by the `Lift` or `Lower` that goes through a value, and asked for once at its
/// end, so that the code for a type is a sequence of plain copies without branches; targets are out
/// parameters for the same reason. After an error nothing is read from or written to places that
/// were not checked before.
namespace wasmcloud::component::abi {

/// No string or list is longer, in bytes.
inline constexpr uint32_t kMaxLength = (1u << 28) - 1;
/// What the values of one call may make the host allocate, in bytes: lists in a guest's memory may
/// overlap, so that a small memory can hold any amount of them.
inline constexpr uint64_t kMaxHostBytes = uint64_t{1} << 28;

/// Reads one call's values out of a guest. The guest does not run meanwhile, so memory is taken
/// once.
class Lift : public FirstError {
 public:
  explicit Lift(CanonicalContext& context) : context_(context), memory_(context.memory()) {}

  CanonicalContext& context() { return context_; }
  void trap(std::string_view message) { set_error(Error(Errc::Trap, std::string(message))); }

  /// A scalar at a place that was checked.
  template <class T>
  T get(uint32_t at) const {
    T value;
    std::memcpy(&value, memory_.data() + at, sizeof(T));
    return value;
  }

  /// Whether `size` bytes at `at`, aligned to `align`, are in memory; else sets an error.
  bool check(uint32_t at, uint64_t size, uint32_t align);
  /// The same for `length` elements, with the limits of a list.
  bool check_list(uint32_t at, uint32_t length, uint32_t size, uint32_t align);
  /// Whether the host may allocate `bytes` more for this call; else sets an error.
  bool charge(uint64_t bytes);

  /// `size` bytes at a place that was checked.
  std::span<const std::byte> bytes(uint32_t at, uint32_t size) const {
    return memory_.subspan(at, size);
  }

  /// A string as it lies in memory if it is UTF-8 there, else a copy that lives as long as this.
  std::string_view string_view(uint32_t at, uint32_t length);
  std::string string(uint32_t at, uint32_t length);

  HostResource* borrow(uint32_t handle, const HostResourceType& type);
  std::unique_ptr<HostResource> take(uint32_t handle, const HostResourceType& type);
  /// The readable end of a stream or future of `payload`, null for nothing.
  std::shared_ptr<SharedCopy> take_readable(uint32_t handle, bool is_future,
                                            const TypeDescription* payload);

 private:
  /// The text of a string in another encoding than UTF-8.
  std::string transcode(uint32_t at, uint32_t length);

  CanonicalContext& context_;
  std::span<const std::byte> memory_;
  uint64_t charged_ = 0;
  std::vector<std::unique_ptr<std::string>> transcoded_;
};

}  // namespace wasmcloud::component::abi
