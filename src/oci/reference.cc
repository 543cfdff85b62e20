#include "oci/reference.h"

#include "base/digest.h"
#include "base/text.h"
#include "http/authority.h"

#include <algorithm>

namespace wasmcloud::oci {
namespace {

constexpr std::string_view kDigestPrefix = "sha256:";
constexpr size_t kMaxName = 255;

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_word(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

/// path-component ::= alnum+ (separator alnum+)*, separator ::= [_.] | "__" | "-"*
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_or_digit(text.front()) || !is_lower_or_digit(text.back()))
    return false;
  for (size_t at = 0; at < text.size();) {
    const size_t start = at;
    while (at < text.size() && !is_lower_or_digit(text[at])) ++at;
    const std::string_view separator = text.substr(start, at - start);
    const bool ok = separator.empty() || separator == "." || separator == "_" ||
                    separator == "__" || separator.find_first_not_of('-') == separator.npos;
    if (!ok) return false;
    while (at < text.size() && is_lower_or_digit(text[at])) ++at;
  }
  return true;
}

bool is_host(std::string_view first) {
  return first == "localhost" || first.find_first_of(".:[") != first.npos ||
         std::ranges::any_of(first, [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

bool is_valid_tag(std::string_view text) {
  return !text.empty() && text.size() <= 128 && is_word(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

bool is_valid_digest(std::string_view text) {
  return text.starts_with(kDigestPrefix) && text.size() == kDigestPrefix.size() + 64 &&
         text.find_first_not_of("0123456789abcdef", kDigestPrefix.size()) == text.npos;
}

std::string digest_of(std::string_view bytes) {
  return fmt::format("{}{}", kDigestPrefix, to_hex(sha256(bytes)));
}

Result<Reference> Reference::parse(std::string_view text) {
  const std::string_view whole = text;
  if (text.starts_with("oci://")) text.remove_prefix(6);
  if (text.contains("://"))
    return fail(Errc::Invalid,
                "'{}' is no image reference, which begins with a host and not with a scheme",
                whole);
  Reference made;
  if (const size_t at = text.find('@'); at != text.npos) {
    made.digest = text.substr(at + 1);
    text = text.substr(0, at);
    if (!is_valid_digest(made.digest))
      return fail(Errc::Invalid,
                  "'{}' is no image reference: '{}' should be sha256: and 64 hexadecimal digits",
                  whole, made.digest);
  }
  const size_t slash = text.find('/');
  // "localhost:5000" could be an image of the Docker Hub with a tag, and never is.
  if (const size_t colon = text.find(':');
      slash == text.npos && colon != text.npos && is_host(text.substr(0, colon)) &&
      text.find_first_not_of("0123456789", colon + 1) == text.npos)
    return fail(Errc::Invalid,
                "'{}' is no image reference: it names a registry, and nothing in it; "
                "expected {}/NAME:TAG",
                whole, text);
  if (slash != text.npos && is_host(text.substr(0, slash))) {
    made.registry = text.substr(0, slash);
    text = text.substr(slash + 1);
    if (!http::split_authority(made.registry) || made.registry.ends_with(':'))
      return fail(Errc::Invalid, "'{}' is no image reference: '{}' is no host, or host:port", whole,
                  made.registry);
  } else {
    made.registry = hub::kName;
  }
  if (const size_t colon = text.rfind(':');
      colon != text.npos && !text.substr(colon).contains('/')) {
    made.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
    if (!is_valid_tag(made.tag))
      return fail(Errc::Invalid,
                  "'{}' is no image reference: the tag '{}' should be at most 128 letters, digits, "
                  "'_', '.' and '-'",
                  whole, made.tag);
  } else if (made.digest.empty()) {
    made.tag = "latest";
  }
  made.repository = text;
  if (made.registry == hub::kIndex) made.registry = hub::kName;
  if (made.registry == hub::kName && !made.repository.contains('/') && !made.repository.empty())
    made.repository.insert(0, "library/");
  if (made.repository.size() > kMaxName)
    return fail(Errc::Invalid, "'{}' is no image reference: its name is longer than {} characters",
                whole, kMaxName);
  for (const std::string_view part : split(made.repository, '/')) {
    if (is_path_component(part)) continue;
    return fail(Errc::Invalid,
                "'{}' is no image reference: '{}' should be a path of lower-case letters and "
                "digits, with single '.', '_' or '-' between them",
                whole, made.repository);
  }
  return made;
}

std::string Reference::name() const { return fmt::format("{}/{}", registry, repository); }

std::string Reference::text() const {
  std::string out = name();
  if (!tag.empty()) out += fmt::format(":{}", tag);
  if (!digest.empty()) out += fmt::format("@{}", digest);
  return out;
}

Reference Reference::with_tag(std::string other) const {
  return {.registry = registry, .repository = repository, .tag = std::move(other), .digest = {}};
}

Reference Reference::with_digest(std::string other) const {
  return {.registry = registry, .repository = repository, .tag = {}, .digest = std::move(other)};
}

}  // namespace wasmcloud::oci
