#pragma once

#include "base/error.h"
#include "component/composition/composition.h"
#include "component/composition/shared_types.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace wasmcloud::component::composition {

/// Where one import of an instance comes from.
struct Source {
  std::optional<size_t> instance;  ///< none: from outside, an import of the whole
  std::string item;                ///< the name of the instance's export
};

/// An instance to be made.
struct Node {
  const Composition::Instance* given = nullptr;
  const ValidatedComponent* component = nullptr;
  std::vector<Source> sources;  ///< by import
  Bindings bindings = {};

  const std::string& name() const { return given->name; }
  const TypeTable& types() const { return component->types; }
  std::span<const ImportInfo> imports() const { return component->root().imports; }
  std::span<const ExportInfo> exports() const { return component->root().exports; }
  const std::string& text(Name name) const { return types().text(name); }
  const ExternName& import_name(size_t import) const;
  const ExternName& export_name(size_t exported) const;
};

/// The name by which imports of the whole are one: without what a version of the same track may
/// differ in.
std::string merge_key(const ExternName& name);

/// Which instance gives what to which, every resource bound and every type checked.
struct Wiring {
  std::vector<Node> nodes;    ///< by position in Composition::instances
  std::vector<size_t> order;  ///< each behind those that it is given from
  Resources resources;
};

/// Chooses where every import comes from, and an order. `components` are by part. Errors: see
/// `component::compose`.
Result<Wiring> wire(const Composition& composition, std::span<const ValidatedComponent> components);

/// Checks what instances give one another, and binds all resources.
Result<void> check(Wiring& wiring, SharedTypes& types);

}  // namespace wasmcloud::component::composition
