#pragma once

#include "bindgen/unit.h"

namespace wasmcloud::bindgen {

/// Spells WIT types in C++, as one unit sees them (README.md has the table).
class Shape {
 public:
  Shape(const Units& units, const Unit& unit) : units_(units), model_(units.model()), unit_(unit) {}

  /// A type as a result or inside another. Errors: Errc::Unsupported for error-context.
  Result<std::string> value(const wit::Type& type) const;

  /// How a parameter is declared, what goes through the canonical ABI for it, and how that is
  /// passed on.
  struct Parameter {
    std::string declared;  ///< "std::string_view"
    std::string lifted;    ///< the same, but "R*" for "R&"
    bool is_reference = false;
  };
  /// `views`: whether text and bytes may be looked at where they are, for as long as the call.
  enum class Views : uint8_t { No, Yes };
  Result<Parameter> parameter(const wit::Type& type, Views views) const;

  /// What a function gives, without the Result or Task around it; "void" for nothing.
  Result<std::string> result(const wit::Function& function) const;

  /// The name of a type definition, with namespaces unless it is this unit's own.
  Result<std::string> name(wit::TypeId id) const;
  Result<std::string> qualified_name(wit::TypeId id) const;

 private:
  Result<std::string> constructed(const wit::TypeDefinition& definition) const;
  Result<std::string> optional(const std::optional<wit::Type>& type,
                               std::string_view nothing) const;
  /// The primitive that a type is, behind aliases.
  std::optional<wit::Primitive> primitive(const wit::Type& type) const;

  const Units& units_;
  const wit::Model& model_;
  const Unit& unit_;
};

}  // namespace wasmcloud::bindgen
