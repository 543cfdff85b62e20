#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud {

/// Owns one contiguous, immutable range of bytes, whoever allocated it: a copy, an adopted vector
/// or string, or part of a chunk that others share. Move-only, four words; moving never copies
/// bytes.
class Bytes {
 public:
  /// Gives the range up; called once with `owner`, on the thread that destroys the last user.
  using Release = void (*)(void* owner) noexcept;

  Bytes() = default;
  /// Adopts the buffer.
  explicit Bytes(std::vector<std::byte> buffer) : Bytes(adopt(std::move(buffer))) {}
  explicit Bytes(std::string text) : Bytes(adopt(std::move(text))) {}
  /// A range that `owner` keeps alive until `release(owner)`. For chunks with a count of their own.
  Bytes(std::span<const std::byte> range, void* owner, Release release)
      : data_(range.data()), size_(range.size()), owner_(owner), release_(release) {}

  static Bytes copy_of(std::span<const std::byte> range) {
    if (range.empty()) return {};
    auto* block = new std::byte[range.size()];
    std::memcpy(block, range.data(), range.size());
    return Bytes({block, range.size()}, block,
                 [](void* owner) noexcept { delete[] static_cast<std::byte*>(owner); });
  }
  static Bytes copy_of(std::string_view text) {
    return copy_of(std::as_bytes(std::span(text.data(), text.size())));
  }
  /// A range without an owner, such as a literal: it must live for as long as the program.
  static Bytes from_static(std::string_view text) {
    return Bytes(std::as_bytes(std::span(text.data(), text.size())), nullptr, nullptr);
  }
  /// Adopts any container of contiguous elements that stays in place when it is moved to the heap.
  template <class Buffer>
  static Bytes adopt(Buffer buffer) {
    if (buffer.size() == 0) return {};
    auto* owner = new Buffer(std::move(buffer));
    return Bytes(std::as_bytes(std::span(owner->data(), owner->size())), owner,
                 [](void* it) noexcept { delete static_cast<Buffer*>(it); });
  }

  Bytes(Bytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        owner_(std::exchange(other.owner_, nullptr)),
        release_(std::exchange(other.release_, nullptr)) {}
  Bytes& operator=(Bytes&& other) noexcept {
    Bytes taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(owner_, taken.owner_);
    std::swap(release_, taken.release_);
    return *this;
  }
  ~Bytes() {
    if (release_ != nullptr) release_(owner_);
  }

  const std::byte* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<const std::byte> span() const { return {data_, size_}; }
  /// The same bytes as text, whatever they hold.
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  operator std::span<const std::byte>() const {
    return span();
  }  // NOLINT(google-explicit-constructor): a view of itself

  /// Forgets the first `count` bytes, at most all; the storage stays as it is.
  void remove_prefix(size_t count) {
    count = count < size_ ? count : size_;
    data_ += count;
    size_ -= count;
  }
  /// Keeps the first `count` bytes.
  void truncate(size_t count) { size_ = count < size_ ? count : size_; }

  friend bool operator==(const Bytes& a, const Bytes& b) { return a.text() == b.text(); }

 private:
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
  void* owner_ = nullptr;
  Release release_ = nullptr;
};

}  // namespace wasmcloud
