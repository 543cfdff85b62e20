#pragma once

#include "component/composition/shared_types.h"
#include "component/encoder.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace wasmcloud::component::composition {

/// Writes types of the shared table into one scope of a binary: each once, under the index of its
/// name where it has one ("external visibility": types with names are mentioned by those only).
class Scope {
 public:
  explicit Scope(const TypeTable& types) : types_(types) {}
  virtual ~Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  /// Errors: Errc::Invalid for a resource without a name here.
  Result<ValueTypeRef> reference(ValueType type);
  /// The same as an index, for what cannot be a primitive.
  Result<TypeIndex> index(ValueType type);
  Result<TypeIndex> function(FunctionTypeId type);
  Result<TypeIndex> resource(ResourceId id);
  bool has(ResourceId id) { return find(id).has_value(); }

  /// That index is the type's name from now on. Of a resource with several names the first stays:
  /// its methods are under that.
  void name(ValueType type, TypeIndex index);
  void name(ResourceId id, TypeIndex index);

  /// Adds a definition.
  virtual TypeIndex define(TypeDefinition definition) = 0;

 protected:
  /// What the scope can get from elsewhere.
  virtual std::optional<TypeIndex> get(ValueType type) = 0;
  virtual std::optional<TypeIndex> get(ResourceId id) = 0;

 private:
  std::optional<TypeIndex> find(ResourceId id);
  std::optional<TypeIndex> find(ValueType type);
  Result<std::optional<ValueTypeRef>> optional(std::optional<ValueType> type);
  Result<DefinedType> defined(ValueType type);

  const TypeTable& types_;
  std::map<ValueType, TypeIndex> values_;
  std::map<ResourceId, TypeIndex> resources_;
  std::set<ResourceId> named_;  ///< those of them that have a name in this scope

  friend class InstanceScope;
};

/// The whole component.
class RootScope : public Scope {
 public:
  RootScope(const TypeTable& types, Encoder& encoder) : Scope(types), encoder_(encoder) {}

  TypeIndex define(TypeDefinition definition) override { return encoder_.type(definition); }
  /// A type has a name in an instance; it is taken from there when it is needed.
  template <class Id>
  void offer(Id id, InstanceIndex instance, const std::string& item) {
    offers(id).try_emplace(id, instance, item);
  }

 protected:
  std::optional<TypeIndex> get(ValueType type) override { return taken(type); }
  std::optional<TypeIndex> get(ResourceId id) override { return taken(id); }

 private:
  template <class Id>
  using Offers = std::map<Id, std::pair<InstanceIndex, std::string>>;
  Offers<ValueType>& offers(ValueType) { return values_offered_; }
  Offers<ResourceId>& offers(ResourceId) { return resources_offered_; }

  template <class Id>
  std::optional<TypeIndex> taken(Id id) {
    const auto offer = offers(id).find(id);
    if (offer == offers(id).end()) return std::nullopt;
    return TypeIndex{encoder_.alias(ExportAlias{
        .sort = Sort::Type, .instance = offer->second.first, .name = offer->second.second})};
  }

  Encoder& encoder_;
  Offers<ValueType> values_offered_;
  Offers<ResourceId> resources_offered_;
};

/// An instance type within it.
class InstanceScope : public Scope {
 public:
  InstanceScope(const TypeTable& types, RootScope& root) : Scope(types), root_(root) {}

  TypeIndex define(TypeDefinition definition) override {
    declarations_.push_back({.what = std::move(definition)});
    return {count_++};
  }
  /// Errors: Errc::Invalid for a resource without a name here.
  Result<void> add_export(const std::string& name, const ExternType& type);
  InstanceTypeDefinition take() { return {std::move(declarations_)}; }

 protected:
  std::optional<TypeIndex> get(ValueType type) override { return outer(root_.find(type)); }
  std::optional<TypeIndex> get(ResourceId id) override { return outer(root_.find(id)); }

 private:
  std::optional<TypeIndex> outer(std::optional<TypeIndex> index);

  RootScope& root_;
  std::vector<Declaration> declarations_;
  uint32_t count_ = 0;  ///< of types
};

}  // namespace wasmcloud::component::composition
