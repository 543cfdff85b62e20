#include "component/detail/reader.h"

#include "base/utf8.h"
#include "component/limits.h"

namespace wasmcloud::component::detail {

std::optional<uint8_t> ReaderView::peek() const {
  if (at_end()) return std::nullopt;
  return std::to_integer<uint8_t>(bytes_[position_]);
}

Result<uint8_t> ReaderView::byte() {
  if (at_end()) return fail(Errc::Malformed, "unexpected end at offset {:#x}", offset());
  return std::to_integer<uint8_t>(bytes_[position_++]);
}

template <class T, uint32_t bits>
Result<T> ReaderView::unsigned_leb() {
  const size_t at = offset();
  T value = 0;
  for (uint32_t shift = 0;; shift += 7) {
    const uint8_t next = TRY(byte());
    const uint32_t left = bits - shift;
    if (left < 7 && (next & 0x7f) >> left != 0) {
      return fail(Errc::Malformed, "number at offset {:#x} has more than {} bits", at, bits);
    }
    value |= static_cast<T>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return value;
    if (left <= 7) {
      return fail(Errc::Malformed, "number at offset {:#x} is longer than {} bits need", at, bits);
    }
  }
}

Result<uint32_t> ReaderView::u32() { return unsigned_leb<uint32_t, 32>(); }
Result<uint64_t> ReaderView::u64() { return unsigned_leb<uint64_t, 64>(); }

Result<int64_t> ReaderView::s33() {
  const size_t at = offset();
  uint64_t value = 0;
  for (uint32_t shift = 0; shift < 35; shift += 7) {
    const uint8_t next = TRY(byte());
    value |= uint64_t{static_cast<uint8_t>(next & 0x7f)} << shift;
    if ((next & 0x80) != 0) continue;
    if (shift == 28) {
      // Five bits are left: four of the number, the sign, and then copies of the sign.
      const uint8_t high = next & 0x70;
      if (high != 0 && high != 0x70) break;
    }
    const uint32_t used = shift + 7;
    return static_cast<int64_t>(value << (64 - used)) >> (64 - used);
  }
  return fail(Errc::Malformed, "number at offset {:#x} has more than 33 bits", at);
}

Result<void> ReaderView::skip_leb(uint32_t max_bytes) {
  const size_t at = offset();
  for (uint32_t i = 0; i < max_bytes; ++i) {
    if ((TRY(byte()) & 0x80) == 0) return {};
  }
  return fail(Errc::Malformed, "number at offset {:#x} is longer than {} bytes", at, max_bytes);
}

Result<void> ReaderView::skip(size_t size) {
  TRY(part(size));
  return {};
}

Result<std::string> ReaderView::name() {
  const size_t at = offset();
  const uint32_t size = TRY(u32());
  if (size > kMaxNameBytes) {
    return fail(Errc::Limit, "name at offset {:#x} has {} bytes, more than the limit of {}", at,
                size, kMaxNameBytes);
  }
  if (size > remaining()) {
    return fail(Errc::Malformed, "name at offset {:#x} goes past the end", at);
  }
  std::string text(reinterpret_cast<const char*>(bytes_.data() + position_), size);
  if (!is_utf8(text)) return fail(Errc::Malformed, "name at offset {:#x} is not UTF-8", at);
  position_ += size;
  return text;
}

Result<uint32_t> ReaderView::count(uint32_t max, std::string_view what) {
  const size_t at = offset();
  const uint32_t value = TRY(u32());
  if (value > max) {
    return fail(Errc::Limit, "{} {} at offset {:#x}, more than the limit of {}", value, what, at,
                max);
  }
  if (value > remaining()) {
    return fail(Errc::Malformed, "unexpected end: {} {} at offset {:#x} cannot fit in {} bytes",
                value, what, at, remaining());
  }
  return value;
}

Result<ReaderView> ReaderView::part(size_t size) {
  if (size > remaining()) {
    return fail(Errc::Malformed, "unexpected end: {} bytes at offset {:#x} go past the end", size,
                offset());
  }
  ReaderView result(bytes_.subspan(position_, size), offset(), definitions_);
  position_ += size;
  return result;
}

Result<void> ReaderView::count_definition() {
  if (definitions_ == nullptr || ++*definitions_ <= kMaxTotalDefinitions) return {};
  return fail(Errc::Limit, "more definitions than the limit of {} at offset {:#x}",
              kMaxTotalDefinitions, offset());
}

Result<void> ReaderView::expect(uint8_t expected, std::string_view what) {
  const size_t at = offset();
  const uint8_t found = TRY(byte());
  if (found != expected) {
    return fail(Errc::Malformed, "{} {:#04x} at offset {:#x}; expected {:#04x}", what, found, at,
                expected);
  }
  return {};
}

Result<void> ReaderView::finish(std::string_view what) const {
  if (at_end()) return {};
  return fail(Errc::Malformed, "{} bytes too many at the end of {} at offset {:#x}", remaining(),
              what, offset());
}

Result<bool> ReaderView::flag(std::string_view what) {
  const size_t at = offset();
  const uint8_t found = TRY(byte());
  if (found > 1) {
    return fail(Errc::Malformed, "{} {:#04x} at offset {:#x}; expected 0x00 or 0x01", what, found,
                at);
  }
  return found == 1;
}

Error printable(Error error) {
  constexpr size_t kMaxMessage = 1'000;
  const std::string& message = error.message();
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  if (message.size() <= kMaxMessage && std::ranges::none_of(message, is_control)) return error;
  std::string text = message;
  if (text.size() > kMaxMessage) {
    // The end tells the rule and the offset. Not in the middle of a character.
    const auto is_inside = [&](size_t at) {
      return (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
    };
    size_t end = kMaxMessage * 7 / 10;
    while (end > 0 && is_inside(end)) --end;
    size_t again = text.size() - (kMaxMessage - end);
    while (again < text.size() && is_inside(again)) ++again;
    text = text.substr(0, end) + " ... " + text.substr(again);
  }
  std::ranges::replace_if(text, is_control, '?');
  return Error(error.code(), std::move(text));
}

}  // namespace wasmcloud::component::detail
