#include "component/detail/text.h"

#include "base/check.h"
#include "base/utf8.h"

#include <cstring>
#include <span>

namespace wasmcloud::component {
namespace {

constexpr uint32_t kUtf16Tag = uint32_t{1} << 31;

enum class Form : uint8_t { Utf8, Utf16, Latin1 };

/// Text of a guest or of the host. What it lies in may move, so it is found anew after each call of
/// `realloc`.
struct Source {
  Form form = Form::Utf8;
  uint32_t units = 0;
  CanonicalContext* context = nullptr;
  uint32_t at = 0;
  std::string_view fixed = {};

  uint32_t bytes() const { return form == Form::Utf16 ? units * 2 : units; }
  const uint8_t* data() const {
    if (context == nullptr) return reinterpret_cast<const uint8_t*>(fixed.data());
    return reinterpret_cast<const uint8_t*>(context->memory().data()) + at;
  }
  std::string_view view() const { return {reinterpret_cast<const char*>(data()), bytes()}; }
};

uint32_t load_unit(const uint8_t* at) { return at[0] | uint32_t{at[1]} << 8; }

/// Calls `take` with each character until it returns false. False if the text is ill-formed (or
/// changed under our hands, where two components share a memory).
template <class F>
bool for_each(const Source& source, F&& take) {
  const uint8_t* const data = source.data();
  switch (source.form) {
    case Form::Latin1:
      for (uint32_t i = 0; i < source.units; ++i) {
        if (!take(char32_t{data[i]})) return true;
      }
      return true;
    case Form::Utf16:
      for (uint32_t i = 0; i < source.units; ++i) {
        uint32_t unit = load_unit(data + size_t{i} * 2);
        if (unit >= 0xd800 && unit < 0xe000) {
          if (unit >= 0xdc00 || i + 1 == source.units) return false;
          const uint32_t low = load_unit(data + size_t{i + 1} * 2);
          if (low < 0xdc00 || low >= 0xe000) return false;
          unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
          ++i;
        }
        if (!take(char32_t{unit})) return true;
      }
      return true;
    case Form::Utf8: {
      std::string_view rest = source.view();
      if (!is_utf8(rest)) return false;
      while (!rest.empty()) {
        if (!take(take_utf8(rest))) return true;
      }
      return true;
    }
  }
  return true;
}

/// What the destination's size follows from.
struct Measure {
  bool is_ascii = true;
  bool is_latin1 = true;
  uint32_t characters = 0;
  uint32_t utf8_bytes = 0;
  uint32_t utf16_units = 0;
};

std::unexpected<Error> ill_formed(Form form) {
  return fail(Errc::Trap, "invalid {} in a string", form == Form::Utf16 ? "utf-16" : "utf-8");
}

// By counting kinds of bytes, which compilers turn into vector code.
Result<Measure> measure_utf8(std::string_view text) {
  if (!is_utf8(text)) return ill_formed(Form::Utf8);
  uint32_t continuations = 0;
  uint32_t leads_of_four = 0;
  uint32_t leads_above_latin1 = 0;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    continuations += (byte & 0xc0) == 0x80 ? 1 : 0;
    leads_of_four += byte >= 0xf0 ? 1 : 0;
    leads_above_latin1 += byte >= 0xc4 ? 1 : 0;
  }
  const auto bytes = static_cast<uint32_t>(text.size());
  return Measure{.is_ascii = continuations == 0,
                 .is_latin1 = leads_above_latin1 == 0,
                 .characters = bytes - continuations,
                 .utf8_bytes = bytes,
                 .utf16_units = bytes - continuations + leads_of_four};
}

Measure measure_latin1(std::string_view text) {
  uint32_t high = 0;
  for (const char c : text) high += static_cast<uint8_t>(c) >= 0x80 ? 1 : 0;
  const auto bytes = static_cast<uint32_t>(text.size());
  return {.is_ascii = high == 0,
          .is_latin1 = true,
          .characters = bytes,
          .utf8_bytes = bytes + high,
          .utf16_units = bytes};
}

Result<Measure> measure(const Source& source) {
  if (source.form == Form::Utf8) return measure_utf8(source.view());
  if (source.form == Form::Latin1) return measure_latin1(source.view());
  Measure out;
  const bool is_good = for_each(source, [&](char32_t c) {
    ++out.characters;
    out.is_ascii &= c < 0x80;
    out.is_latin1 &= c < 0x100;
    out.utf8_bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    out.utf16_units += c < 0x10000 ? 1 : 2;
    return true;
  });
  if (!is_good) return ill_formed(Form::Utf16);
  return out;
}

Result<Source> source_of(CanonicalContext& from, TextPlace text) {
  Source source{.units = text.length, .context = &from, .at = text.at};
  switch (from.encoding()) {
    case StringEncoding::Utf8:
      break;
    case StringEncoding::Utf16:
      source.form = Form::Utf16;
      break;
    case StringEncoding::Latin1Utf16:
      source.form = (text.length & kUtf16Tag) != 0 ? Form::Utf16 : Form::Latin1;
      source.units = text.length & ~kUtf16Tag;
      break;
  }
  if (from.encoding() != StringEncoding::Utf8 && text.at % 2 != 0) {
    return fail(Errc::Trap, "string pointer not aligned to 2: {:#x}", text.at);
  }
  const uint64_t bytes = uint64_t{source.units} * (source.form == Form::Utf16 ? 2 : 1);
  if (bytes > kMaxTransferBytes) {
    return fail(Errc::Trap, "string content out-of-bounds: {} bytes are more than {}", bytes,
                kMaxTransferBytes);
  }
  if (text.at + bytes > from.memory().size()) {
    return fail(Errc::Trap, "string content out-of-bounds: {} bytes at {:#x}", bytes, text.at);
  }
  return source;
}

std::unexpected<Error> changed() {
  return fail(Errc::Trap, "a string changed while it was copied");
}

/// A block in the destination that is written after the last call of `realloc`.
class Sink {
 public:
  Sink(CanonicalContext& to, const Source& source) : to_(to), source_(source) {}

