#pragma once

#include "base/error.h"

#include <span>
#include <string>
#include <string_view>

namespace wasmcloud::wash {

/// A file of a template: its path inside the project, and all of it.
struct TemplateFile {
  std::string_view path;
  std::string_view content;
  bool executable = false;
};

/// A project to start from. They are made from the folder templates/ when wash is built.
struct Template {
  std::string_view name;      ///< "http-hello-world-rust"
  std::string_view language;  ///< "rust"; the last part of the name
  std::string_view summary;   ///< the first heading of its README
  std::span<const TemplateFile> files;

  /// The name without its language: "http-hello-world".
  std::string_view kind() const { return name.substr(0, name.size() - language.size() - 1); }
};

/// Sorted by name.
std::span<const Template> bundled_templates();

/// Null if there is none of that name.
const Template* find_template(std::string_view name);

/// Writes all its files below `folder`, which exists. Errors: Errc::Io.
Result<void> write_template(const Template& from, const std::string& folder);

}  // namespace wasmcloud::wash
