#include "component/types.h"

#include "component/detail/type_store.h"

#include <algorithm>

namespace wasmcloud::component {

// --- ExternList ---

namespace {
constexpr size_t kLinearSearch = 8;
size_t hash_of(Name name) { return KeyedHash()(name.value); }
}  // namespace

const ExternType* ExternList::find(Name name) const {
  if (slots_.empty()) {
    const auto found = std::ranges::find(items_, name, &NamedExtern::name);
    return found == items_.end() ? nullptr : &found->type;
  }
  const size_t mask = slots_.size() - 1;
  for (size_t slot = hash_of(name) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    const NamedExtern& item = items_[slots_[slot] - 1];
    if (item.name == name) return &item.type;
  }
  return nullptr;
}

void ExternList::place(uint32_t position) {
  const size_t mask = slots_.size() - 1;
  size_t slot = hash_of(items_[position].name) & mask;
  while (slots_[slot] != 0) slot = (slot + 1) & mask;
  slots_[slot] = position + 1;
}

bool ExternList::add(Name name, const ExternType& type) {
  if (find(name) != nullptr) return false;
  items_.push_back(NamedExtern{.name = name, .type = type});
  if (items_.size() <= kLinearSearch) return true;
  if (items_.size() * 2 > slots_.size()) {
    slots_.assign(std::max<size_t>(32, slots_.size() * 2), 0);
    for (uint32_t i = 0; i < items_.size(); ++i) place(i);
  } else {
    place(static_cast<uint32_t>(items_.size() - 1));
  }
  return true;
}

// --- TypeTable ---

TypeTable::TypeTable() : impl_(std::make_unique<Impl>()) {}
TypeTable::~TypeTable() = default;
TypeTable::TypeTable(TypeTable&&) noexcept = default;
TypeTable& TypeTable::operator=(TypeTable&&) noexcept = default;

Name TypeTable::name(std::string_view text) {
  if (const auto found = impl_->text_ids.find(text); found != impl_->text_ids.end())
    return Name{found->second};
  const auto id = static_cast<uint32_t>(impl_->texts.size());
  impl_->text_ids.emplace(impl_->texts.emplace_back(text), id);
  return Name{id};
}

std::optional<Name> TypeTable::find_name(std::string_view text) const {
  const auto found = impl_->text_ids.find(text);
  if (found == impl_->text_ids.end()) return std::nullopt;
  return Name{found->second};
}

const std::string& TypeTable::text(Name name) const { return impl_->texts[name.value]; }

namespace {

constexpr uint32_t kNone = TypeTable::Impl::kNone;

std::vector<Member> copy(std::span<const Member> members) {
  return {members.begin(), members.end()};
}

std::vector<Member> labels_as_members(std::span<const Name> labels) {
  std::vector<Member> members;
  members.reserve(labels.size());
  for (const Name label : labels) members.push_back(Member{.name = label, .type = {}});
  return members;
}

uint32_t part(std::optional<ValueType> type) { return type ? type->value : kNone; }

std::optional<ValueType> optional_type(uint32_t part) {
  if (part == kNone) return std::nullopt;
  return ValueType{part};
}

}  // namespace

ValueType TypeTable::record(std::span<const Member> fields) {
  return impl_->intern(TypeKind::Record, kNone, kNone, 0, 0, copy(fields));
}
ValueType TypeTable::variant(std::span<const Member> cases) {
  return impl_->intern(TypeKind::Variant, kNone, kNone, 0, 0, copy(cases));
}
ValueType TypeTable::tuple(std::span<const ValueType> items) {
  std::vector<Member> members;
  members.reserve(items.size());
  for (const ValueType item : items) members.push_back(Member{.name = {}, .type = item});
  return impl_->intern(TypeKind::Tuple, kNone, kNone, 0, 0, std::move(members));
}
ValueType TypeTable::flags(std::span<const Name> labels) {
  return impl_->intern(TypeKind::Flags, kNone, kNone, 0, 0, labels_as_members(labels));
}
ValueType TypeTable::enumeration(std::span<const Name> labels) {
  return impl_->intern(TypeKind::Enum, kNone, kNone, 0, 0, labels_as_members(labels));
}
ValueType TypeTable::list(ValueType element) {
  return impl_->intern(TypeKind::List, element.value, kNone, 0, 0, {});
}
ValueType TypeTable::fixed_list(ValueType element, uint32_t length) {
  return impl_->intern(TypeKind::FixedList, element.value, kNone, length, 0, {});
}
ValueType TypeTable::option(ValueType element) {
  return impl_->intern(TypeKind::Option, element.value, kNone, 0, 0, {});
}
ValueType TypeTable::result(std::optional<ValueType> ok, std::optional<ValueType> error) {
  return impl_->intern(TypeKind::Result, part(ok), part(error), 0, 0, {});
}
ValueType TypeTable::map(ValueType key, ValueType value) {
  return impl_->intern(TypeKind::Map, key.value, value.value, 0, 0, {});
}
ValueType TypeTable::stream(std::optional<ValueType> element) {
  return impl_->intern(TypeKind::Stream, part(element), kNone, 0, 0, {});
}
ValueType TypeTable::future(std::optional<ValueType> element) {
  return impl_->intern(TypeKind::Future, part(element), kNone, 0, 0, {});
}
ValueType TypeTable::own(ResourceId resource) {
  return impl_->intern(TypeKind::Own, resource.value, kNone, 0, 0, {});
}
ValueType TypeTable::borrow(ResourceId resource) {
  return impl_->intern(TypeKind::Borrow, resource.value, kNone, 0, 0, {});
}
FunctionTypeId TypeTable::function(const FunctionType& type) { return impl_->intern(type); }
ResourceId TypeTable::new_resource() { return ResourceId{impl_->resources++}; }

InstanceTypeId TypeTable::instance(InstanceType type) {
  impl_->instances.push_back(std::move(type));
  return InstanceTypeId{static_cast<uint32_t>(impl_->instances.size() - 1)};
}
ComponentTypeId TypeTable::component(ComponentType type) {
  impl_->components.push_back(std::move(type));
  return ComponentTypeId{static_cast<uint32_t>(impl_->components.size() - 1)};
}
CoreModuleTypeId TypeTable::core_module(CoreModuleType type) {
  impl_->core_modules.push_back(std::move(type));
  return CoreModuleTypeId{static_cast<uint32_t>(impl_->core_modules.size() - 1)};
}
CoreInstanceTypeId TypeTable::core_instance(CoreInstanceType type) {
  impl_->core_instances.push_back(std::move(type));
  return CoreInstanceTypeId{static_cast<uint32_t>(impl_->core_instances.size() - 1)};
}

TypeKind TypeTable::kind(ValueType type) const { return impl_->nodes[type.value].kind; }
std::span<const Member> TypeTable::members(ValueType type) const {
  return impl_->members_of(impl_->nodes[type.value]);
}
std::optional<ValueType> TypeTable::element(ValueType type) const {
  return optional_type(impl_->nodes[type.value].first);
}
std::optional<ValueType> TypeTable::ok(ValueType type) const {
  return optional_type(impl_->nodes[type.value].first);
}
std::optional<ValueType> TypeTable::error(ValueType type) const {
  return optional_type(impl_->nodes[type.value].second);
}
ValueType TypeTable::key(ValueType type) const { return ValueType{impl_->nodes[type.value].first}; }
ValueType TypeTable::value(ValueType type) const {
  return ValueType{impl_->nodes[type.value].second};
}
uint32_t TypeTable::length(ValueType type) const { return impl_->nodes[type.value].length; }
ResourceId TypeTable::resource(ValueType type) const {
  return ResourceId{impl_->nodes[type.value].first};
}

Layout TypeTable::layout(ValueType type, PointerSize pointer) const {
  const Impl::Node& node = impl_->nodes[type.value];
  return pointer == PointerSize::Bits32 ? node.layout_32 : node.layout_64;
}
uint32_t TypeTable::flat_count(ValueType type) const { return impl_->nodes[type.value].flat_count; }
void TypeTable::flatten(ValueType type, std::vector<CoreValueType>& into,
                        PointerSize pointer) const {
  using Kind = CoreValueType::Kind;
  static constexpr Kind kKinds[] = {Kind::I32, Kind::I64, Kind::F32, Kind::F64};
  const Impl::Node& node = impl_->nodes[type.value];
  Impl::Flat codes = pointer == PointerSize::Bits32 ? node.flat_32 : node.flat_64;
  const uint32_t count = std::min(node.flat_count, kMaxFlattened);
  for (uint32_t i = 0; i < count; ++i, codes >>= 2)
    into.push_back(CoreValueType{.kind = kKinds[codes & 3]});
}
bool TypeTable::has_pointer(ValueType type) const { return impl_->nodes[type.value].has_pointer; }
bool TypeTable::has_borrow(ValueType type) const { return impl_->nodes[type.value].has_borrow; }
bool TypeTable::has_resource(ValueType type) const { return impl_->nodes[type.value].has_resource; }
uint32_t TypeTable::depth(ValueType type) const { return impl_->nodes[type.value].depth; }
uint32_t TypeTable::node_count(ValueType type) const { return impl_->nodes[type.value].nodes; }

const FunctionType& TypeTable::operator[](FunctionTypeId id) const {
  return impl_->functions[id.value].type;
}
const InstanceType& TypeTable::operator[](InstanceTypeId id) const {
  return impl_->instances[id.value];
}
const ComponentType& TypeTable::operator[](ComponentTypeId id) const {
  return impl_->components[id.value];
}
const CoreModuleType& TypeTable::operator[](CoreModuleTypeId id) const {
  return impl_->core_modules[id.value];
}
const CoreInstanceType& TypeTable::operator[](CoreInstanceTypeId id) const {
  return impl_->core_instances[id.value];
}

ValueType TypeTable::plain(ValueType type) const {
  return ValueType{impl_->nodes[type.value].plain};
}
FunctionTypeId TypeTable::plain(FunctionTypeId type) const {
  return impl_->functions[type.value].plain;
}

// --- Text ---

namespace {

/// Types share parts, so their text may be exponentially longer than they are.
constexpr size_t kMaxText = 1'000;

class Printer {
 public:
  explicit Printer(const TypeTable& table) : table_(table) {}

