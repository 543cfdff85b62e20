#include "wash/wit/version_requirement.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace wasmcloud::wash {
namespace {

/// "1", "1.2", "1.2.3-rc.1", each also with ".*" for what is left out.
struct Partial {
  SemVer version;  ///< with 0 for numbers that are left out
  int numbers = 0;
};

Error not_understood(std::string_view text) {
  return Error(
      Errc::Malformed,
      fmt::format("'{}' says of no version whether it will do; expected one such as 1.2.3, "
                  "^1.2, ~0.2.0 or >=1.0.0",
                  text));
}

Result<Partial> parse_partial(std::string_view text) {
  const std::string_view whole = text;
  Partial out;
  if (auto full = SemVer::parse(text)) {
    out = {.version = *std::move(full), .numbers = 3};
    out.version.build.clear();
    return out;
  }
  for (uint64_t* number : {&out.version.major, &out.version.minor, &out.version.patch}) {
    if (out.numbers > 0) {
      if (text.empty()) return out;
      if (!text.starts_with('.')) return fail(not_understood(whole));
      text.remove_prefix(1);
    }
    if (text == "*" || text == "x" || text == "X") return out;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (end - text.data() > 1 && text.front() == '0') return fail(not_understood(whole));
    // What has all three is a whole version, and would have been read as one.
    if (error != std::errc() || ++out.numbers == 3) return fail(not_understood(whole));
    text.remove_prefix(static_cast<size_t>(end - text.data()));
  }
  return out;
}

/// The first version behind all that begin with the first `numbers` numbers; none behind all.
std::optional<SemVer> after(const SemVer& version, int numbers) {
  if (numbers == 0) return std::nullopt;
  SemVer next;
  next.major = version.major + (numbers == 1 ? 1 : 0);
  if (numbers > 1) next.minor = version.minor + (numbers == 2 ? 1 : 0);
  if (numbers > 2) next.patch = version.patch + 1;
  return next;
}

/// How many numbers stay the same in what is compatible.
int fixed_numbers(const Partial& partial) {
  const SemVer& version = partial.version;
  if (version.major > 0) return 1;
  if (version.minor > 0) return std::min(partial.numbers, 2);
  return partial.numbers;
}

}  // namespace

Result<VersionRequirement::Range> VersionRequirement::parse_range(std::string_view text) {
  std::string_view op = "^";
  for (const std::string_view known : {">=", "<=", ">", "<", "=", "~", "^"}) {
    if (!text.starts_with(known)) continue;
    op = known;
    text.remove_prefix(known.size());
    break;
  }
  text = trim(text);
  const Partial partial = TRY(parse_partial(text));
  const SemVer& version = partial.version;
  const bool whole = partial.numbers == 3;
  Range range;
  if (whole) range.named = version;
  if (op == "<" || op == "<=") {
    range.high = version;
    range.with_high = whole && op == "<=";
    if (op == "<=" && !whole) range.high = after(version, partial.numbers);
    return range;
  }
  range.low = version;
  if (op == ">=") return range;
  if (op == ">") {
    range.without_low = true;
    if (whole) return range;
    const auto next = after(version, partial.numbers);
    if (!next) return fail(not_understood(text));
    range.low = *next;
    range.without_low = false;
    return range;
  }
  if (op == "=" && whole) {
    range.high = version;
    range.with_high = true;
    return range;
  }
  int fixed = partial.numbers;  // "=1.2" and "1.2.*"
  if (op == "~") fixed = std::min(partial.numbers, 2);
  if (op == "^" && !text.ends_with('*')) fixed = fixed_numbers(partial);
  range.high = after(version, fixed);
  return range;
}

Result<VersionRequirement> VersionRequirement::parse(std::string_view text) {
  VersionRequirement out;
  out.text_ = trim(text);
  for (const std::string_view part : split(text, ','))
    out.ranges_.push_back(TRY(parse_range(trim(part))));
  return out;
}

bool VersionRequirement::matches(const SemVer& version) const {
  SemVer plain = version;
  plain.build.clear();
  const auto allows_pre_release = [&](const Range& range) {
    return range.named && !range.named->pre.empty() && range.named->major == plain.major &&
           range.named->minor == plain.minor && range.named->patch == plain.patch;
  };
  if (!plain.pre.empty() && std::ranges::none_of(ranges_, allows_pre_release)) return false;
  return std::ranges::all_of(ranges_, [&](const Range& range) {
    if (plain < range.low || (range.without_low && plain == range.low)) return false;
    return !range.high || plain < *range.high || (range.with_high && plain == *range.high);
  });
}

}  // namespace wasmcloud::wash
