#pragma once

#include "component/definitions.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::component {

/// A custom section of a module or component; its content is part of the bytes it was found in.
struct CustomSectionView {
  std::string name;
  std::span<const std::byte> content;
};

/// The custom sections of a core module or component, without those of what is nested in it. What
/// follows something unreadable is left out.
std::vector<CustomSectionView> custom_sections(std::span<const std::byte> bytes);

/// Who or what made a binary (tool conventions, "Producers Section").
struct Producer {
  std::string field;  ///< "language", "processed-by" or "sdk"
  std::string name;
  std::string version;  ///< often empty for a language
};

/// What a core module or component says about itself. None of it is checked, and what cannot be
/// read is taken as not there: metadata never makes a binary wrong.
struct Metadata {
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::optional<std::string> authors;
  std::optional<std::string> licenses;
  std::optional<std::string> source;
  std::optional<std::string> homepage;
  std::optional<std::string> revision;
  std::optional<std::string> version;
  std::vector<Producer> producers;
};

/// The texts of a `Metadata` by the names that their custom sections have.
struct MetadataText {
  std::string_view name;
  std::optional<std::string> Metadata::* member;
};
std::span<const MetadataText> metadata_texts();

/// Of one core module or component, without those nested in it.
Metadata read_metadata(std::span<const std::byte> bytes);

/// A component or core module within a binary.
struct BinaryPart {
  enum class Kind : uint8_t { Component, Module };
  Kind kind = Kind::Component;
  uint32_t depth = 0;  ///< how many components it is nested in
  ByteRange bytes = {};
  Metadata metadata = {};
};

/// All components and core modules of a binary in file order, the outermost first.
std::vector<BinaryPart> parts_of(const DecodedComponent& component,
                                 std::span<const std::byte> bytes);

/// The languages that parts name, each once.
std::vector<std::string> languages_of(std::span<const BinaryPart> parts);

}  // namespace wasmcloud::component
