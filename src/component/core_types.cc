#include "component/core_types.h"

#include "component/detail/hashed.h"
#include "component/types.h"

namespace wasmcloud::component {

/// Groups by what they say, as a byte string: references into the group itself are relative, all
/// others canonical ids.
struct CoreTypeTable::Interner {
  detail::HashMap<std::string, uint32_t> groups;
};

CoreTypeTable::CoreTypeTable() : interner_(std::make_unique<Interner>()) {}
CoreTypeTable::~CoreTypeTable() = default;
CoreTypeTable::CoreTypeTable(CoreTypeTable&&) noexcept = default;
CoreTypeTable& CoreTypeTable::operator=(CoreTypeTable&&) noexcept = default;

namespace {

/// Calls `visit` on each reference to a type in `type`.
template <class Visit>
void for_each_reference(CoreSubType& type, Visit visit) {
  const auto value = [&](CoreValueType& item) {
    if (item.kind == CoreValueType::Kind::Ref && item.heap == CoreHeap::Concrete)
      visit(item.concrete);
  };
  if (type.supertype) visit(*type.supertype);
  for (auto& item : type.function.params) value(item);
  for (auto& item : type.function.results) value(item);
  for (auto& field : type.fields) value(field.type);
  if (type.kind == CoreSubType::Kind::Continuation) visit(type.continuation);
}

class KeyBuilder {
 public:
  void number(uint32_t value) { key_.append(reinterpret_cast<const char*>(&value), sizeof value); }

  void value(const CoreValueType& type) {
    number(static_cast<uint32_t>(type.kind) | static_cast<uint32_t>(type.heap) << 8 |
           uint32_t{type.nullable} << 16 | uint32_t{type.shared} << 17);
    number(type.concrete);
  }

  void type(const CoreSubType& type) {
    number(static_cast<uint32_t>(type.kind) | uint32_t{type.is_final} << 8 |
           uint32_t{type.shared} << 9 | uint32_t{type.supertype.has_value()} << 10);
    number(type.supertype.value_or(0));
    number(static_cast<uint32_t>(type.function.params.size()));
    for (const auto& item : type.function.params) value(item);
    number(static_cast<uint32_t>(type.function.results.size()));
    for (const auto& item : type.function.results) value(item);
    number(static_cast<uint32_t>(type.fields.size()));
    for (const auto& field : type.fields) {
      value(field.type);
      number(uint32_t{field.is_mutable});
    }
    number(type.continuation);
  }

  std::string take() { return std::move(key_); }

