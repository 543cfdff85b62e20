#include "component/types.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

using Kind = CoreValueType::Kind;

constexpr ValueType kU8 = primitive(TypeKind::U8);
constexpr ValueType kU32 = primitive(TypeKind::U32);
constexpr ValueType kU64 = primitive(TypeKind::U64);
constexpr ValueType kF32 = primitive(TypeKind::F32);
constexpr ValueType kString = primitive(TypeKind::String);

class Types : public testing::Test {
 protected:
  Member member(std::string_view name, std::optional<ValueType> type) {
    return {.name = table.name(name), .type = type};
  }
  ValueType record(std::vector<Member> fields) { return table.record(fields); }
  ValueType variant(std::vector<Member> cases) { return table.variant(cases); }
  ValueType tuple(std::vector<ValueType> items) { return table.tuple(items); }
  std::string flat(ValueType type, PointerSize pointer = PointerSize::Bits32) {
    std::vector<CoreValueType> types;
    table.flatten(type, types, pointer);
    std::string text;
    for (const CoreValueType& item : types) {
      static constexpr std::string_view kNames[] = {"i32 ", "i64 ", "f32 ", "f64 "};
      text += kNames[static_cast<size_t>(item.kind)];
    }
    return text;
  }
  std::pair<uint32_t, uint32_t> layout(ValueType type, PointerSize pointer = PointerSize::Bits32) {
    return {table.layout(type, pointer).size, table.layout(type, pointer).align};
  }
  using Pair = std::pair<uint32_t, uint32_t>;

  TypeTable table;
};

TEST_F(Types, AreOneWhenTheirStructureIsOne) {
  const ValueType a = record({member("x", kU32), member("y", table.list(kString))});
  const ValueType b = record({member("x", kU32), member("y", table.list(kString))});
  EXPECT_EQ(a, b);
  EXPECT_NE(a, record({member("y", table.list(kString)), member("x", kU32)}));
  EXPECT_NE(a, record({member("x", kU32), member("z", table.list(kString))}));
  EXPECT_NE(table.fixed_list(kU8, 3), table.fixed_list(kU8, 4));
  EXPECT_NE(table.own(ResourceId{1}), table.own(ResourceId{2}));
  const FunctionType function{.is_async = false, .params = {member("a", a)}, .result = b};
  EXPECT_EQ(table.function(function), table.function(function));
  EXPECT_NE(table.function(function),
            table.function({.is_async = true, .params = {member("a", a)}, .result = b}));
}

TEST_F(Types, HaveTheLayoutOfTheCanonicalAbi) {
  EXPECT_EQ(layout(kString), Pair(8, 4));
  EXPECT_EQ(layout(kString, PointerSize::Bits64), Pair(16, 8));
  EXPECT_EQ(layout(record({member("a", kU8), member("b", kU32), member("c", kU8)})), Pair(12, 4));
  EXPECT_EQ(layout(tuple({kU8, kU8, kU8})), Pair(3, 1));
  EXPECT_EQ(layout(table.option(kU8)), Pair(2, 1));
  EXPECT_EQ(layout(table.option(kU64)), Pair(16, 8));
  EXPECT_EQ(layout(table.result({}, {})), Pair(1, 1));
  EXPECT_EQ(layout(table.result(kString, kU64)), Pair(16, 8));
  EXPECT_EQ(layout(table.fixed_list(tuple({kU32, kU8}), 3)), Pair(24, 4));
  EXPECT_EQ(layout(table.stream(kU64)), Pair(4, 4));
  EXPECT_EQ(layout(table.map(kString, kU8)), Pair(8, 4));
  std::vector<Name> labels;
  for (int i = 0; i < 32; ++i) labels.push_back(table.name("f" + std::to_string(i)));
  EXPECT_EQ(layout(table.flags(std::span(labels).first(8))), Pair(1, 1));
  EXPECT_EQ(layout(table.flags(std::span(labels).first(9))), Pair(2, 2));
  EXPECT_EQ(layout(table.flags(labels)), Pair(4, 4));
  std::vector<Member> cases;
  for (int i = 0; i < 257; ++i) cases.push_back(member("c" + std::to_string(i), {}));
  EXPECT_EQ(layout(table.variant(std::span(cases).first(256))), Pair(1, 1));
  EXPECT_EQ(layout(table.variant(cases)), Pair(2, 2));
}

