#include "component/canonical_context.h"

#include "component/handle_table.h"

namespace wasmcloud::component {

Result<uint32_t> CanonicalContext::reallocate(uint32_t old, uint32_t old_size, uint32_t align,
                                              uint32_t new_size) {
  stale_ = true;
  const uint32_t block = TRY(call_realloc(old, old_size, align, new_size));
  if (block % align != 0) {
    return fail(Errc::Trap, "realloc return: result not aligned: {:#x}, to {}", block, align);
  }
  const size_t size = memory().size();
  if (uint64_t{block} + new_size > size) {
    return fail(Errc::Trap, "realloc return: beyond end of memory: {} bytes at {:#x} of {:#x}",
                new_size, block, size);
  }
  return block;
}

std::unexpected<Error> CanonicalContext::out_of_bounds(uint32_t offset, uint32_t size) {
  return fail(Errc::Trap, "pointer not in bounds of memory: {} bytes at {:#x}", size, offset);
}

Result<HostResource*> CanonicalContext::borrow(uint32_t handle, const HostResourceType& type) {
  return TRY(begin_lend(handle, type)).object;
}

Result<Representation> CanonicalContext::begin_lend(uint32_t handle, ResourceType type) {
  const Representation representation = TRY(handles_.begin_lend(handle, type));
  if (inline_lend_count_ < kInlineLends) {
    inline_lends_[inline_lend_count_++] = handle;
  } else {
    more_lends_.push_back(handle);
  }
  return representation;
}

void CanonicalContext::end_all_lends() {
  for (uint8_t i = 0; i < inline_lend_count_; ++i) handles_.end_lend(inline_lends_[i]);
  inline_lend_count_ = 0;
  if (more_lends_.empty()) [[likely]]
    return;
  for (const uint32_t handle : more_lends_) handles_.end_lend(handle);
  more_lends_.clear();
}

Result<std::unique_ptr<HostResource>> CanonicalContext::take(uint32_t handle,
                                                             const HostResourceType& type) {
  return std::unique_ptr<HostResource>(TRY(handles_.remove_own(handle, type)).object);
}

Result<uint32_t> CanonicalContext::give(std::unique_ptr<HostResource> object,
                                        const HostResourceType& type) {
  const uint32_t handle = TRY(handles_.add_own(type, {.object = object.get()}));
  object.release();
  return handle;
}

Result<uint32_t> CanonicalContext::lend(HostResource& object, const HostResourceType& type) {
  return handles_.add_borrow(type, {.object = &object}, borrows_);
}

Result<GuestResource::Home> CanonicalContext::find_home(const HostResourceType& name) {
  return fail(Errc::NotFound, "no guest implements {} of {} here", name.name, name.interface);
}

Result<std::shared_ptr<SharedCopy>> CanonicalContext::remove_readable(uint32_t, bool,
                                                                      const Payload&) {
  return fail(Errc::Unsupported, "streams and futures without a running guest");
}

Result<uint32_t> CanonicalContext::add_readable(std::shared_ptr<SharedCopy>) {
  return fail(Errc::Unsupported, "streams and futures without a running guest");
}

}  // namespace wasmcloud::component
