#pragma once

#include "base/error.h"
#include "component/validator.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::component {

/// A function that a component exports, at its root or in an interface.
struct NamedFunction {
  std::string interface;  ///< as it is exported, "wasi:cli/run@0.2.0"; empty for the root
  std::string name;
  FunctionTypeId type;  ///< in the component's table

  /// "wasi:cli/run@0.2.0#run", or only the name.
  std::string full_name() const;
};

/// In declared order. Functions of instances within exported instances are left out.
std::vector<NamedFunction> exported_functions(const ValidatedComponent& component);

/// Types as a person reads them: with resources by the names that the component exports or imports
/// them by.
class TypeNames {
 public:
  /// `component` must outlive this.
  explicit TypeNames(const ValidatedComponent& component);
  std::string text(FunctionTypeId type) const;
  /// Names the resources in what `TypeTable::to_string` and messages with such texts have.
  std::string named(std::string text) const;

 private:
  void add(Name name, const ExternType& type);

  const TypeTable& types_;
  std::vector<std::pair<ResourceId, Name>> resources_;
};

/// The function that a person means: one of the root by its name; one of an interface by
/// `INTERFACE#NAME`, where the interface has any version of its track or none, or is only the
/// interface's own name ("run" of wasi:cli/run), or by its name alone, as long as there is one of
/// it only. A resource's function may be without its bracket: "counter.get".
/// Errors: Errc::NotFound with the nearest name; Errc::Invalid with all that it may be.
Result<const NamedFunction*> find_function(std::span<const NamedFunction> functions,
                                           std::string_view name);

}  // namespace wasmcloud::component
