#include "base/semver.h"

#include <algorithm>
#include <charconv>

namespace wasmcloud {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_part(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

// A numeric identifier without leading zeros; its length, or 0.
size_t number_length(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && is_digit(text[length])) ++length;
  if (length > 1 && text[0] == '0') return 0;
  return length;
}

// Dot-separated identifiers; numeric ones without leading zeros where `strict`.
size_t parts_length(std::string_view text, bool strict) {
  size_t length = 0;
  for (;;) {
    size_t end = length;
    while (end < text.size() && is_part(text[end])) ++end;
    const std::string_view part = text.substr(length, end - length);
    const bool numeric = std::all_of(part.begin(), part.end(), is_digit);
    if (part.empty() || (strict && numeric && part.size() > 1 && part[0] == '0')) {
      return length == 0 ? 0 : length - 1;
    }
    length = end;
    if (length == text.size() || text[length] != '.') return length;
    ++length;
  }
}

std::strong_ordering compare_pre(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty())
    return a.empty() <=> b.empty();  // a release is above its pre-releases
  while (!a.empty() && !b.empty()) {
    const std::string_view x = a.substr(0, a.find('.'));
    const std::string_view y = b.substr(0, b.find('.'));
    const bool x_number = std::all_of(x.begin(), x.end(), is_digit);
    const bool y_number = std::all_of(y.begin(), y.end(), is_digit);
    if (x_number != y_number) return y_number <=> x_number;  // numbers are below words
    if (x_number && x.size() != y.size()) return x.size() <=> y.size();
    if (x != y) return x.compare(y) <=> 0;
    a.remove_prefix(std::min(a.size(), x.size() + 1));
    b.remove_prefix(std::min(b.size(), y.size() + 1));
  }
  return a.size() <=> b.size();
}

}  // namespace

size_t SemVer::prefix_length(std::string_view text) {
  size_t length = 0;
  for (int i = 0; i < 3; ++i) {
    if (i > 0) {
      if (length == text.size() || text[length] != '.') return 0;
      ++length;
    }
    const size_t number = number_length(text.substr(length));
    if (number == 0 || number > 19) return 0;
    length += number;
  }
  if (length < text.size() && text[length] == '-') {
    const size_t pre = parts_length(text.substr(length + 1), true);
    if (pre == 0) return 0;
    length += 1 + pre;
  }
  if (length < text.size() && text[length] == '+') {
    const size_t build = parts_length(text.substr(length + 1), false);
    if (build == 0) return 0;
    length += 1 + build;
  }
  return length;
}

Result<SemVer> SemVer::parse(std::string_view text) {
  if (text.empty() || prefix_length(text) != text.size()) {
    return fail(Errc::Malformed, "'{}' is no version; expected one such as 1.2.3 or 0.2.0-rc.1",
                text);
  }
  SemVer version;
  const char* const end = text.data() + text.size();
  const char* at = std::from_chars(text.data(), end, version.major).ptr;
  at = std::from_chars(at + 1, end, version.minor).ptr;
  at = std::from_chars(at + 1, end, version.patch).ptr;
  std::string_view rest(at, static_cast<size_t>(end - at));
  const size_t plus = rest.find('+');
  if (plus != std::string_view::npos) {
    version.build = rest.substr(plus + 1);
    rest = rest.substr(0, plus);
  }
  if (!rest.empty()) version.pre = rest.substr(1);
  return version;
}

std::string SemVer::str() const {
  return fmt::format("{}.{}.{}{}{}{}{}", major, minor, patch, pre.empty() ? "" : "-", pre,
                     build.empty() ? "" : "+", build);
}

std::optional<std::string> SemVer::track() const {
  if (!pre.empty()) return std::nullopt;
  if (major > 0) return fmt::format("{}", major);
  if (minor > 0) return fmt::format("0.{}", minor);
  return std::nullopt;
}

std::strong_ordering operator<=>(const SemVer& a, const SemVer& b) {
  if (const auto order = a.major <=> b.major; order != 0) return order;
  if (const auto order = a.minor <=> b.minor; order != 0) return order;
  if (const auto order = a.patch <=> b.patch; order != 0) return order;
  if (const auto order = compare_pre(a.pre, b.pre); order != 0) return order;
  return a.build.compare(b.build) <=> 0;
}

}  // namespace wasmcloud
