#pragma once

#include "wit/model.h"

#include <string>
#include <vector>

namespace wasmcloud::bindgen {

/// One interface, or what a world has outside of interfaces, for which code is made: its files are
/// `path()`.h, .abi.h and .cc.
struct Unit {
  wit::Owner owner;
  std::string wit_name;  ///< for linking: "wasi:io/poll@0.2.12"; empty for a world itself
  std::vector<std::string> namespaces;  ///< below wasmcloud::wit: {"wasi", "io_0_2", "poll"}
  std::vector<wit::TypeId> types;       ///< in the order written
  std::vector<wit::Function> imports;   ///< what the host implements
  std::vector<wit::Function> exports;   ///< what components export
  bool is_import = false;
  bool is_export = false;
  bool is_external = false;  ///< generated elsewhere; only named here

  /// "bindings/wasi/io_0_2/poll"
  std::string path() const;
  /// "::wasmcloud::wit::wasi::io_0_2::poll"
  std::string scope() const;
};

/// The units that types and functions belong to.
class Units {
 public:
  explicit Units(const wit::Model& model) : model_(model) {}

  enum class Role : uint8_t { Import, Export, External };
  void add(wit::InterfaceId id, Role role);
  /// A world's own functions and types, and all its interfaces. Errors: Errc::Unsupported.
  Result<void> add(wit::WorldId id);

  const wit::Model& model() const { return model_; }
  const std::vector<Unit>& all() const { return units_; }
  /// Errors: Errc::NotFound if no code is made for that interface.
  Result<const Unit*> of(const wit::Owner& owner, const Unit& asking) const;

 private:
  Unit& interface(wit::InterfaceId id, std::string wit_name, std::vector<std::string> namespaces);
  std::vector<std::string> namespaces(wit::PackageId package, std::string_view name) const;

  const wit::Model& model_;
  std::vector<Unit> units_;
};

}  // namespace wasmcloud::bindgen
