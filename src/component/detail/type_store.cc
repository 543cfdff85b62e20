#include "component/detail/type_store.h"

#include <algorithm>
#include <utility>

namespace wasmcloud::component {
namespace {

constexpr uint64_t kSaturated = ~uint32_t{0};

uint32_t saturate(uint64_t value) { return static_cast<uint32_t>(std::min(value, kSaturated)); }

uint64_t align_up(uint64_t value, uint64_t align) { return (value + align - 1) & ~(align - 1); }

/// Mixes a number into a hash.
void mix(size_t& hash, uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  hash ^= hash >> 29;
}

void mix(size_t& hash, const Member& member) {
  mix(hash, uint64_t{member.name.value} << 33 | uint64_t{member.type.has_value()} << 32 |
                (member.type ? member.type->value : 0));
}

enum class FlatCode : uint8_t { I32, I64, F32, F64 };

/// Builds the flat form of a type: its length saturates, its codes are right while they fit.
struct FlatBuilder {
  uint64_t count = 0;
  TypeTable::Impl::Flat codes = 0;

  void add(FlatCode code) {
    if (count < TypeTable::kMaxFlattened)
      codes |= uint64_t{static_cast<uint8_t>(code)} << (2 * count);
    count = std::min(count + 1, kSaturated);
  }

  void append(uint64_t other_count, TypeTable::Impl::Flat other) {
    if (count < TypeTable::kMaxFlattened) codes |= other << (2 * count);
    count = std::min(count + other_count, kSaturated);
  }

  FlatCode at(uint64_t position) const {
    return static_cast<FlatCode>(codes >> (2 * position) & 3);
  }

  /// Joins a case's payload with those before it, position by position.
  void join(uint64_t other_count, TypeTable::Impl::Flat other) {
    const FlatBuilder theirs{.count = other_count, .codes = other};
    const uint64_t limit =
        std::min<uint64_t>(std::max(count, other_count), TypeTable::kMaxFlattened);
    FlatBuilder joined;
    for (uint64_t i = 0; i < limit; ++i) {
      if (i >= count) {
        joined.add(theirs.at(i));
      } else if (i >= other_count || at(i) == theirs.at(i)) {
        joined.add(at(i));
      } else {
        const bool narrow = (at(i) == FlatCode::I32 && theirs.at(i) == FlatCode::F32) ||
                            (at(i) == FlatCode::F32 && theirs.at(i) == FlatCode::I32);
        joined.add(narrow ? FlatCode::I32 : FlatCode::I64);
      }
    }
    joined.count = std::max(count, other_count);
    *this = joined;
  }
};

struct RecordLayout {
  uint64_t size = 0;
  uint32_t align = 1;

  void add(Layout item) {
    size = std::min(align_up(size, item.align) + item.size, kSaturated);
    align = std::max(align, item.align);
  }
  Layout finish() const { return Layout{.size = saturate(align_up(size, align)), .align = align}; }
};

uint32_t discriminant_size(size_t cases) { return cases <= 256 ? 1 : cases <= 65536 ? 2 : 4; }

struct VariantLayout {
  uint64_t payload = 0;
  uint32_t payload_align = 1;

  void add(Layout item) {
    payload = std::max<uint64_t>(payload, item.size);
    payload_align = std::max(payload_align, item.align);
  }
  Layout finish(size_t cases) const {
    const uint32_t discriminant = discriminant_size(cases);
    const uint32_t align = std::max(discriminant, payload_align);
    const uint64_t size = align_up(align_up(discriminant, payload_align) + payload, align);
    return Layout{.size = saturate(size), .align = align};
  }
};

/// What a type's values are in memory and as core values, for both sizes of pointers.
class Shape {
 public:
  using Node = TypeTable::Impl::Node;

  void be_scalar(uint32_t size, FlatCode code) {
    layout_32_ = layout_64_ = Layout{.size = size, .align = size};
    flat_32_.add(code);
    flat_64_.add(code);
  }

