#include "component/detail/same_form.h"

#include <set>
#include <utility>

namespace wasmcloud::component::detail {
namespace {

/// Pairs of types compared. A component has at most as many types.
constexpr size_t kMaxPairs = 1'000'000;

/// Compares off a list: types that refer to one another may be deep, and shared by many.
class Comparison {
 public:
  explicit Comparison(const SameResource& same_resource) : same_resource_(same_resource) {}

  Result<bool> run(const TypeNode& a, const TypeNode& b) {
    TRY(add(a, b));
    while (is_same_ && !pairs_.empty()) {
      const auto [one, other] = pairs_.back();
      pairs_.pop_back();
      TRY(compare(*one, *other));
    }
    return is_same_;
  }

 private:
  template <class T>
  struct Both {
    const Scoped<T>& a;
    const Scoped<T>& b;
  };

  Result<void> add(const TypeNode& a, const TypeNode& b) {
    const TypeNode* const one = &behind_names(a);
    const TypeNode* const other = &behind_names(b);
    if (one == other || !seen_.emplace(one, other).second) return {};
    if (seen_.size() > kMaxPairs)
      return fail(Errc::Limit, "more than {} types would have to be compared", kMaxPairs);
    pairs_.emplace_back(one, other);
    return {};
  }

  static Result<const TypeNode*> at(const TypeEnvironment& scope, TypeIndex index) {
    if (index.value < scope.types.size()) return scope.types[index.value];
    return fail(Errc::Invalid, "there is no type {}", index.value);
  }

  template <class T>
  Result<void> references(const Both<T>& both, const std::optional<ValueTypeRef>& a,
                          const std::optional<ValueTypeRef>& b) {
    if (!a && !b) return {};
    if (!a || !b) {
      is_same_ = false;
      return {};
    }
    // A primitive is written in place, or has a definition of its own.
    const auto primitive = [](const ValueTypeRef& type,
                              const TypeEnvironment& scope) -> Result<std::optional<TypeKind>> {
      if (type.primitive) return type.primitive;
      const TypeNode& node = behind_names(*TRY(at(scope, type.index)));
      const auto* defined = std::get_if<Scoped<DefinedType>>(&node.what);
      if (defined == nullptr || !is_primitive(defined->syntax->kind)) return std::nullopt;
      return defined->syntax->kind;
    };
    const auto one = TRY(primitive(*a, *both.a.environment));
    const auto other = TRY(primitive(*b, *both.b.environment));
    if (one || other) {
      is_same_ = is_same_ && one == other;
      return {};
    }
    return add(*TRY(at(*both.a.environment, a->index)), *TRY(at(*both.b.environment, b->index)));
  }

  template <class T>
  Result<void> members(const Both<T>& both, const std::vector<LabeledType>& a,
                       const std::vector<LabeledType>& b) {
    is_same_ = is_same_ && a.size() == b.size();
    for (size_t i = 0; is_same_ && i < a.size(); ++i) {
      is_same_ = a[i].name == b[i].name;
      TRY(references(both, a[i].type, b[i].type));
    }
    return {};
  }

  Result<void> compare(const TypeNode& a, const TypeNode& b) {
    if (a.what.index() != b.what.index()) {
      is_same_ = false;
      return {};
    }
    if (const auto* one = std::get_if<Scoped<DefinedType>>(&a.what)) {
      const Both<DefinedType> both{.a = *one, .b = std::get<Scoped<DefinedType>>(b.what)};
      const DefinedType& left = *both.a.syntax;
      const DefinedType& right = *both.b.syntax;
      is_same_ = left.kind == right.kind && left.length == right.length;
      if (!is_same_) return {};
      TRY(members(both, left.members, right.members));
      TRY(references(both, left.first, right.first));
      TRY(references(both, left.second, right.second));
      if (left.kind == TypeKind::Own || left.kind == TypeKind::Borrow)
        TRY(add(*TRY(at(*both.a.environment, left.resource)),
                *TRY(at(*both.b.environment, right.resource))));
    } else if (const auto* function = std::get_if<Scoped<FunctionTypeDefinition>>(&a.what)) {
      const Both<FunctionTypeDefinition> both{
          .a = *function, .b = std::get<Scoped<FunctionTypeDefinition>>(b.what)};
      is_same_ = both.a.syntax->is_async == both.b.syntax->is_async;
      TRY(members(both, both.a.syntax->params, both.b.syntax->params));
      TRY(references(both, both.a.syntax->result, both.b.syntax->result));
    } else if (std::holds_alternative<TypeNode::Resource>(a.what)) {
      is_same_ = same_resource_(a, b);
    } else {
      is_same_ = false;  // types of instances and components are compared nowhere
    }
    return {};
  }

  const SameResource& same_resource_;
  std::vector<std::pair<const TypeNode*, const TypeNode*>> pairs_;
  std::set<std::pair<const TypeNode*, const TypeNode*>> seen_;
  bool is_same_ = true;
};

}  // namespace

Result<bool> same_form(const TypeNode& a, const TypeNode& b, const SameResource& same_resource) {
  return Comparison(same_resource).run(a, b);
}

}  // namespace wasmcloud::component::detail
