#include "component/support/limit_cases.h"

#include "component/limits.h"

namespace wasmcloud::component {
namespace {

using testing::WasmBytes;

const WasmBytes& empty_module() {
  static const WasmBytes kModule = raw({0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00});
  return kModule;
}

std::vector<WasmBytes> times(uint64_t count, const WasmBytes& item) {
  return std::vector<WasmBytes>(count, item);
}

/// In two sections, so that no section has too much by itself.
ComponentBuilder in_two_sections(unsigned id, uint64_t count, const WasmBytes& item) {
  return ComponentBuilder()
      .items(id, times(count / 2, item))
      .items(id, times(count - count / 2, item));
}

/// A short name for each number.
std::string label(uint64_t number) { return "n" + std::to_string(number); }

/// A vector of labels, each followed by the same bytes.
WasmBytes labels(uint64_t count, std::initializer_list<unsigned> rest) {
  WasmBytes out;
  out.u32(count);
  for (uint64_t i = 0; i < count; ++i) out.text(label(i)).append(raw(rest));
  return out;
}

ComponentBuilder one_type(const WasmBytes& type) { return ComponentBuilder().types({type}); }

ComponentBuilder types(uint64_t n) { return in_two_sections(7, n, raw({0x7f})); }
ComponentBuilder core_types(uint64_t n) { return in_two_sections(3, n, raw({0x60, 0x00, 0x00})); }
// task.cancel
ComponentBuilder core_functions(uint64_t n) { return in_two_sections(8, n, raw({0x05})); }

ComponentBuilder modules(uint64_t n) {
  ComponentBuilder out;
  for (uint64_t i = 0; i < n; ++i) out.section(1, empty_module());
  return out;
}

ComponentBuilder components(uint64_t n) {
  ComponentBuilder out;
  for (uint64_t i = 0; i < n; ++i) out.component(ComponentBuilder());
  return out;
}

ComponentBuilder modules_at_all(uint64_t n) {
  ComponentBuilder out;
  for (; n > kMaxModules; n -= kMaxModules) out.component(modules(kMaxModules));
  return out.component(modules(n));
}

/// The root, and trees of 1,000.
ComponentBuilder components_at_all(uint64_t n) {
  ComponentBuilder out;
  for (--n; n >= kMaxModules; n -= kMaxModules) out.component(components(kMaxModules - 1));
  if (n > 0) out.component(components(n - 1));
  return out;
}

ComponentBuilder core_instances(uint64_t n) { return in_two_sections(2, n, raw({0x01, 0x00})); }
ComponentBuilder both_instances(uint64_t n) {
  return ComponentBuilder()
      .items(2, times(n / 2, raw({0x01, 0x00})))
      .items(5, times(n - n / 2, raw({0x01, 0x00})));
}

ComponentBuilder name_of(uint64_t n) {
  return ComponentBuilder()
      .types({raw({0x40, 0x00, 0x01, 0x00})})
      .imports({named(std::string(n, 'a'), {0x01, 0x00})});
}

ComponentBuilder record(uint64_t n) { return one_type(raw({0x72}).append(labels(n, {0x7f}))); }
ComponentBuilder variant(uint64_t n) {
  return one_type(raw({0x71}).append(labels(n, {0x00, 0x00})));
}
ComponentBuilder enumeration(uint64_t n) { return one_type(raw({0x6d}).append(labels(n, {}))); }
ComponentBuilder flags(uint64_t n) { return one_type(raw({0x6e}).append(labels(n, {}))); }

WasmBytes tuple_of(uint64_t n, std::initializer_list<unsigned> item) {
  WasmBytes out = raw({0x6f}).u32(n);
  for (uint64_t i = 0; i < n; ++i) out.append(raw(item));
  return out;
}
ComponentBuilder tuple(uint64_t n) { return one_type(tuple_of(n, {0x7f})); }

/// list<list<... bool>>: a primitive type is one deep.
ComponentBuilder depth(uint64_t n) {
  std::vector<WasmBytes> out{raw({0x70, 0x7f})};
  for (unsigned i = 0; i + 2 < n; ++i) out.push_back(raw({0x70}).s64(i));
  return ComponentBuilder().types(out);
}

/// A tuple of tuples that has n nodes.
ComponentBuilder nodes(uint64_t n) {
  constexpr uint64_t kWide = 9'999;
  const uint64_t whole = (n - 3) / (kWide + 1);
  const uint64_t rest = n - 2 - whole * (kWide + 1);
  WasmBytes outer = raw({0x6f}).u32(whole + 1);
  for (uint64_t i = 0; i < whole; ++i) outer.byte(0x00);
  outer.byte(0x01);
  return ComponentBuilder().types({tuple_of(kWide, {0x7f}), tuple_of(rest, {0x7f}), outer});
}

/// A function whose parameters have n - 1 nodes together.
ComponentBuilder function_nodes(uint64_t n) {
  constexpr uint64_t kWide = 9'999;
  const uint64_t whole = (n - 3) / (kWide + 1);
  const uint64_t rest = n - 2 - whole * (kWide + 1);
  WasmBytes function = raw({0x40}).u32(whole + 1);
  for (uint64_t i = 0; i <= whole; ++i)
    function.text(label(i)).append(raw({i < whole ? 0x00u : 0x01u}));
  return ComponentBuilder().types(
      {tuple_of(kWide, {0x7f}), tuple_of(rest, {0x7f}), function.append(raw({0x01, 0x00}))});
}

ComponentBuilder declarators(uint64_t n) {
  WasmBytes type = raw({0x42}).u32(n);
  for (uint64_t i = 0; i < n; ++i) type.byte(0x01).byte(0x7f);
  return one_type(type);
}

ComponentBuilder module_declarators(uint64_t n) {
  WasmBytes type = raw({0x50}).u32(n);
  for (uint64_t i = 0; i < n; ++i) type.append(raw({0x01, 0x60, 0x00, 0x00}));
  return ComponentBuilder().items(3, {type});
}

ComponentBuilder arguments(uint64_t n) {
  return ComponentBuilder()
      .types({raw({0x7f})})
      .component(ComponentBuilder())
      .items(5, {raw({0x00, 0x00}).append(labels(n, {0x03, 0x00}))});
}

ComponentBuilder inline_exports(uint64_t n) {
  WasmBytes instance = raw({0x01}).u32(n);
  for (uint64_t i = 0; i < n; ++i) instance.append(named(label(i), {0x03, 0x00}));
  return ComponentBuilder().types({raw({0x7f})}).items(5, {instance});
}

ComponentBuilder core_inline_exports(uint64_t n) {
  return ComponentBuilder()
      .canons({raw({0x05})})
      .items(2, {raw({0x01}).append(labels(n, {0x00, 0x00}))});
}

ComponentBuilder params(uint64_t n) {
  return one_type(raw({0x40}).append(labels(n, {0x7f})).append(raw({0x01, 0x00})));
}

ComponentBuilder core_params(uint64_t n) {
  WasmBytes type = raw({0x60}).u32(n);
  for (uint64_t i = 0; i < n; ++i) type.byte(0x7f);
  return ComponentBuilder().items(3, {type.byte(0x00)});
}

ComponentBuilder core_results(uint64_t n) {
  WasmBytes type = raw({0x60, 0x00}).u32(n);
  for (uint64_t i = 0; i < n; ++i) type.byte(0x7f);
  return ComponentBuilder().items(3, {type});
}

ComponentBuilder component_nesting(uint64_t n) {
  ComponentBuilder out;
  for (uint64_t i = 0; i < n; ++i) out = ComponentBuilder().component(out);
  return out;
}

/// Instance types in instance types, the innermost empty.
ComponentBuilder type_nesting(uint64_t n) {
  WasmBytes type = raw({0x42, 0x00});
  for (uint64_t i = 0; i < n; ++i) type = raw({0x42, 0x01, 0x01}).append(type);
  return one_type(type);
}

/// Instances that export instances: an empty one is one deep.
ComponentBuilder instance_depth(uint64_t n) {
  std::vector<WasmBytes> instances{raw({0x01, 0x00})};
  for (unsigned i = 0; i + 1 < n; ++i)
    instances.push_back(raw({0x01, 0x01, 0x00}).text("a").append(raw({0x05})).u32(i));
  return ComponentBuilder().items(5, instances);
}

/// Core function types, each a subtype of the one before.
ComponentBuilder subtyping_depth(uint64_t n) {
  std::vector<WasmBytes> out{raw({0x00, 0x50, 0x00, 0x60, 0x00, 0x00})};
  for (unsigned i = 0; i < n; ++i)
    out.push_back(raw({0x00, 0x50, 0x01}).u32(i).append(raw({0x60, 0x00, 0x00})));
  return ComponentBuilder().items(3, out);
}

}  // namespace

std::vector<LimitCase> limit_cases() {
  return {
      {"Types", kMaxItems, types, Errc::Limit, "type count exceeds the limit of 1000000"},
      {"CoreTypes", kMaxItems, core_types, Errc::Limit,
       "more core types than the limit of 1000000"},
      {"CoreFunctions", kMaxItems, core_functions, Errc::Limit, "function count exceeds the limit"},
      {"Modules", kMaxModules, modules, Errc::Limit, "module count exceeds the limit of 1000"},
      {"Components", kMaxModules, components, Errc::Limit,
       "component count exceeds the limit of 1000"},
      {"ModulesAtAll", kMaxTotalModules, modules_at_all, Errc::Limit,
       "more core modules than the limit of 10000"},
      {"ComponentsAtAll", kMaxTotalComponents, components_at_all, Errc::Limit,
       "more components than the limit of 10000"},
      {"CoreInstances", kMaxInstances, core_instances, Errc::Limit,
       "instance count exceeds the limit of 4096"},
      {"InstancesOfBothKinds", kMaxInstances, both_instances, Errc::Limit,
       "instance count exceeds the limit of 4096"},
      {"NameBytes", kMaxNameBytes, name_of, Errc::Limit,
       "has 100001 bytes, more than the limit of 100000"},
      {"RecordFields", kMaxMembers, record, Errc::Limit, "10001 fields at offset"},
      {"VariantCases", kMaxMembers, variant, Errc::Limit, "10001 cases at offset"},
      {"EnumCases", kMaxMembers, enumeration, Errc::Limit, "10001 cases at offset"},
      {"TupleItems", kMaxMembers, tuple, Errc::Limit, "10001 items at offset"},
      {"Flags", kMaxFlags, flags, Errc::Invalid, "cannot have more than 32 flags"},
      {"TypeDepth", kMaxTypeDepth, depth, Errc::Limit, "type nesting is too deep"},
      {"TypeNodes", kMaxTypeNodes, nodes, Errc::Limit,
       "effective type size exceeds the limit of 1000000"},
      {"FunctionNodes", kMaxTypeNodes, function_nodes, Errc::Limit,
       "effective type size exceeds the limit of 1000000"},
      {"Declarators", kMaxDeclarations, declarators, Errc::Limit, "1000001 declarators at offset"},
      {"ModuleDeclarators", kMaxModuleDeclarations, module_declarators, Errc::Limit,
       "100001 module type declarators at offset"},
      {"Arguments", kMaxArguments, arguments, Errc::Limit, "100001 instantiation arguments at"},
      {"InlineExports", kMaxArguments, inline_exports, Errc::Limit, "100001 inline exports at"},
      {"CoreInlineExports", kMaxArguments, core_inline_exports, Errc::Limit,
       "100001 inline exports at"},
      {"FunctionParams", kMaxFunctionParams, params, Errc::Limit, "1001 parameters at offset"},
      {"CoreParams", kMaxCoreParams, core_params, Errc::Limit, "1001 core parameters at offset"},
      {"CoreResults", kMaxCoreResults, core_results, Errc::Limit, "1001 core results at offset"},
      {"ComponentNesting", kMaxNesting, component_nesting, Errc::Limit,
       "is nested deeper than the limit of 100"},
      {"TypeNesting", kMaxNesting, type_nesting, Errc::Limit,
       "is nested deeper than the limit of 100"},
      {"InstanceDepth", kMaxTypeDepth, instance_depth, Errc::Limit, "type nesting is too deep"},
      {"SubtypingDepth", kMaxSubtypingDepth, subtyping_depth, Errc::Limit,
       "subtyping is deeper than the limit of 63"},
  };
}

}  // namespace wasmcloud::component
