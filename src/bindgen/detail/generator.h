#pragma once

#include "bindgen/detail/writer.h"
#include "bindgen/generate.h"
#include "bindgen/shape.h"

namespace wasmcloud::bindgen {

/// Writes the three files of one unit.
class Generator {
 public:
  Generator(const Units& units, const Unit& unit, Waiting& waiting, Binding binding)
      : units_(units),
        model_(units.model()),
        unit_(unit),
        waiting_(waiting),
        binding_(binding),
        shape_(units, unit) {}

  Result<std::vector<File>> run();

 private:
  /// A function with its C++ spelled out.
  struct Signature {
    const wit::Function* function;
    bool waits = false;                        ///< a coroutine; async functions always are
    std::string name;                          ///< in its class
    std::string result;                        ///< "void" for nothing
    std::vector<Shape::Parameter> parameters;  ///< of a method: `self` first
    std::vector<std::string> names;            ///< of the parameters

    /// Of an export: its caller may listen to its return.
    bool has_listener() const { return waits && result != "void"; }
  };
  enum class Side : uint8_t { Import, Export };

  Result<void> analyse();
  Result<Signature> signature(const wit::Function& function, Side side);
  bool names_stream(const std::optional<wit::Type>& type) const;
  std::string declaration(const Signature& signature, Side side, std::string_view scope) const;
  bool is_resource(wit::TypeId id) const;
  /// Of this unit's resources: guests implement them.
  bool is_of_guests() const { return unit_.is_export && !unit_.is_import; }
  std::vector<wit::TypeId> in_order() const;
  std::string label_bits(size_t index) const;

  // The header (header.cc).
  Result<std::string> header();
  Result<void> type(Writer& out, wit::TypeId id);
  Result<void> record(Writer& out, const wit::TypeDefinition& definition,
                      const wit::Record& record);
  Result<void> variant(Writer& out, const wit::TypeDefinition& definition,
                       const wit::Variant& variant);
  void labels(Writer& out, const wit::TypeDefinition& definition, const wit::Enum& labels);
  void flags(Writer& out, const wit::TypeDefinition& definition, const wit::Flags& flags);
  void resource(Writer& out, wit::TypeId id);

  // Traits and calls (source.cc).
  Result<std::string> traits();
  Result<void> type_traits(Writer& out, wit::TypeId id);
  Result<std::string> source();
  Result<void> variant_members(Writer& out, const wit::TypeDefinition& definition,
                               const wit::Variant& variant);
  void description(Writer& out, const Signature& signature, std::string_view name);
  void host_function(Writer& out, const Signature& signature, size_t index);
  void guest_function(Writer& out, const Signature& signature, size_t index);
  void async_guest_function(Writer& out, const Signature& signature, size_t index);
  void add_to_linker(Writer& out);

  void begin_namespace(Writer& out) const;
  void end_namespace(Writer& out) const;
  std::vector<const Unit*> used_units() const;

  const Units& units_;
  const wit::Model& model_;
  const Unit& unit_;
  Waiting& waiting_;
  Binding binding_;
  Shape shape_;
  std::vector<Signature> imports_;
  std::vector<Signature> exports_;
  bool has_interface_ = false;  ///< functions that are no methods
  bool has_streams_ = false;    ///< streams or futures in types or functions
  bool has_resources_ = false;  ///< of its own
};

}  // namespace wasmcloud::bindgen
