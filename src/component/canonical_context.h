#pragma once

#include "base/error.h"
#include "base/task.h"
#include "component/guest_resource.h"
#include "component/host_resource.h"
#include "component/resource_type.h"
#include "component/string_encoding.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace wasmcloud {
class Loop;
}
namespace wasmcloud::engine {
union RawValue;
}

namespace wasmcloud::component {

class HandleTable;
class SharedCopy;
struct RuntimeType;
struct TypeDescription;

/// The canonical options of one lifted or lowered function, bound to a running instance, for the
/// time of one call. Typed bindings, dynamic values and host functions read and write the guest
/// through it.
///
/// Every check that a guest could fail ends in Errc::Trap. Thread: owning loop.
class CanonicalContext {
 public:
  CanonicalContext(const CanonicalContext&) = delete;
  CanonicalContext& operator=(const CanonicalContext&) = delete;

  /// The guest's memory as it is now; empty if the function was lifted or lowered without one. Take
  /// it again after `allocate`, `reallocate` and `wait`: the guest ran, so it may have moved or
  /// grown.
  std::span<std::byte> memory() {
    if (stale_) [[unlikely]] {
      memory_ = current_memory();
      stale_ = false;
    }
    return memory_;
  }

  /// `size` bytes at `offset`, or a trap if they are not all within memory.
  Result<std::span<std::byte>> bytes(uint32_t offset, uint32_t size) {
    const std::span<std::byte> all = memory();
    if (uint64_t{offset} + size > all.size()) [[unlikely]]
      return out_of_bounds(offset, size);
    return all.subspan(offset, size);
  }

  /// A new block by the guest's `realloc`, checked for alignment and bounds.
  Result<uint32_t> allocate(uint32_t size, uint32_t align) { return reallocate(0, 0, align, size); }
  Result<uint32_t> reallocate(uint32_t old, uint32_t old_size, uint32_t align, uint32_t new_size);

  StringEncoding encoding() const { return encoding_; }

  /// The object behind an own or borrow handle. The handle is lent until the call ends.
  Result<HostResource*> borrow(uint32_t handle, const HostResourceType& type);
  template <class T>
  Result<T*> borrow_as(uint32_t handle, const HostResourceType& type) {
    return static_cast<T*>(TRY(borrow(handle, type)));
  }
  /// Lifts an own handle: the guest's entry is gone and the object is the caller's.
  Result<std::unique_ptr<HostResource>> take(uint32_t handle, const HostResourceType& type);
  /// Lowers an own handle: the guest's new entry owns the object.
  Result<uint32_t> give(std::unique_ptr<HostResource> object, const HostResourceType& type);
  /// Lowers a borrow handle, for arguments of exported functions. The guest must have dropped it
  /// when the call ends; `object` must live until then.
  Result<uint32_t> lend(HostResource& object, const HostResourceType& type);

  // Readable ends of streams and futures. The type of what goes through them is a guest's own, or
  // as the host describes it; null for nothing.
  using Payload = std::variant<const RuntimeType*, const TypeDescription*>;
  /// Lifts one: the guest's entry is gone.
  Result<std::shared_ptr<SharedCopy>> take_readable(uint32_t handle, bool is_future,
                                                    const Payload& payload) {
    return remove_readable(handle, is_future, payload);
  }
  /// Lowers one.
  Result<uint32_t> give_readable(std::shared_ptr<SharedCopy> shared) {
    return add_readable(std::move(shared));
  }

  // The same for any resource, guests' included; for the layer's own users of handles.
  HandleTable& handles() { return handles_; }
  /// `HandleTable::begin_lend` until the call ends.
  Result<Representation> begin_lend(uint32_t handle, ResourceType type);
  /// The borrows that this call's callee has to drop before it returns.
  BorrowScope& borrows() { return borrows_; }
  /// Whether the guest behind this context implements `type`: it is then handed representations in
  /// place of borrow handles.
  bool implements(ResourceType type) const {
    return !type.is_host() && type.guest() != nullptr && type.guest()->instance == instance_;
  }