  void be_pointer_and_length() {
    layout_32_ = Layout{.size = 8, .align = 4};
    layout_64_ = Layout{.size = 16, .align = 8};
    for (int i = 0; i < 2; ++i) {
      flat_32_.add(FlatCode::I32);
      flat_64_.add(FlatCode::I64);
    }
  }

  void be_repeated(const Node& element, uint32_t length) {
    layout_32_ = repeated(element.layout_32, length);
    layout_64_ = repeated(element.layout_64, length);
    for (uint32_t i = 0; i < std::min(length, TypeTable::kMaxFlattened); ++i) {
      flat_32_.append(element.flat_count, element.flat_32);
      flat_64_.append(element.flat_count, element.flat_64);
    }
    flat_32_.count = std::min(uint64_t{element.flat_count} * length, kSaturated);
  }

  void add_field(const Node& field) {
    record_32_.add(field.layout_32);
    record_64_.add(field.layout_64);
    flat_32_.append(field.flat_count, field.flat_32);
    flat_64_.append(field.flat_count, field.flat_64);
  }
  void end_fields() {
    layout_32_ = record_32_.finish();
    layout_64_ = record_64_.finish();
  }

  void add_payload(const Node& payload) {
    variant_32_.add(payload.layout_32);
    variant_64_.add(payload.layout_64);
    payload_32_.join(payload.flat_count, payload.flat_32);
    payload_64_.join(payload.flat_count, payload.flat_64);
  }
  void end_cases(size_t cases) {
    layout_32_ = variant_32_.finish(cases);
    layout_64_ = variant_64_.finish(cases);
    flat_32_.add(FlatCode::I32);
    flat_64_.add(FlatCode::I32);
    flat_32_.append(payload_32_.count, payload_32_.codes);
    flat_64_.append(payload_64_.count, payload_64_.codes);
  }

  void give_to(Node& node) const {
    node.layout_32 = layout_32_;
    node.layout_64 = layout_64_;
    node.flat_count = saturate(flat_32_.count);
    node.flat_32 = flat_32_.codes;
    node.flat_64 = flat_64_.codes;
  }

 private:
  static Layout repeated(Layout element, uint32_t length) {
    return {.size = saturate(uint64_t{element.size} * length), .align = element.align};
  }

