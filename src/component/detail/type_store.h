#pragma once

#include "component/detail/hashed.h"
#include "component/types.h"

#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

namespace wasmcloud::component {

/// The inside of a TypeTable.
///
/// A node is a value type whose parts are nodes. All nodes are interned. The validator must tell
/// apart types that are structurally equal but known by different names, so records, variants,
/// flags and enums may have a tag, as may the resource in a handle; a node without any tag in it is
/// plain, and each node knows its plain counterpart.
struct TypeTable::Impl {
  static constexpr uint32_t kNone = ~uint32_t{0};

  /// Core values' types, two bits each: i32, i64, f32, f64.
  using Flat = uint64_t;

  struct Node {
    TypeKind kind = TypeKind::Bool;
    bool has_pointer = false;
    bool has_borrow = false;
    bool has_resource = false;
    uint32_t first = kNone;   ///< element, ok, key; the resource of a handle
    uint32_t second = kNone;  ///< error, value
    uint32_t length = 0;
    uint32_t tag = 0;
    uint32_t members_at = 0;
    uint32_t member_count = 0;
    uint32_t plain = 0;
    uint32_t depth = 1;
    uint32_t nodes = 1;
    uint32_t flat_count = 1;
    Flat flat_32 = 0;
    Flat flat_64 = 0;
    Layout layout_32 = {};
    Layout layout_64 = {};
  };

  struct Function {
    FunctionType type = {};
    FunctionTypeId plain = {};
    bool has_resource = false;
    bool has_borrow = false;
    uint32_t nodes = 1;
  };

  Impl();

  std::span<const Member> members_of(const Node& node) const {
    return std::span(members).subspan(node.members_at, node.member_count);
  }

  /// The node with these parts and members; everything else is computed here.
  ValueType intern(TypeKind kind, uint32_t first, uint32_t second, uint32_t length, uint32_t tag,
                   std::vector<Member> parts);
  FunctionTypeId intern(const FunctionType& type);

  uint32_t new_tag() { return ++tags; }
  /// The same type under a name of its own: a new node if it is of a kind that has names, else
  /// itself.
  ValueType with_new_tag(ValueType type);

  struct NodeHash {
    const Impl* impl;
    size_t operator()(uint32_t id) const;
  };
  struct NodeEqual {
    const Impl* impl;
    bool operator()(uint32_t a, uint32_t b) const;
  };
  struct FunctionHash {
    const Impl* impl;
    size_t operator()(uint32_t id) const;
  };
  struct FunctionEqual {
    const Impl* impl;
    bool operator()(uint32_t a, uint32_t b) const;
  };

  std::deque<std::string> texts;
  detail::HashMap<std::string_view, uint32_t> text_ids;
  std::vector<Node> nodes = {};
  std::vector<Member> members = {};
  std::unordered_set<uint32_t, NodeHash, NodeEqual> node_ids;
  std::deque<Function> functions;
  std::unordered_set<uint32_t, FunctionHash, FunctionEqual> function_ids;
  std::deque<InstanceType> instances;
  std::deque<ComponentType> components;
  std::deque<CoreModuleType> core_modules;
  std::deque<CoreInstanceType> core_instances;
  uint32_t resources = 0;
  uint32_t tags = 0;

 private:
  void add_members(Node& node, std::vector<Member>& parts);
  void sum_up(Node& node) const;
  void compute(Node& node) const;
  uint32_t plain_of(const Node& node, uint32_t id);
};

/// A kind whose types are known by name (external visibility).
constexpr bool is_named_kind(TypeKind kind) {
  return kind == TypeKind::Record || kind == TypeKind::Variant || kind == TypeKind::Flags ||
         kind == TypeKind::Enum;
}

}  // namespace wasmcloud::component