  /// What a resource is here that a guest implements and exports as `name`. Errors: Errc::NotFound.
  Result<GuestResource::Home> home_of(const HostResourceType& name) { return find_home(name); }

  /// After the guest ran in some other way.
  void memory_is_stale() { stale_ = true; }
  /// Ends what `borrow` and `begin_lend` began; also done by the destructor.
  void end_lends() {
    if (inline_lend_count_ != 0) [[unlikely]]
      end_all_lends();
  }

  HostState& host() { return *host_; }
  HostState* host_if_any() { return host_; }
  Loop& loop() { return *loop_; }

  /// Runs the coroutine and returns its result. If it is not done at once the guest's stack is
  /// parked, and other work of the loop goes on. Only for calls that run on an engine::Stack;
  /// elsewhere (start functions, `realloc`) a coroutine that waits is a trap.
  template <class T>
  Result<T> wait(Task<T> task) {
    // Shared: a task whose stack is dropped ends later.
    auto result = std::make_shared<std::optional<Result<T>>>();
    TRY(run(keep_result<T>(std::move(task), result)));
    return std::move(**result);
  }

 protected:
  /// `host` and `loop` may be null if nothing asks for them.
  CanonicalContext(HandleTable& handles, StringEncoding encoding, uint32_t instance,
                   HostState* host, Loop* loop)
      : handles_(handles), encoding_(encoding), instance_(instance), host_(host), loop_(loop) {}
  ~CanonicalContext() { end_lends(); }

  virtual std::span<std::byte> current_memory() = 0;
  /// Calls the guest's `realloc`; the result is not yet checked.
  virtual Result<uint32_t> call_realloc(uint32_t old, uint32_t old_size, uint32_t align,
                                        uint32_t new_size) = 0;
  /// Runs a coroutine to its end. An error means that it did not get there.
  virtual Result<void> run(Task<void> task) = 0;
  /// For contexts of guests that run.
  virtual Result<std::shared_ptr<SharedCopy>> remove_readable(uint32_t handle, bool is_future,
                                                              const Payload& payload);
  virtual Result<uint32_t> add_readable(std::shared_ptr<SharedCopy> shared);
  virtual Result<GuestResource::Home> find_home(const HostResourceType& name);

 private:
  template <class T>
  static Task<void> keep_result(Task<T> task, std::shared_ptr<std::optional<Result<T>>> result) {
    result->emplace(co_await std::move(task));
    co_return Result<void>();
  }
  void end_all_lends();
  static std::unexpected<Error> out_of_bounds(uint32_t offset, uint32_t size);

  static constexpr size_t kInlineLends = 6;

  HandleTable& handles_;
  BorrowScope borrows_;
  std::span<std::byte> memory_;
  bool stale_ = true;
  StringEncoding encoding_;
  uint8_t inline_lend_count_ = 0;
  uint32_t instance_;
  std::array<uint32_t, kInlineLends> inline_lends_;
  std::vector<uint32_t> more_lends_;
  HostState* host_;
  Loop* loop_;
};

/// A lowered host function: the core arguments are in `flat`, and the core results go there. What
/// they are follows from the function's type by flattening (canonical ABI, "Flattening"): up to 16
/// flat parameters, else a pointer to a tuple; with more than one flat result one more parameter
/// points to where it goes.
///
/// An error becomes a trap of the calling guest, whatever its code; the code reaches whoever called
/// the guest.
using HostFunction = Result<void> (*)(void* self, CanonicalContext& context,
                                      engine::RawValue* flat) noexcept;

class AsyncCall;

/// An async function of the host, lowered (async_call.h). The arguments are in the shape of a
/// synchronous call: up to 16 core values, else one pointer to a tuple. It gives `call` a coroutine
/// that returns the result.
using AsyncHostFunction = Result<void> (*)(void* self, AsyncCall& call,
                                           const engine::RawValue* flat) noexcept;

}  // namespace wasmcloud::component