  void value(ValueType type) {
    if (text_.size() > kMaxText) return;
    const TypeKind kind = table_.kind(type);
    text_ += name_of(kind);
    switch (kind) {
      case TypeKind::Record:
        return members(type, " { ", " }");
      case TypeKind::Variant:
      case TypeKind::Flags:
      case TypeKind::Enum:
        return members(type, " { ", " }");
      case TypeKind::Tuple:
        return members(type, "<", ">");
      case TypeKind::List:
      case TypeKind::Option:
      case TypeKind::Stream:
      case TypeKind::Future:
        return parts({table_.element(type)});
      case TypeKind::FixedList:
        text_ += '<';
        value(*table_.element(type));
        text_ += fmt::format(", {}>", table_.length(type));
        return;
      case TypeKind::Map:
        return parts({table_.key(type), table_.value(type)});
      case TypeKind::Result:
        return parts({table_.ok(type), table_.error(type)});
      case TypeKind::Own:
      case TypeKind::Borrow:
        text_ += fmt::format("<resource {}>", table_.resource(type).value);
        return;
      default:
        return;  // primitive: the name is all
    }
  }

  void function(const FunctionType& type) {
    text_ += type.is_async ? "async func(" : "func(";
    std::string_view separator;
    for (const Member& param : type.params) {
      if (text_.size() > kMaxText) return;
      text_ += separator;
      text_ += table_.text(param.name);
      text_ += ": ";
      value(*param.type);
      separator = ", ";
    }
    text_ += ')';
    if (type.result) {
      text_ += " -> ";
      value(*type.result);
    }
  }

