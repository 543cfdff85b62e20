#include "component/exported_functions.h"

#include "base/text.h"
#include "component/interface_version.h"

#include <algorithm>
#include <utility>

namespace wasmcloud::component {
namespace {

/// "run" of "wasi:cli/run@0.2.0".
std::string_view short_name(std::string_view interface) {
  const std::string_view base = split_version(interface).base;
  return base.substr(base.rfind('/') + 1);
}

/// "counter.get" of "[method]counter.get".
std::string_view without_bracket(std::string_view name) {
  return name.starts_with('[') ? name.substr(name.find(']') + 1) : name;
}

/// How well `offered` fits what a person wrote: the lower the better.
enum class Fit : uint8_t { Exact, Track, NoVersion, Short, None };

Fit fit_of(std::string_view offered, std::string_view wanted) {
  if (offered == wanted) return Fit::Exact;
  if (serves(offered, wanted)) return Fit::Track;
  if (split_version(offered).base == wanted) return Fit::NoVersion;
  return !offered.empty() && short_name(offered) == wanted ? Fit::Short : Fit::None;
}

std::unexpected<Error> no_such(std::span<const NamedFunction> functions, std::string_view name) {
  // Every way to write a function, and the function.
  std::vector<std::string> written;
  std::vector<std::string> full;
  for (const NamedFunction& function : functions) {
    const std::string all = function.full_name();
    const auto add = [&](std::string way) {
      written.push_back(std::move(way));
      full.push_back(all);
    };
    add(all);
    add(function.name);
    if (function.interface.empty()) continue;
    add(fmt::format("{}#{}", split_version(function.interface).base, function.name));
    add(fmt::format("{}#{}", short_name(function.interface), function.name));
  }
  const std::vector<std::string_view> candidates(written.begin(), written.end());
  const std::string_view near = closest(name, candidates);
  if (near.empty()) {
    std::string all;
    constexpr size_t kShown = 10;
    for (size_t i = 0; i < std::min(functions.size(), kShown); ++i)
      all += fmt::format("{}{}", i == 0 ? "" : ", ", functions[i].full_name());
    if (functions.size() > kShown) all += ", ...";
    return fail(Errc::NotFound, "there is no exported function '{}'; there is {}", name,
                all.empty() ? "none" : all);
  }
  const auto at = static_cast<size_t>(std::ranges::find(candidates, near) - candidates.begin());
  return fail(Errc::NotFound, "there is no exported function '{}'; did you mean '{}'?", name,
              full[at]);
}

}  // namespace

std::string NamedFunction::full_name() const {
  return interface.empty() ? name : fmt::format("{}#{}", interface, name);
}

std::vector<NamedFunction> exported_functions(const ValidatedComponent& component) {
  const TypeTable& types = component.types;
  std::vector<NamedFunction> out;
  for (const ExportInfo& item : component.root().exports) {
    if (item.type.kind == ExternType::Kind::Function) {
      out.push_back({.interface = {}, .name = types.text(item.name), .type = item.type.function()});
    } else if (item.type.kind == ExternType::Kind::Instance) {
      for (const NamedExtern& inner : types[item.type.instance()].exports.items()) {
        if (inner.type.kind != ExternType::Kind::Function) continue;
        out.push_back({.interface = types.text(item.name),
                       .name = types.text(inner.name),
                       .type = inner.type.function()});
      }
    }
  }
  return out;
}

TypeNames::TypeNames(const ValidatedComponent& component) : types_(component.types) {
  for (const ExportInfo& item : component.root().exports) add(item.name, item.type);
  for (const ImportInfo& item : component.root().imports) add(item.name, item.type);
}

void TypeNames::add(Name name, const ExternType& type) {
  if (type.is_resource()) {
    resources_.emplace_back(type.type.resource(), name);
  } else if (type.kind == ExternType::Kind::Instance) {
    for (const NamedExtern& inner : types_[type.instance()].exports.items())
      if (inner.type.is_resource()) resources_.emplace_back(inner.type.type.resource(), inner.name);
  }
}

std::string TypeNames::text(FunctionTypeId type) const { return named(types_.to_string(type)); }

std::string TypeNames::named(std::string text) const {
  for (const auto& [resource, name] : resources_) {
    const std::string nameless = fmt::format("<resource {}>", resource.value);
    const std::string named = fmt::format("<{}>", types_.text(name));
    for (size_t at = text.find(nameless); at != std::string::npos; at = text.find(nameless, at))
      text.replace(at, nameless.size(), named);
  }
  return text;
}

Result<const NamedFunction*> find_function(std::span<const NamedFunction> functions,
                                           std::string_view name) {
  const size_t hash = name.rfind('#');
  const bool is_alone = hash == std::string_view::npos;
  const std::string_view interface = is_alone ? std::string_view() : name.substr(0, hash);
  std::string_view wanted = is_alone ? name : name.substr(hash + 1);
  if (wanted.starts_with('%')) wanted.remove_prefix(1);

  std::vector<std::pair<Fit, const NamedFunction*>> found;
  for (const NamedFunction& function : functions) {
    if (function.name != wanted && without_bracket(function.name) != wanted) continue;
    Fit fit = fit_of(function.interface, interface);
    if (is_alone && fit == Fit::None) fit = Fit::Short;
    if (fit != Fit::None) found.emplace_back(fit, &function);
  }
  if (found.empty()) return no_such(functions, name);
  const Fit best = std::ranges::min(found, {}, [](const auto& each) { return each.first; }).first;
  std::erase_if(found, [best](const auto& each) { return each.first != best; });
  if (found.size() == 1) return found.front().second;
  std::string all;
  for (const auto& [fit, function] : found)
    all += fmt::format("{}{}", all.empty() ? "" : ", ", function->full_name());
  return fail(Errc::Invalid, "'{}' may be any of {}; write more of its name", name, all);
}

}  // namespace wasmcloud::component