  Result<void> allocate(uint32_t align, uint32_t size) { return resize(align, size); }
  Result<void> resize(uint32_t align, uint32_t size) {
    at_ = TRY(to_.reallocate(at_, size_, align, size));
    size_ = size;
    // One memory may serve both sides.
    if (source_.context != nullptr) source_.context->memory_is_stale();
    return {};
  }
  uint32_t at() const { return at_; }

  void write_same() { std::memmove(data(), source_.data(), std::min(size_, source_.bytes())); }
  Result<void> write_utf8() {
    uint8_t* out = data();
    uint8_t* const end = out + size_;
    bool fits = true;
    const bool is_good = for_each(source_, [&](char32_t c) {
      const ptrdiff_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      fits = end - out >= length;
      if (!fits) return false;
      if (length == 1) {
        *out = static_cast<uint8_t>(c);
      } else {
        static constexpr uint8_t kLead[] = {0, 0, 0xc0, 0xe0, 0xf0};
        for (ptrdiff_t i = length - 1; i > 0; --i, c >>= 6) {
          out[i] = static_cast<uint8_t>(0x80 | (c & 0x3f));
        }
        out[0] = static_cast<uint8_t>(kLead[length] | c);
      }
      out += length;
      return true;
    });
    return is_good && fits && out == end ? Result<void>() : changed();
  }
  Result<void> write_utf16() {
    if (source_.form != Form::Utf16) return widen();
    uint8_t* out = data();
    uint8_t* const end = out + size_;
    bool fits = true;
    auto put = [&](uint32_t unit) {
      out[0] = static_cast<uint8_t>(unit);
      out[1] = static_cast<uint8_t>(unit >> 8);
      out += 2;
    };
    const bool is_good = for_each(source_, [&](char32_t c) {
      fits = end - out >= (c < 0x10000 ? 2 : 4);
      if (!fits) return false;
      if (c < 0x10000) {
        put(c);
      } else {
        put(0xd800 + ((c - 0x10000) >> 10));
        put(0xdc00 + ((c - 0x10000) & 0x3ff));
      }
      return true;
    });
    return is_good && fits && out == end ? Result<void>() : changed();
  }
  Result<void> write_latin1() {
    uint8_t* out = data();
    uint8_t* const end = out + size_;
    bool fits = true;
    const bool is_good = for_each(source_, [&](char32_t c) {
      fits = out != end && c < 0x100;
      if (fits) *out++ = static_cast<uint8_t>(c);
      return fits;
    });
    return is_good && fits && out == end ? Result<void>() : changed();
  }

 private:
  /// UTF-8 or Latin-1 to UTF-16, plain text in runs.
  Result<void> widen() {
    uint8_t* out = data();
    const uint8_t* const end = out + size_;
    const uint8_t* in = source_.data();
    const uint8_t* const in_end = in + source_.bytes();
    auto put = [&](uint32_t unit) {
      out[0] = static_cast<uint8_t>(unit);
      out[1] = static_cast<uint8_t>(unit >> 8);
      out += 2;
    };
    while (in != in_end) {
      while (in_end - in >= 8 && end - out >= 16 &&
             (source_.form == Form::Latin1 || is_ascii8(in))) {
        for (int i = 0; i < 8; ++i) {
          out[i * 2] = in[i];
          out[i * 2 + 1] = 0;
        }
        in += 8;
        out += 16;
      }
      if (in == in_end) break;
      char32_t c = *in;
      if (source_.form == Form::Latin1 || c < 0x80) {
        ++in;
      } else {
        // Checked before, but a memory that both sides share may have changed since.
        std::string_view rest(reinterpret_cast<const char*>(in), static_cast<size_t>(in_end - in));
        const size_t length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        if (!is_utf8(rest.substr(0, length))) return changed();
        c = take_utf8(rest);
        in += length;
      }
      if (end - out < (c < 0x10000 ? 2 : 4)) return changed();
      if (c < 0x10000) {
        put(c);
      } else {
        put(0xd800 + ((c - 0x10000) >> 10));
        put(0xdc00 + ((c - 0x10000) & 0x3ff));
      }
    }
    return out == end ? Result<void>() : changed();
  }