TEST_F(Types, FlattenWithJoinedPayloads) {
  EXPECT_EQ(
      flat(record({member("a", kU8), member("b", kString), member("c", primitive(TypeKind::F64))})),
      "i32 i32 i32 f64 ");
  EXPECT_EQ(flat(variant({member("a", kF32), member("b", kU32)})), "i32 i32 ");
  EXPECT_EQ(flat(variant({member("a", kF32), member("b", kU64)})), "i32 i64 ");
  EXPECT_EQ(flat(variant({member("a", kF32), member("b", kF32)})), "i32 f32 ");
  EXPECT_EQ(flat(table.result(kString, tuple({kF32, kF32, kU64}))), "i32 i32 i32 i64 ");
  EXPECT_EQ(flat(table.result(kString, kU32), PointerSize::Bits64), "i32 i64 i64 ");
  EXPECT_EQ(flat(table.fixed_list(kU64, 3)), "i64 i64 i64 ");
  EXPECT_EQ(flat(table.option({table.own(ResourceId{0})})), "i32 i32 ");
}

TEST_F(Types, CountWithoutOverflow) {
  ValueType type = kU64;
  for (int i = 0; i < 64; ++i) type = tuple({type, type});
  EXPECT_EQ(table.flat_count(type), ~uint32_t{0});
  EXPECT_EQ(table.node_count(type), ~uint32_t{0});
  EXPECT_EQ(table.layout(type).size, ~uint32_t{0});
  EXPECT_EQ(table.depth(type), 65u);
  EXPECT_LT(table.to_string(type).size(), 2000u);
}

TEST_F(Types, KnowWhatTheyHold) {
  const ValueType handle = table.borrow(ResourceId{0});
  EXPECT_TRUE(table.has_borrow(table.option(tuple({kU8, handle}))));
  EXPECT_TRUE(table.has_resource(table.stream(table.own(ResourceId{0}))));
  EXPECT_TRUE(table.has_pointer(record({member("a", table.list(kU8))})));
  EXPECT_FALSE(table.has_pointer(table.stream(kString)));
  EXPECT_FALSE(table.has_borrow(table.own(ResourceId{0})));
}

TEST_F(Types, PrintAsWit) {
  EXPECT_EQ(table.to_string(table.result({}, table.list(tuple({kString, kU8})))),
            "result<_, list<tuple<string, u8>>>");
  const FunctionType function{
      .is_async = true, .params = {member("a", kU8)}, .result = table.option(kString)};
  EXPECT_EQ(table.to_string(table.function(function)), "async func(a: u8) -> option<string>");
}

struct Same : ResourceMatcher {
  bool match(ResourceId a, ResourceId b) override { return a.value + 10 == b.value; }
};

TEST_F(Types, CompareAcrossTables) {
  TypeTable other;
  static_cast<void>(other.name("something else first"));
  const auto make = [](TypeTable& types, ResourceId id, std::string_view label) {
    const Member field{.name = types.name(label), .type = types.option(types.own(id))};
    return types.record({&field, 1});
  };
  Same resources;
  const ValueType a = make(table, ResourceId{1}, "x");
  EXPECT_TRUE(same_type(table, a, other, make(other, ResourceId{11}, "x"), resources));
  EXPECT_FALSE(same_type(table, a, other, make(other, ResourceId{12}, "x"), resources));
  EXPECT_FALSE(same_type(table, a, other, make(other, ResourceId{11}, "y"), resources));
}

TEST(ExternList, FindsAmongMany) {
  ExternList list;
  for (uint32_t i = 0; i < 1000; ++i) {
    EXPECT_TRUE(list.add(Name{i * 7}, {.kind = ExternType::Kind::Function, .id = i, .type = {}}));
  }
  EXPECT_FALSE(list.add(Name{70}, {}));
  for (uint32_t i = 0; i < 1000; ++i) {
    ASSERT_NE(list.find(Name{i * 7}), nullptr);
    EXPECT_EQ(list.find(Name{i * 7})->id, i);
  }
  EXPECT_EQ(list.find(Name{1}), nullptr);
  EXPECT_EQ(list.items()[3].name, Name{21});
}