 private:
  std::string key_;
};

/// The top of the hierarchy that an abstract heap type is in.
CoreHeap top_of(CoreHeap heap) {
  switch (heap) {
    case CoreHeap::Func:
    case CoreHeap::NoFunc:
      return CoreHeap::Func;
    case CoreHeap::Extern:
    case CoreHeap::NoExtern:
      return CoreHeap::Extern;
    case CoreHeap::Exn:
    case CoreHeap::NoExn:
      return CoreHeap::Exn;
    case CoreHeap::Cont:
    case CoreHeap::NoCont:
      return CoreHeap::Cont;
    case CoreHeap::Any:
    case CoreHeap::Eq:
    case CoreHeap::I31:
    case CoreHeap::Struct:
    case CoreHeap::Array:
    case CoreHeap::None:
    case CoreHeap::Concrete:
      return CoreHeap::Any;
  }
  return CoreHeap::Any;
}

bool is_bottom(CoreHeap heap) {
  return heap == CoreHeap::NoFunc || heap == CoreHeap::NoExtern || heap == CoreHeap::NoExn ||
         heap == CoreHeap::NoCont || heap == CoreHeap::None;
}

CoreHeap abstract_kind(const CoreSubType& type) {
  switch (type.kind) {
    case CoreSubType::Kind::Function:
      return CoreHeap::Func;
    case CoreSubType::Kind::Struct:
      return CoreHeap::Struct;
    case CoreSubType::Kind::Array:
      return CoreHeap::Array;
    case CoreSubType::Kind::Continuation:
      return CoreHeap::Cont;
  }
  return CoreHeap::Any;
}

bool is_abstract_subtype(CoreHeap a, CoreHeap b) {
  if (a == b) return true;
  if (top_of(a) != top_of(b)) return false;
  if (is_bottom(a) || b == top_of(b)) return true;
  return b == CoreHeap::Eq && (a == CoreHeap::I31 || a == CoreHeap::Struct || a == CoreHeap::Array);
}

bool limits_match(const CoreLimits& a, const CoreLimits& b) {
  return a.is_64 == b.is_64 && a.shared == b.shared && a.min >= b.min &&
         (!b.max || (a.max && *a.max <= *b.max));
}

}  // namespace

std::vector<CoreTypeId> CoreTypeTable::add(CoreRecursionGroup group, uint32_t base,
                                           std::span<const CoreTypeId> scope) {
  // The mark of a relative reference. Canonical ids stay below: there are as many as bytes of input
  // at most.
  constexpr uint32_t kRelative = 1u << 31;
  KeyBuilder key;
  for (CoreSubType& type : group.types) {
    for_each_reference(type, [&](uint32_t& reference) {
      reference = reference >= base ? kRelative | (reference - base) : scope[reference].value;
    });
    key.type(type);
  }
  const auto next = static_cast<uint32_t>(types_.size());
  const auto [found, added] = interner_->groups.try_emplace(key.take(), next);
  if (added) {
    for (CoreSubType& type : group.types) {
      for_each_reference(type, [&](uint32_t& reference) {
        if ((reference & kRelative) != 0) reference = next + (reference & ~kRelative);
      });
      types_.push_back(std::move(type));
    }
  }
  std::vector<CoreTypeId> ids(group.types.size());
  for (uint32_t i = 0; i < ids.size(); ++i) ids[i] = CoreTypeId{found->second + i};
  return ids;
}

CoreTypeId CoreTypeTable::add_function(CoreFunctionType type) {
  CoreRecursionGroup group;
  group.types.push_back(CoreSubType{.function = std::move(type)});
  return add(std::move(group), 0, {}).front();
}

uint32_t CoreTypeTable::depth(CoreTypeId id) const {
  uint32_t depth = 0;
  for (const auto* super = &types_[id.value].supertype; *super; super = &types_[**super].supertype)
    ++depth;
  return depth;
}

bool CoreTypeTable::is_subtype(CoreTypeId a, CoreTypeId b) const {
  // Supertypes come before their subtypes, so the chain ends.
  for (uint32_t type = a.value;;) {
    if (type == b.value) return true;
    const auto& super = types_[type].supertype;
    if (!super || *super >= type) return false;
    type = *super;
  }
}

bool CoreTypeTable::is_subtype(const CoreValueType& a, const CoreValueType& b) const {
  if (a.kind != b.kind) return false;
  if (a.kind != CoreValueType::Kind::Ref) return true;
  if (a.nullable && !b.nullable) return false;
  const bool a_concrete = a.heap == CoreHeap::Concrete;
  const bool b_concrete = b.heap == CoreHeap::Concrete;
  if (a_concrete && b_concrete) return is_subtype(CoreTypeId{a.concrete}, CoreTypeId{b.concrete});
  const bool a_shared = a_concrete ? types_[a.concrete].shared : a.shared;
  const bool b_shared = b_concrete ? types_[b.concrete].shared : b.shared;
  if (a_shared != b_shared) return false;
  if (a_concrete) return is_abstract_subtype(abstract_kind(types_[a.concrete]), b.heap);
  if (b_concrete)
    return is_bottom(a.heap) && top_of(a.heap) == top_of(abstract_kind(types_[b.concrete]));
  return is_abstract_subtype(a.heap, b.heap);
}

bool CoreTypeTable::is_subtype(const CoreExternType& a, const CoreExternType& b) const {
  if (a.index() != b.index()) return false;
  if (const auto* function = std::get_if<CoreFunctionExtern>(&a)) {
    return is_subtype(CoreTypeId{function->type}, CoreTypeId{std::get<CoreFunctionExtern>(b).type});
  }
  if (const auto* table = std::get_if<CoreTableType>(&a)) {
    const auto& other = std::get<CoreTableType>(b);
    return table->element == other.element && limits_match(table->limits, other.limits);
  }
  if (const auto* memory = std::get_if<CoreMemoryType>(&a)) {
    const auto& other = std::get<CoreMemoryType>(b);
    return memory->page_size_log2 == other.page_size_log2 &&
           limits_match(memory->limits, other.limits);
  }
  if (const auto* global = std::get_if<CoreGlobalType>(&a)) {
    const auto& other = std::get<CoreGlobalType>(b);
    if (global->is_mutable != other.is_mutable || global->shared != other.shared) return false;
    return global->is_mutable ? global->type == other.type : is_subtype(global->type, other.type);
  }
  return std::get<CoreTagExtern>(a).type == std::get<CoreTagExtern>(b).type;
}

}  // namespace wasmcloud::component