  static bool is_ascii8(const uint8_t* at) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    return (word & 0x8080808080808080) == 0;
  }

  uint8_t* data() { return reinterpret_cast<uint8_t*>(to_.memory().data()) + at_; }

  CanonicalContext& to_;
  const Source& source_;
  uint32_t at_ = 0;
  uint32_t size_ = 0;
};

Result<TextPlace> to_utf8(const Source& source, Sink& sink) {
  if (source.form == Form::Utf8) {
    if (!is_utf8(source.view())) return fail(Errc::Trap, "invalid utf-8 in a string");
    TRY(sink.allocate(1, source.units));
    sink.write_same();
    return TextPlace{sink.at(), source.units};
  }
  const Measure size = TRY(measure(source));
  TRY(sink.allocate(1, source.units));
  if (!size.is_ascii) {
    const uint32_t worst = source.units * (source.form == Form::Utf16 ? 3 : 2);
    TRY(sink.resize(1, worst));
    if (size.utf8_bytes < worst) TRY(sink.resize(1, size.utf8_bytes));
  }
  TRY(sink.write_utf8());
  return TextPlace{sink.at(), size.utf8_bytes};
}

Result<TextPlace> to_utf16(const Source& source, Sink& sink) {
  const Measure size = TRY(measure(source));
  const uint32_t worst = source.units * 2;
  TRY(sink.allocate(2, worst));
  if (size.utf16_units * 2 < worst) TRY(sink.resize(2, size.utf16_units * 2));
  if (source.form == Form::Utf16) {
    sink.write_same();
  } else {
    TRY(sink.write_utf16());
  }
  return TextPlace{sink.at(), size.utf16_units};
}

Result<TextPlace> to_latin1_or_utf16(const Source& source, bool is_tagged, Sink& sink) {
  if (source.form == Form::Latin1) {
    TRY(sink.allocate(2, source.units));
    sink.write_same();
    return TextPlace{sink.at(), source.units};
  }
  const Measure size = TRY(measure(source));
  if (is_tagged) {
    TRY(sink.allocate(2, source.bytes()));
    if (!size.is_latin1) {
      sink.write_same();
      return TextPlace{sink.at(), source.units | kUtf16Tag};
    }
    TRY(sink.resize(1, source.units));
    TRY(sink.write_latin1());
    return TextPlace{sink.at(), source.units};
  }
  TRY(sink.allocate(2, source.units));
  if (size.is_latin1) {
    if (size.characters < source.units) TRY(sink.resize(2, size.characters));
    TRY(sink.write_latin1());
    return TextPlace{sink.at(), size.characters};
  }
  const uint32_t worst = source.units * 2;
  TRY(sink.resize(2, worst));
  if (size.utf16_units * 2 < worst) TRY(sink.resize(2, size.utf16_units * 2));
  TRY(sink.write_utf16());
  return TextPlace{sink.at(), size.utf16_units | kUtf16Tag};
}

Result<TextPlace> store(const Source& source, bool is_tagged, CanonicalContext& to) {
  Sink sink(to, source);
  switch (to.encoding()) {
    case StringEncoding::Utf8:
      return to_utf8(source, sink);
    case StringEncoding::Utf16:
      return to_utf16(source, sink);
    case StringEncoding::Latin1Utf16:
      return to_latin1_or_utf16(source, is_tagged, sink);
  }
  return TextPlace{};
}

}  // namespace

Result<TextPlace> copy_text(CanonicalContext& from, TextPlace text, CanonicalContext& to) {
  const Source source = TRY(source_of(from, text));
  const bool is_tagged =
      from.encoding() == StringEncoding::Latin1Utf16 && source.form == Form::Utf16;
  return store(source, is_tagged, to);
}

Result<TextPlace> lower_text(std::string_view text, CanonicalContext& to) {
  if (text.size() > kMaxTransferBytes) {
    return fail(Errc::Limit, "a string of {} bytes is too long for a guest; {} are possible",
                text.size(), kMaxTransferBytes);
  }
  return store(Source{.units = static_cast<uint32_t>(text.size()), .fixed = text}, false, to);
}

Result<std::string> lift_text(CanonicalContext& from, TextPlace text) {
  const Source source = TRY(source_of(from, text));
  if (source.form == Form::Utf8) {
    if (!is_utf8(source.view())) return fail(Errc::Trap, "invalid utf-8 in a string");
    return std::string(source.view());
  }
  std::string out;
  out.reserve(source.units);
  const bool is_good = for_each(source, [&](char32_t c) {
    append_utf8(out, c);
    return true;
  });
  if (!is_good) return fail(Errc::Trap, "invalid utf-16 in a string");
  return out;
}

}  // namespace wasmcloud::component
