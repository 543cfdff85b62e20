#include "base/bytes.h"

#include "base/check.h"

#include <cstring>
#include <new>

namespace wasmcloud {
namespace {

using detail::BytesOwner;

/// A range whose owner has a count of its own.
struct Foreign : BytesOwner {
  Foreign(void* with, Bytes::Release by) : BytesOwner(&destroy_foreign), owner(with), release(by) {}
  static void destroy_foreign(BytesOwner* base) noexcept {
    auto* const self = static_cast<Foreign*>(base);
    self->release(self->owner);
    delete self;
  }
  void* owner;
  Bytes::Release release;
};

/// Header and bytes in one allocation.
void destroy_block(BytesOwner* owner) noexcept {
  owner->~BytesOwner();
  ::operator delete(owner);
}

}  // namespace

Bytes::Bytes(std::shared_ptr<const void> owner, std::span<const std::byte> range)
    : data_(range.data()), size_(range.size()), owner_(new detail::Holder(std::move(owner))) {}

Bytes::Bytes(std::span<const std::byte> range, void* owner, Release release)
    : data_(range.data()),
      size_(range.size()),
      owner_(release == nullptr ? nullptr : new Foreign(owner, release)) {}

std::pair<std::byte*, BytesOwner*> Bytes::allocate(size_t capacity) {
  void* const block = ::operator new(sizeof(BytesOwner) + capacity);
  auto* owner = new (block) BytesOwner(&destroy_block);
  return {static_cast<std::byte*>(block) + sizeof(BytesOwner), owner};
}

Bytes Bytes::copy_of(std::span<const std::byte> range) {
  return filled(range.size(), [&](std::span<std::byte> memory) {
    std::memcpy(memory.data(), range.data(), range.size());
    return range.size();
  });
}

Bytes Bytes::split(size_t size) {
  if (size >= size_) {
    CHECK(size == size_);
    return std::move(*this);
  }
  Bytes front = share();
  front.truncate(size);
  remove_prefix(size);
  return front;
}

Bytes Bytes::share() const {
  if (owner_ != nullptr) owner_->retain();
  return {data_, size_, owner_};
}

ByteBuffer::ByteBuffer(size_t capacity) : capacity_(capacity) {
  auto [memory, owner] = Bytes::allocate(capacity);
  data_ = memory;
  owner_ = owner;
}

ByteBuffer::ByteBuffer(ByteBuffer&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      capacity_(std::exchange(other.capacity_, 0)),
      owner_(std::exchange(other.owner_, nullptr)) {}

ByteBuffer& ByteBuffer::operator=(ByteBuffer&& other) noexcept {
  ByteBuffer taken(std::move(other));
  std::swap(data_, taken.data_);
  std::swap(capacity_, taken.capacity_);
  std::swap(owner_, taken.owner_);
  return *this;
}

ByteBuffer::~ByteBuffer() {
  if (owner_ != nullptr) owner_->release();
}

Bytes ByteBuffer::slice(size_t offset, size_t size) const {
  CHECK(offset <= capacity_ && size <= capacity_ - offset);
  if (size == 0) return {};
  owner_->retain();
  return {data_ + offset, size, owner_};
}

}  // namespace wasmcloud