  Layout layout_32_ = {};
  Layout layout_64_ = {};
  FlatBuilder flat_32_;
  FlatBuilder flat_64_;
  RecordLayout record_32_;
  RecordLayout record_64_;
  VariantLayout variant_32_;
  VariantLayout variant_64_;
  FlatBuilder payload_32_;  ///< of all cases so far
  FlatBuilder payload_64_;
};

}  // namespace

TypeTable::Impl::Impl()
    : node_ids(0, NodeHash{this}, NodeEqual{this}),
      function_ids(0, FunctionHash{this}, FunctionEqual{this}) {
  for (uint32_t kind = 0; is_primitive(static_cast<TypeKind>(kind)); ++kind) {
    intern(static_cast<TypeKind>(kind), kNone, kNone, 0, 0, {});
  }
}

size_t TypeTable::Impl::NodeHash::operator()(uint32_t id) const {
  const Node& node = impl->nodes[id];
  size_t hash = hash_seed() ^ static_cast<size_t>(node.kind);
  mix(hash, uint64_t{node.first} << 32 | node.second);
  mix(hash, uint64_t{node.length} << 32 | node.tag);
  for (const Member& member : impl->members_of(node)) mix(hash, member);
  return hash;
}

bool TypeTable::Impl::NodeEqual::operator()(uint32_t a_id, uint32_t b_id) const {
  const Node& a = impl->nodes[a_id];
  const Node& b = impl->nodes[b_id];
  return a.kind == b.kind && a.first == b.first && a.second == b.second && a.length == b.length &&
         a.tag == b.tag && std::ranges::equal(impl->members_of(a), impl->members_of(b));
}

size_t TypeTable::Impl::FunctionHash::operator()(uint32_t id) const {
  const FunctionType& type = impl->functions[id].type;
  size_t hash = hash_seed() ^ (type.is_async ? 1 : 2);
  mix(hash, type.result ? uint64_t{type.result->value} + 1 : 0);
  for (const Member& member : type.params) mix(hash, member);
  return hash;
}

bool TypeTable::Impl::FunctionEqual::operator()(uint32_t a_id, uint32_t b_id) const {
  const FunctionType& a = impl->functions[a_id].type;
  const FunctionType& b = impl->functions[b_id].type;
  return a.is_async == b.is_async && a.result == b.result && a.params == b.params;
}

ValueType TypeTable::Impl::intern(TypeKind kind, uint32_t first, uint32_t second, uint32_t length,
                                  uint32_t tag, std::vector<Member> parts) {
  const auto id = static_cast<uint32_t>(nodes.size());
  nodes.push_back(
      Node{.kind = kind, .first = first, .second = second, .length = length, .tag = tag});
  add_members(nodes.back(), parts);
  const auto [found, added] = node_ids.insert(id);
  if (!added) {
    members.resize(nodes.back().members_at);
    nodes.pop_back();
    return ValueType{*found};
  }
  compute(nodes[id]);
  const uint32_t plain = plain_of(nodes[id], id);  // may add a node
  nodes[id].plain = plain;
  return ValueType{id};
}

void TypeTable::Impl::add_members(Node& node, std::vector<Member>& parts) {
  node.members_at = static_cast<uint32_t>(members.size());
  node.member_count = static_cast<uint32_t>(parts.size());
  members.insert(members.end(), parts.begin(), parts.end());
}

uint32_t TypeTable::Impl::plain_of(const Node& node, uint32_t id) {
  const bool is_handle = node.kind == TypeKind::Own || node.kind == TypeKind::Borrow;
  const auto plain_part = [&](uint32_t part) {
    return part == kNone || is_handle ? part : nodes[part].plain;
  };
  const uint32_t first = plain_part(node.first);
  const uint32_t second = plain_part(node.second);
  bool changed = node.tag != 0 || first != node.first || second != node.second;
  std::vector<Member> parts(members_of(node).begin(), members_of(node).end());
  for (Member& part : parts) {
    if (!part.type) continue;
    const ValueType plain{nodes[part.type->value].plain};
    changed = changed || plain != *part.type;
    part.type = plain;
  }
  if (!changed) return id;
  return intern(node.kind, first, second, node.length, 0, std::move(parts)).value;
}

ValueType TypeTable::Impl::with_new_tag(ValueType type) {
  const Node node = nodes[type.value];
  if (!is_named_kind(node.kind)) return type;
  std::vector<Member> parts(members_of(node).begin(), members_of(node).end());
  return intern(node.kind, node.first, node.second, node.length, new_tag(), std::move(parts));
}

FunctionTypeId TypeTable::Impl::intern(const FunctionType& type) {
  const auto id = static_cast<uint32_t>(functions.size());
  functions.push_back(Function{.type = type, .plain = FunctionTypeId{id}});
  const auto [found, added] = function_ids.insert(id);
  if (!added) {
    functions.pop_back();
    return FunctionTypeId{*found};
  }
  Function& entry = functions.back();
  FunctionType plain = type;
  uint64_t node_count = 1;
  bool changed = false;
  const auto visit = [&](ValueType& part) {
    const Node& node = nodes[part.value];
    entry.has_resource = entry.has_resource || node.has_resource;
    entry.has_borrow = entry.has_borrow || node.has_borrow;
    node_count += node.nodes;
    changed = changed || node.plain != part.value;
    part = ValueType{node.plain};
  };
  for (Member& param : plain.params) visit(*param.type);
  if (plain.result) visit(*plain.result);
  entry.nodes = saturate(node_count);
  if (changed) {
    const FunctionTypeId plain_id = intern(plain);
    functions[id].plain = plain_id;
  }
  return FunctionTypeId{id};
}

/// Sums up what is known of a node's parts.
void TypeTable::Impl::sum_up(Node& node) const {
  const bool has_labels = node.kind == TypeKind::Flags || node.kind == TypeKind::Enum;
  uint64_t node_count = has_labels ? uint64_t{node.member_count} + 1 : 1;
  uint32_t depth = 0;
  const auto visit = [&](uint32_t part) {
    const Node& child = nodes[part];
    node.has_pointer = node.has_pointer || child.has_pointer;
    node.has_borrow = node.has_borrow || child.has_borrow;
    node.has_resource = node.has_resource || child.has_resource;
    node_count += child.nodes;
    depth = std::max(depth, child.depth);
  };
  const bool is_handle = node.kind == TypeKind::Own || node.kind == TypeKind::Borrow;
  if (!is_handle && node.first != kNone) visit(node.first);
  if (!is_handle && node.second != kNone) visit(node.second);
  for (const Member& member : members_of(node)) {
    if (member.type) visit(member.type->value);
  }
  node.depth = depth + 1;
  node.nodes = saturate(node_count);
}

void TypeTable::Impl::compute(Node& node) const {
  sum_up(node);
  Shape shape;
  switch (node.kind) {
    case TypeKind::Bool:
    case TypeKind::S8:
    case TypeKind::U8:
      shape.be_scalar(1, FlatCode::I32);
      break;
    case TypeKind::S16:
    case TypeKind::U16:
      shape.be_scalar(2, FlatCode::I32);
      break;
    case TypeKind::S32:
    case TypeKind::U32:
    case TypeKind::Char:
    case TypeKind::ErrorContext:
      shape.be_scalar(4, FlatCode::I32);
      break;
    case TypeKind::S64:
    case TypeKind::U64:
      shape.be_scalar(8, FlatCode::I64);
      break;
    case TypeKind::F32:
      shape.be_scalar(4, FlatCode::F32);
      break;
    case TypeKind::F64:
      shape.be_scalar(8, FlatCode::F64);
      break;
    case TypeKind::String:
    case TypeKind::List:
    case TypeKind::Map:
      shape.be_pointer_and_length();
      node.has_pointer = true;
      break;
    case TypeKind::Record:
    case TypeKind::Tuple:
      for (const Member& member : members_of(node)) shape.add_field(nodes[member.type->value]);
      shape.end_fields();
      break;
    case TypeKind::FixedList:
      shape.be_repeated(nodes[node.first], node.length);
      break;
    case TypeKind::Variant:
      for (const Member& member : members_of(node)) {
        if (member.type) shape.add_payload(nodes[member.type->value]);
      }
      shape.end_cases(node.member_count);
      break;
    case TypeKind::Option:
      shape.add_payload(nodes[node.first]);
      shape.end_cases(2);
      break;
    case TypeKind::Result:
      if (node.first != kNone) shape.add_payload(nodes[node.first]);
      if (node.second != kNone) shape.add_payload(nodes[node.second]);
      shape.end_cases(2);
      break;
    case TypeKind::Flags:
      shape.be_scalar(node.member_count <= 8 ? 1 : node.member_count <= 16 ? 2 : 4, FlatCode::I32);
      break;
    case TypeKind::Enum:
      shape.be_scalar(discriminant_size(node.member_count), FlatCode::I32);
      break;
    case TypeKind::Own:
    case TypeKind::Borrow:
      shape.be_scalar(4, FlatCode::I32);
      node.has_resource = true;
      node.has_borrow = node.kind == TypeKind::Borrow;
      break;
    case TypeKind::Stream:
    case TypeKind::Future:
      // The elements travel through buffers of their own, not with the handle.
      node.has_pointer = false;
      shape.be_scalar(4, FlatCode::I32);
      break;
  }
  shape.give_to(node);
}

}  // namespace wasmcloud::component
