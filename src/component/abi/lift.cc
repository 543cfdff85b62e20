#include "component/abi/lift.h"

#include "base/utf8.h"

namespace wasmcloud::component::abi {

namespace {

// The highest bit of a latin1+utf16 length says that it is UTF-16.
constexpr uint32_t kUtf16Tag = 1u << 31;

uint32_t unit_at(std::span<const std::byte> bytes, size_t index) {
  uint16_t unit;
  std::memcpy(&unit, bytes.data() + index * 2, 2);
  return unit;
}

// UTF-16 to UTF-8; nothing if a surrogate has no partner.
std::optional<std::string> from_utf16(std::span<const std::byte> bytes) {
  std::string text;
  const size_t units = bytes.size() / 2;
  text.reserve(units);
  for (size_t i = 0; i < units; ++i) {
    uint32_t value = unit_at(bytes, i);
    if (value >= 0xd800 && value < 0xe000) {
      if (value >= 0xdc00 || i + 1 == units) return std::nullopt;
      const uint32_t low = unit_at(bytes, ++i);
      if (low < 0xdc00 || low >= 0xe000) return std::nullopt;
      value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(text, static_cast<char32_t>(value));
  }
  return text;
}

std::string from_latin1(std::span<const std::byte> bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const std::byte byte : bytes) append_utf8(text, static_cast<char32_t>(byte));
  return text;
}

}  // namespace

bool Lift::check(uint32_t at, uint64_t size, uint32_t align) {
  if (failed()) return false;
  if (at % align != 0) {
    trap(fmt::format("pointer not aligned: {:#x}, to {}", at, align));
    return false;
  }
  if (at + size > memory_.size()) {
    trap(fmt::format("pointer not in bounds of memory: {} bytes at {:#x} of {:#x}", size, at,
                     memory_.size()));
    return false;
  }
  return true;
}

bool Lift::check_list(uint32_t at, uint32_t length, uint32_t size, uint32_t align) {
  const uint64_t bytes = uint64_t{length} * size;
  if (bytes > kMaxLength) {
    trap(fmt::format("string or list of {} bytes is longer than 2^28 - 1", bytes));
    return false;
  }
  return check(at, bytes, align);
}

bool Lift::charge(uint64_t bytes) {
  charged_ += bytes;
  if (charged_ <= kMaxHostBytes) return true;
  trap(fmt::format("the values of one call take more than {} bytes of the host", kMaxHostBytes));
  return false;
}

std::string Lift::transcode(uint32_t at, uint32_t length) {
  const bool tagged = context_.encoding() == StringEncoding::Latin1Utf16;
  const bool utf16 = !tagged || (length & kUtf16Tag) != 0;
  const uint32_t units = tagged ? length & ~kUtf16Tag : length;
  if (!check_list(at, units, utf16 ? 2 : 1, 2) || !charge(uint64_t{units} * 3)) return {};
  if (!utf16) return from_latin1(bytes(at, units));
  std::optional<std::string> text = from_utf16(bytes(at, units * 2));
  if (!text) trap("string is not valid UTF-16: a surrogate without its partner");
  return std::move(text).value_or(std::string());
}

std::string_view Lift::string_view(uint32_t at, uint32_t length) {
  if (context_.encoding() != StringEncoding::Utf8) {
    transcoded_.push_back(std::make_unique<std::string>(transcode(at, length)));
    return *transcoded_.back();
  }
  if (!check_list(at, length, 1, 1)) return {};
  const std::span<const std::byte> range = bytes(at, length);
  const std::string_view text(reinterpret_cast<const char*>(range.data()), range.size());
  if (!is_utf8(text)) {
    trap("string is not valid UTF-8");
    return {};
  }
  return text;
}

std::string Lift::string(uint32_t at, uint32_t length) {
  if (context_.encoding() != StringEncoding::Utf8) return transcode(at, length);
  const std::string_view text = string_view(at, length);
  return charge(text.size()) ? std::string(text) : std::string();
}

HostResource* Lift::borrow(uint32_t handle, const HostResourceType& type) {
  if (failed()) return nullptr;
  auto object = context_.borrow(handle, type);
  if (object) return *object;
  set_error(std::move(object).error());
  return nullptr;
}

std::unique_ptr<HostResource> Lift::take(uint32_t handle, const HostResourceType& type) {
  if (failed()) return nullptr;
  auto object = context_.take(handle, type);
  if (object) return std::move(*object);
  set_error(std::move(object).error());
  return nullptr;
}

std::shared_ptr<SharedCopy> Lift::take_readable(uint32_t handle, bool is_future,
                                                const TypeDescription* payload) {
  if (failed()) return nullptr;
  auto shared = context_.take_readable(handle, is_future, payload);
  if (shared) return std::move(*shared);
  set_error(std::move(shared).error());
  return nullptr;
}

}  // namespace wasmcloud::component::abi