  std::string take() {
    if (text_.size() > kMaxText) {
      text_.resize(kMaxText);
      text_ += "...";
    }
    return std::move(text_);
  }

 private:
  void members(ValueType type, std::string_view open, std::string_view close) {
    const bool named = table_.kind(type) != TypeKind::Tuple;
    text_ += open;
    std::string_view separator;
    for (const Member& member : table_.members(type)) {
      if (text_.size() > kMaxText) return;
      text_ += separator;
      if (named) text_ += table_.text(member.name);
      if (named && member.type) text_ += ": ";
      if (member.type) value(*member.type);
      separator = ", ";
    }
    text_ += close;
  }

  void parts(std::initializer_list<std::optional<ValueType>> types) {
    if (std::ranges::none_of(types, [](const auto& type) { return type.has_value(); })) return;
    text_ += '<';
    std::string_view separator;
    for (const auto& type : types) {
      text_ += separator;
      if (type) {
        value(*type);
      } else {
        text_ += '_';
      }
      separator = ", ";
    }
    text_ += '>';
  }

  const TypeTable& table_;
  std::string text_;
};

}  // namespace

std::string TypeTable::to_string(ValueType type) const {
  Printer printer(*this);
  printer.value(type);
  return printer.take();
}

std::string TypeTable::to_string(FunctionTypeId type) const {
  Printer printer(*this);
  printer.function((*this)[type]);
  return printer.take();
}

// --- Equality across tables ---

namespace {

class Comparison {
 public:
  Comparison(const TypeTable& a, const TypeTable& b, ResourceMatcher& resources)
      : a_(a), b_(b), resources_(resources) {}

