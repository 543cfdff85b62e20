#pragma once

#include "base/error.h"
#include "component/validator.h"

#include <string>
#include <string_view>

namespace wasmcloud::component::detail {

/// A name of an import or export, taken apart. Refers to the text it was parsed from.
struct ExternNameView {
  enum class Kind : uint8_t { Label, Constructor, Method, Static, Getter, Setter, Interface };
  Kind kind = Kind::Label;
  std::string_view resource = {};  ///< of annotated names
  bool is_annotated() const { return kind != Kind::Label && kind != Kind::Interface; }
};

/// label ::= <first-fragment> ( '-' <fragment> )*; fragments are all lower or all upper case, the
/// first starts with a letter
bool is_label(std::string_view text);

/// Interface names: namespace ':' package '/' label ( '@' semver )?
bool is_interface_name(std::string_view text);

Result<ExternNameView> parse_extern_name(std::string_view text, const Features& features,
                                         size_t at);

/// Names that may not stand in one scope together have equal forms ("strongly-unique").
std::string unique_form(std::string_view text);

}  // namespace wasmcloud::component::detail