CoreRecursionGroup group_of(CoreSubType type) {
  CoreRecursionGroup group;
  group.types.push_back(std::move(type));
  return group;
}

CoreValueType reference(uint32_t type) {
  return {.kind = Kind::Ref, .nullable = true, .heap = CoreHeap::Concrete, .concrete = type};
}

TEST(CoreTypes, AreOneWhenTheirGroupsAreOne) {
  CoreTypeTable table;
  const CoreTypeId plain = table.add_function({.params = {{.kind = Kind::I32}}, .results = {}});
  EXPECT_EQ(table.add_function({.params = {{.kind = Kind::I32}}, .results = {}}), plain);
  EXPECT_NE(table.add_function({.params = {{.kind = Kind::I64}}, .results = {}}), plain);
  // A list node refers to itself: from another position in another module, it is still the same
  // type.
  const CoreSubType node{.kind = CoreSubType::Kind::Struct,
                         .fields = {{.type = reference(0), .is_mutable = true}}};
  const auto first = table.add(group_of(node), 0, {});
  CoreSubType shifted = node;
  shifted.fields[0].type = reference(1);
  const std::vector<CoreTypeId> scope{plain};
  EXPECT_EQ(table.add(group_of(shifted), 1, scope), first);
}

TEST(CoreTypes, HaveSubtypes) {
  CoreTypeTable table;
  const auto base =
      table.add(group_of({.kind = CoreSubType::Kind::Struct, .is_final = false}), 0, {});
  const auto derived = table.add(group_of({.kind = CoreSubType::Kind::Struct,
                                           .supertype = 0,
                                           .fields = {{.type = {.kind = Kind::I32}}}}),
                                 1, base);
  EXPECT_TRUE(table.is_subtype(derived[0], base[0]));
  EXPECT_FALSE(table.is_subtype(base[0], derived[0]));
  const auto abstract = [](CoreHeap heap) {
    return CoreValueType{.kind = Kind::Ref, .nullable = true, .heap = heap};
  };
  EXPECT_TRUE(table.is_subtype(reference(derived[0].value), abstract(CoreHeap::Eq)));
  EXPECT_FALSE(table.is_subtype(reference(derived[0].value), abstract(CoreHeap::Func)));
  EXPECT_TRUE(table.is_subtype(abstract(CoreHeap::None), reference(derived[0].value)));
  EXPECT_FALSE(table.is_subtype(abstract(CoreHeap::Any), abstract(CoreHeap::Eq)));
  CoreValueType non_null = abstract(CoreHeap::Func);
  non_null.nullable = false;
  EXPECT_TRUE(table.is_subtype(non_null, abstract(CoreHeap::Func)));
  EXPECT_FALSE(table.is_subtype(abstract(CoreHeap::Func), non_null));
}

TEST(CoreTypes, MatchAsImports) {
  CoreTypeTable table;
  const auto memory = [](uint64_t min, std::optional<uint64_t> max, bool is_64 = false) {
    return CoreExternType(CoreMemoryType{.limits = {.min = min, .max = max, .is_64 = is_64}});
  };
  EXPECT_TRUE(table.is_subtype(memory(2, 3), memory(1, 4)));
  EXPECT_TRUE(table.is_subtype(memory(2, 3), memory(1, {})));
  EXPECT_FALSE(table.is_subtype(memory(2, {}), memory(1, 4)));
  EXPECT_FALSE(table.is_subtype(memory(1, {}), memory(2, {})));
  EXPECT_FALSE(table.is_subtype(memory(1, {}, true), memory(1, {})));
  EXPECT_FALSE(table.is_subtype(memory(1, {}), CoreExternType(CoreTableType{})));
  const auto global = [](bool nullable, bool is_mutable) {
    return CoreExternType(CoreGlobalType{.type = {.kind = Kind::Ref, .nullable = nullable},
                                         .is_mutable = is_mutable});
  };
  EXPECT_TRUE(table.is_subtype(global(false, false), global(true, false)));
  EXPECT_FALSE(table.is_subtype(global(false, true), global(true, true)));
  EXPECT_FALSE(table.is_subtype(global(true, true), global(true, false)));
}

}  // namespace
}  // namespace wasmcloud::component
