#include "component/detail/name_rules.h"

#include "base/semver.h"
#include "component/proposals.h"

#include <algorithm>
#include <optional>

namespace wasmcloud::component::detail {
namespace {

// The grammar is of ASCII; what the C library thinks of other letters must not matter.
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Calls `visit(piece, position)` on what lies between separators; false as soon as one call is
/// false.
template <class Visit>
bool all_pieces(std::string_view text, char separator, Visit visit) {
  for (size_t position = 0;; ++position) {
    const size_t end = text.find(separator);
    if (!visit(text.substr(0, end), position)) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool is_fragment(std::string_view text) {
  return !text.empty() &&
         (std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c); }) ||
          std::ranges::all_of(text, [](char c) { return is_upper(c) || is_digit(c); }));
}

/// Namespaces and packages: a label in lower case.
bool is_lower_label(std::string_view text) {
  return is_label(text) && std::ranges::none_of(text, is_upper);
}

/// The rest of `text` after `prefix`, if that is how it begins.
std::optional<std::string_view> after(std::string_view text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return std::nullopt;
  return text.substr(prefix.size());
}

}  // namespace

bool is_label(std::string_view text) {
  return all_pieces(text, '-', [](std::string_view fragment, size_t position) {
    return is_fragment(fragment) && (position > 0 || !is_digit(fragment[0]));
  });
}

bool is_interface_name(std::string_view text) {
  const size_t colon = text.find(':');
  const size_t slash = text.find('/');
  if (colon == std::string_view::npos || slash == std::string_view::npos || slash < colon)
    return false;
  const size_t at = text.find('@', slash);
  const bool versioned = at != std::string_view::npos;
  return is_lower_label(text.substr(0, colon)) &&
         is_lower_label(text.substr(colon + 1, slash - colon - 1)) &&
         is_label(text.substr(slash + 1, versioned ? at - slash - 1 : std::string_view::npos)) &&
         (!versioned || SemVer::parse(text.substr(at + 1)).has_value());
}

Result<ExternNameView> parse_extern_name(std::string_view text, const Features& features,
                                         size_t at) {
  using Kind = ExternNameView::Kind;
  const auto wrong = [&] {
    return fail(Errc::Invalid,
                "\"{}\" is not a valid extern name: not in kebab case (offset {:#x})", text, at);
  };
  if (!text.starts_with('[')) {
    if (is_label(text)) return ExternNameView{.kind = Kind::Label};
    if (is_interface_name(text)) return ExternNameView{.kind = Kind::Interface};
    return wrong();
  }
  if (const auto rest = after(text, "[constructor]")) {
    if (!is_label(*rest)) return wrong();
    return ExternNameView{.kind = Kind::Constructor, .resource = *rest};
  }
  struct Annotation {
    std::string_view prefix;
    Kind kind;
  };
  for (const auto& [prefix, kind] :
       {Annotation{"[method]", Kind::Method}, Annotation{"[static]", Kind::Static},
        Annotation{"[get]", Kind::Getter}, Annotation{"[set]", Kind::Setter}}) {
    const auto rest = after(text, prefix);
    if (!rest) continue;
    const bool is_accessor = kind == Kind::Getter || kind == Kind::Setter;
    if (is_accessor && !features.accessors) {
      return fail(Errc::Unsupported, "\"{}\" at offset {:#x}: accessors need the proposal {}", text,
                  at, proposal_of(&Features::accessors));
    }
    const size_t dot = rest->find('.');
    if (dot == std::string_view::npos) {
      if (!is_accessor || !is_label(*rest)) return wrong();
      return ExternNameView{.kind = kind};
    }
    if (!is_label(rest->substr(0, dot)) || !is_label(rest->substr(dot + 1))) return wrong();
    return ExternNameView{.kind = kind, .resource = rest->substr(0, dot)};
  }
  if (text.starts_with("[async")) {
    return fail(Errc::Unsupported,
                "\"{}\": names like this come from release candidates of WASI 0.3 (offset {:#x})",
                text, at);
  }
  return wrong();
}

std::string unique_form(std::string_view text) {
  // [constructor]x stands beside x, and a setter beside its getter; every other annotation is
  // ignored.
  std::string form;
  if (text.starts_with("[constructor]") || text.starts_with("[set]")) {
    form = text.substr(0, text.find(']') + 1);
  }
  const bool has_member = text.starts_with("[method]") || text.starts_with("[static]");
  if (const size_t bracket = text.find(']');
      text.starts_with('[') && bracket != std::string_view::npos) {
    text.remove_prefix(bracket + 1);
  }
  const bool is_interface = text.find(':') != std::string_view::npos;
  const size_t start = form.size();
  for (const char c : text) {
    if (c == '-' && !is_interface) continue;
    form += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (has_member) {
    const std::string_view member = std::string_view(form).substr(start);
    const size_t dot = member.find('.');
    if (dot != std::string_view::npos && member.substr(0, dot) == member.substr(dot + 1))
      form.resize(start + dot);
  }
  return form;
}

}  // namespace wasmcloud::component::detail
