#include "http/headers.h"

#include <algorithm>
#include <array>
#include <limits>

namespace wasmcloud::http {
namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[c] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<uint8_t>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kToken = make_token_table();

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// A guest may add fields for ever; offsets stay within 32 bits.
constexpr size_t kMaxText = std::numeric_limits<uint32_t>::max() / 4;

}  // namespace

bool is_valid_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return kToken[static_cast<uint8_t>(c)]; });
}

bool is_valid_value(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
  });
}

bool names_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

bool list_contains(std::string_view value, std::string_view token) {
  while (true) {
    const size_t comma = value.find(',');
    if (names_equal(trim(value.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
}

FieldView Headers::operator[](size_t index) const {
  const Entry& entry = entries_[index];
  const std::string_view text(text_.data() + entry.offset,
                              size_t{entry.name_size} + entry.value_size);
  return {.name = text.substr(0, entry.name_size), .value = text.substr(entry.name_size)};
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const FieldView field : *this) {
    if (names_equal(field.name, name)) return field.value;
  }
  return std::nullopt;
}

Result<void> Headers::append(std::string_view name, std::string_view value) {
  if (!is_valid_name(name)) return fail(Errc::Invalid, "\"{}\" is no header name", name);
  if (!is_valid_value(value)) {
    return fail(Errc::Invalid, "the value of header {} has control characters", name);
  }
  if (name.size() + value.size() > kMaxText - std::min(kMaxText, text_.size())) {
    return fail(Errc::Limit, "headers take more than {} bytes", kMaxText);
  }
  append_valid(name, value);
  return {};
}

Result<void> Headers::set(std::string_view name, std::string_view value) {
  if (!is_valid_name(name)) return fail(Errc::Invalid, "\"{}\" is no header name", name);
  if (!is_valid_value(value)) {
    return fail(Errc::Invalid, "the value of header {} has control characters", name);
  }
  // The arguments may be views of a field of this very object.
  const std::string own_name(name);
  const std::string own_value(value);
  remove(own_name);
  return append(own_name, own_value);
}

size_t Headers::remove(std::string_view name) {
  const size_t before = entries_.size();
  size_t kept = 0;
  for (size_t i = 0; i < before; ++i) {
    if (names_equal((*this)[i].name, name)) {
      unused_ += size_t{entries_[i].name_size} + entries_[i].value_size;
    } else {
      entries_[kept++] = entries_[i];
    }
  }
  entries_.resize(kept);
  if (unused_ > 4096 && unused_ > text_.size() / 2) compact();
  return before - kept;
}

void Headers::clear() {
  text_.clear();
  entries_.clear();
  unused_ = 0;
}

void Headers::append_valid(std::string_view name, std::string_view value) {
  entries_.push_back({.offset = static_cast<uint32_t>(text_.size()),
                      .name_size = static_cast<uint32_t>(name.size()),
                      .value_size = static_cast<uint32_t>(value.size())});
  text_.append(name).append(value);
}

void Headers::compact() {
  std::string text;
  text.reserve(text_bytes());
  for (Entry& entry : entries_) {
    const auto offset = static_cast<uint32_t>(text.size());
    text.append(text_, entry.offset, size_t{entry.name_size} + entry.value_size);
    entry.offset = offset;
  }
  text_ = std::move(text);
  unused_ = 0;
}

}  // namespace wasmcloud::http
