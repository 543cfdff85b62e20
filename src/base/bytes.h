#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud {

namespace detail {
/// What keeps the memory behind one or more `Bytes` alive.
struct BytesOwner {
  explicit BytesOwner(void (*with)(BytesOwner*) noexcept) : destroy(with) {}
  std::atomic<uint32_t> references{1};
  void (*destroy)(BytesOwner*) noexcept;

  void retain() { references.fetch_add(1, std::memory_order_relaxed); }
  void release() {
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(this);
  }
};
/// Keeps the container, or pointer, whose memory the bytes are in.
template <class T>
struct Holder : BytesOwner {
  explicit Holder(T adopted) : BytesOwner(&destroy_holder), kept(std::move(adopted)) {}
  static void destroy_holder(BytesOwner* owner) noexcept { delete static_cast<Holder*>(owner); }
  T kept;
};
}  // namespace detail

/// Owns a contiguous range of bytes: a chunk of a body, the result of a read. It is moved, never
/// copied by accident; parts of it share the memory (`split`, `share`), and nobody may change what
/// is behind it.
///
/// Thread: any (the count is atomic), one thread at a time for one object.
class Bytes {
 public:
  Bytes() = default;
  /// Adopt without copying the contents.
  explicit Bytes(std::vector<std::byte> buffer) : Bytes(adopt(std::move(buffer))) {}
  explicit Bytes(std::string text) : Bytes(adopt(std::move(text))) {}
  /// `range` stays valid as long as `owner` lives.
  Bytes(std::shared_ptr<const void> owner, std::span<const std::byte> range);
  /// Gives a range up; called once with `owner`, on the thread that destroys its last user.
  using Release = void (*)(void* owner) noexcept;
  /// A range that `owner` keeps alive until `release(owner)`.
  Bytes(std::span<const std::byte> range, void* owner, Release release);

  static Bytes copy_of(std::span<const std::byte> range);
  static Bytes copy_of(std::string_view text) { return copy_of(std::as_bytes(std::span(text))); }
  /// Text that is there for the life of the program, such as a literal.
  static Bytes from_static(std::string_view text) {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size(), nullptr};
  }
  /// Adopts any container of contiguous elements without copying them.
  template <class Buffer>
  static Bytes adopt(Buffer buffer) {
    if (buffer.size() == 0) return {};
    auto* const holder = new detail::Holder<Buffer>(std::move(buffer));
    const auto range = std::as_bytes(std::span(holder->kept.data(), holder->kept.size()));
    return {range.data(), range.size(), holder};
  }
  /// Memory for `capacity` bytes that `fill(std::span<std::byte>)` writes to; it returns how many
  /// of them count.
  template <class Fill>
  static Bytes filled(size_t capacity, Fill&& fill) {
    if (capacity == 0) return {};
    auto [memory, owner] = allocate(capacity);
    Bytes made(memory, capacity, owner);
    made.truncate(std::forward<Fill>(fill)(std::span(memory, capacity)));
    return made;
  }

  Bytes(Bytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        owner_(std::exchange(other.owner_, nullptr)) {}
  Bytes& operator=(Bytes&& other) noexcept {
    Bytes taken(std::move(other));
    std::swap(data_, taken.data_);
    std::swap(size_, taken.size_);
    std::swap(owner_, taken.owner_);
    return *this;
  }
  ~Bytes() {
    if (owner_ != nullptr) owner_->release();
  }

  const std::byte* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::span<const std::byte> span() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  operator std::span<const std::byte>() const {
    return span();
  }  // NOLINT(google-explicit-constructor): a range of bytes

  /// Forgets the first `count` bytes, at most all.
  void remove_prefix(size_t count) {
    count = count < size_ ? count : size_;
    data_ += count;
    size_ -= count;
  }
  /// Keeps the first `count` bytes.
  void truncate(size_t count) { size_ = count < size_ ? count : size_; }
  /// Takes the first `size` bytes away and returns them; both parts share the memory.
  Bytes split(size_t size);
  /// A second owner of the same bytes.
  Bytes share() const;

  friend bool operator==(const Bytes& a, const Bytes& b) { return a.text() == b.text(); }

 private:
  friend class ByteBuffer;
  Bytes(const std::byte* data, size_t size, detail::BytesOwner* owner)
      : data_(data), size_(size), owner_(owner) {}
  static std::pair<std::byte*, detail::BytesOwner*> allocate(size_t capacity);

  const std::byte* data_ = nullptr;
  size_t size_ = 0;
  detail::BytesOwner* owner_ = nullptr;
};

/// Memory of a fixed size that is written from front to back, by `recv` say, and of which parts
/// are given out as `Bytes` without copying. What was given out must not be written again.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  explicit ByteBuffer(size_t capacity);
  ByteBuffer(ByteBuffer&& other) noexcept;
  ByteBuffer& operator=(ByteBuffer&& other) noexcept;
  ~ByteBuffer();

  std::byte* data() const { return data_; }
  size_t capacity() const { return capacity_; }
  Bytes slice(size_t offset, size_t size) const;
  /// True while slices of it exist.
  bool is_shared() const {
    return owner_ != nullptr && owner_->references.load(std::memory_order_acquire) != 1;
  }

 private:
  std::byte* data_ = nullptr;
  size_t capacity_ = 0;
  detail::BytesOwner* owner_ = nullptr;
};

}  // namespace wasmcloud
