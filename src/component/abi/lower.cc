#include "component/abi/lower.h"

#include "base/utf8.h"

namespace wasmcloud::component::abi {

namespace {

constexpr uint32_t kUtf16Tag = 1u << 31;

void append_utf16(std::string& out, char32_t value) {
  const auto unit = [&](uint32_t bits) {
    out.push_back(static_cast<char>(bits));
    out.push_back(static_cast<char>(bits >> 8));
  };
  if (value < 0x10000) return unit(value);
  unit(0xd800 + ((value - 0x10000) >> 10));
  unit(0xdc00 + ((value - 0x10000) & 0x3ff));
}

std::string to_utf16(std::string_view text) {
  std::string units;
  units.reserve(text.size() * 2);
  while (!text.empty()) append_utf16(units, take_utf8(text));
  return units;
}

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace

bool Lower::check(uint32_t at, uint64_t size, uint32_t align) {
  if (failed()) return false;
  if (at % align != 0) {
    set_error(Error(Errc::Trap, fmt::format("pointer not aligned: {:#x}, to {}", at, align)));
    return false;
  }
  if (at + size > memory_.size()) {
    set_error(
        Error(Errc::Trap, fmt::format("pointer not in bounds of memory: {} bytes at {:#x} of {:#x}",
                                      size, at, memory_.size())));
    return false;
  }
  return true;
}

std::optional<uint32_t> Lower::reallocate(uint32_t old, uint32_t old_size, uint32_t align,
                                          uint32_t size) {
  if (failed()) return std::nullopt;
  auto block = context_.reallocate(old, old_size, align, size);
  memory_ = context_.memory();
  if (block) return *block;
  set_error(std::move(block).error());
  return std::nullopt;
}

std::optional<uint32_t> Lower::allocate(uint32_t size, uint32_t align) {
  return reallocate(0, 0, align, size);
}

std::optional<uint32_t> Lower::allocate_list(size_t length, uint32_t size, uint32_t align) {
  // Both factors are below 2^32 or fail at once, so that the product cannot wrap.
  if (length > kMaxLength || uint64_t{length} * size > kMaxLength) {
    set_error(Error(
        Errc::Trap,
        fmt::format("list of {} elements of {} bytes is longer than 2^28 - 1", length, size)));
    return std::nullopt;
  }
  return allocate(static_cast<uint32_t>(length) * size, align);
}

Block Lower::list_of_bytes(std::span<const std::byte> bytes) {
  const std::optional<uint32_t> at = allocate_list(bytes.size(), 1, 1);
  if (!at) return {};
  put_bytes(*at, bytes);
  return {.at = *at, .length = static_cast<uint32_t>(bytes.size())};
}

// Guests take strings to be well-formed without looking, so a host's mistake must not reach them.
Block Lower::string(std::string_view text) {
  if (!is_utf8(text)) {
    set_error(Error(Errc::Internal, "the host returned a string that is not UTF-8"));
    return {};
  }
  if (text.size() > kMaxLength) {
    set_error(
        Error(Errc::Trap, fmt::format("string of {} bytes is longer than 2^28 - 1", text.size())));
    return {};
  }
  switch (context_.encoding()) {
    case StringEncoding::Utf8:
      return list_of_bytes(as_bytes(text));
    case StringEncoding::Utf16:
      return utf16(text);
    case StringEncoding::Latin1Utf16:
      return latin1_utf16(text);
  }
  return {};
}

// The calls of realloc are those that a guest may count on (component-model guide, "Writing
// values"): worst case, then shrink. What is written is put there after the last of them.
Block Lower::utf16(std::string_view text) {
  const auto worst = static_cast<uint32_t>(text.size() * 2);
  const std::optional<uint32_t> at = allocate(worst, 2);
  if (!at) return {};
  return shrunk_utf16(*at, worst, text);
}

Block Lower::shrunk_utf16(uint32_t at, uint32_t worst, std::string_view text) {
  const std::string units = to_utf16(text);
  const auto size = static_cast<uint32_t>(units.size());
  const std::optional<uint32_t> fitting = size < worst ? reallocate(at, worst, 2, size) : at;
  if (!fitting) return {};
  put_bytes(*fitting, as_bytes(units));
  return {.at = *fitting, .length = size / 2};
}

Block Lower::latin1_utf16(std::string_view text) {
  const auto source = static_cast<uint32_t>(text.size());
  std::optional<uint32_t> at = allocate(source, 2);
  if (!at) return {};
  std::string latin1;
  latin1.reserve(source);
  bool fits = true;
  for (std::string_view rest = text; fits && !rest.empty();) {
    const char32_t value = take_utf8(rest);
    fits = value <= 0xff;
    latin1.push_back(static_cast<char>(value));
  }
  if (fits) {
    const auto size = static_cast<uint32_t>(latin1.size());
    if (size < source) at = reallocate(*at, source, 2, size);
    if (!at) return {};
    put_bytes(*at, as_bytes(latin1));
    return {.at = *at, .length = size};
  }
  const uint32_t worst = source * 2;
  at = reallocate(*at, source, 2, worst);
  if (!at) return {};
  Block block = shrunk_utf16(*at, worst, text);
  if (!failed()) block.length |= kUtf16Tag;
  return block;
}

uint32_t Lower::give(std::unique_ptr<HostResource> object, const HostResourceType& type) {
  if (failed()) return 0;
  if (object == nullptr) {
    set_error(Error(Errc::Internal,
                    fmt::format("the host returned no {} of {}", type.name, type.interface)));
    return 0;
  }
  auto handle = context_.give(std::move(object), type);
  if (handle) return *handle;
  set_error(std::move(handle).error());
  return 0;
}

uint32_t Lower::give_readable(std::shared_ptr<SharedCopy> shared) {
  if (failed()) return 0;
  auto handle = context_.give_readable(std::move(shared));
  if (handle) return *handle;
  set_error(std::move(handle).error());
  return 0;
}

uint32_t Lower::lend(HostResource* object, const HostResourceType& type) {
  if (failed()) return 0;
  if (object == nullptr) {
    set_error(
        Error(Errc::Internal, fmt::format("the host lent no {} of {}", type.name, type.interface)));
    return 0;
  }
  auto handle = context_.lend(*object, type);
  if (handle) return *handle;
  set_error(std::move(handle).error());
  return 0;
}

}  // namespace wasmcloud::component::abi