  bool same(ValueType a, ValueType b) {
    if (is_primitive(a_.kind(a)) || is_primitive(b_.kind(b))) return a_.kind(a) == b_.kind(b);
    // Parts are shared, so pairs recur.
    const uint64_t pair = uint64_t{a.value} << 32 | b.value;
    if (equal_.contains(pair)) return true;
    if (!same_node(a, b)) return false;
    equal_.insert(pair);
    return true;
  }

  bool same(std::optional<ValueType> a, std::optional<ValueType> b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
  }

  bool same(std::span<const Member> a, std::span<const Member> b, bool named) {
    return std::ranges::equal(a, b, [&](const Member& x, const Member& y) {
      return (!named || a_.text(x.name) == b_.text(y.name)) && same(x.type, y.type);
    });
  }

 private:
  bool same_node(ValueType a, ValueType b) {
    const TypeKind kind = a_.kind(a);
    if (kind != b_.kind(b)) return false;
    switch (kind) {
      case TypeKind::Own:
      case TypeKind::Borrow:
        return resources_.match(a_.resource(a), b_.resource(b));
      case TypeKind::Record:
      case TypeKind::Variant:
      case TypeKind::Tuple:
      case TypeKind::Flags:
      case TypeKind::Enum:
        return same(a_.members(a), b_.members(b), kind != TypeKind::Tuple);
      case TypeKind::FixedList:
        if (a_.length(a) != b_.length(b)) return false;
        break;
      default:
        break;
    }
    return same(a_.ok(a), b_.ok(b)) && same(a_.error(a), b_.error(b));
  }

  const TypeTable& a_;
  const TypeTable& b_;
  ResourceMatcher& resources_;
  std::unordered_set<uint64_t> equal_;
};

}  // namespace

bool same_type(const TypeTable& table_a, ValueType a, const TypeTable& table_b, ValueType b,
               ResourceMatcher& resources) {
  return Comparison(table_a, table_b, resources).same(a, b);
}

bool same_type(const TypeTable& table_a, FunctionTypeId a, const TypeTable& table_b,
               FunctionTypeId b, ResourceMatcher& resources) {
  const FunctionType& x = table_a[a];
  const FunctionType& y = table_b[b];
  Comparison comparison(table_a, table_b, resources);
  return x.is_async == y.is_async && comparison.same(x.params, y.params, true) &&
         comparison.same(x.result, y.result);
}

}  // namespace wasmcloud::component
