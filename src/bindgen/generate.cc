#include "bindgen/generate.h"

#include "bindgen/detail/generator.h"
#include "bindgen/names.h"

#include <algorithm>

namespace wasmcloud::bindgen {

Result<std::vector<File>> generate(const Units& units, const Unit& unit, Waiting& waiting,
                                   Binding binding) {
  return Generator(units, unit, waiting, binding).run();
}

Result<std::vector<File>> Generator::run() {
  TRY(analyse());
  std::vector<File> files;
  files.push_back({.path = unit_.path() + ".h", .text = TRY(header())});
  files.push_back({.path = unit_.path() + ".abi.h", .text = TRY(traits())});
  files.push_back({.path = unit_.path() + ".cc", .text = TRY(source())});
  return files;
}

Result<void> Generator::analyse() {
  for (const wit::TypeId id : unit_.types) has_streams_ = has_streams_ || names_stream(id);
  if (unit_.is_import) {
    for (const wit::Function& function : unit_.imports) {
      imports_.push_back(TRY(signature(function, Side::Import)));
      has_interface_ = has_interface_ || function.kind != wit::Function::Kind::Method;
    }
  }
  for (const wit::TypeId id : unit_.types) {
    if (!is_resource(id)) continue;
    has_resources_ = true;
    if (unit_.is_import && unit_.is_export && !unit_.exports.empty()) {
      return model_.sources().error(
          Errc::Unsupported, model_[id].span,
          "'{}' is imported and exported: resources that both the host and guests implement are "
          "not generated together; generate each side in a target of its own",
          unit_.wit_name);
    }
  }
  if (unit_.is_export) {
    for (const wit::Function& function : unit_.exports)
      exports_.push_back(TRY(signature(function, Side::Export)));
  }
  return {};
}

Result<Generator::Signature> Generator::signature(const wit::Function& function, Side side) {
  using Kind = wit::Function::Kind;
  Signature made{.function = &function, .name = {}, .result = {}, .parameters = {}, .names = {}};
  made.waits = function.is_async ||
               (side == Side::Import && waiting_.contains(unit_.wit_name, function.name));
  const std::string owner =
      function.resource ? model_[*function.resource].name + "-" : std::string();
  switch (function.kind) {
    case Kind::Free:
      made.name = snake_case(function.item_name);
      break;
    case Kind::Method:
      // Of a class of its own where the host implements it.
      made.name =
          snake_case(side == Side::Import ? function.item_name : owner + function.item_name);
      break;
    case Kind::Static:
      made.name = snake_case(owner + function.item_name);
      break;
    case Kind::Constructor:
      made.name = snake_case(owner + "constructor");
      break;
  }
  // A waiting function outlives the moment in which it could look at the guest's memory.
  const auto views = made.waits ? Shape::Views::No : Shape::Views::Yes;
  for (const wit::Parameter& parameter : function.params) {
    made.parameters.push_back(TRY(shape_.parameter(parameter.type, views)));
    made.names.push_back(snake_case(parameter.name));
    has_streams_ = has_streams_ || names_stream(parameter.type);
  }
  has_streams_ = has_streams_ || names_stream(function.result);
  made.result = TRY(shape_.result(function));
  return made;
}

bool Generator::names_stream(const std::optional<wit::Type>& type) const {
  const auto* id = type ? std::get_if<wit::TypeId>(&*type) : nullptr;
  return id != nullptr && model_[*id].has_stream;
}

bool Generator::is_resource(wit::TypeId id) const {
  return std::holds_alternative<wit::Resource>(model_[id].kind);
}

// Numbers of types follow what they contain.
std::vector<wit::TypeId> Generator::in_order() const {
  std::vector<wit::TypeId> order = unit_.types;
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<const Unit*> Generator::used_units() const {
  std::vector<const Unit*> used;
  for (const wit::TypeId id : unit_.types) {
    const auto* alias = std::get_if<wit::Alias>(&model_[id].kind);
    const auto* target = alias != nullptr ? std::get_if<wit::TypeId>(&alias->target) : nullptr;
    if (target == nullptr || model_[*target].name.empty() || model_[*target].owner == unit_.owner)
      continue;
    const auto owner = units_.of(model_[*target].owner, unit_);
    if (owner && std::find(used.begin(), used.end(), *owner) == used.end()) used.push_back(*owner);
  }
  return used;
}

void Generator::begin_namespace(Writer& out) const {
  out.line("namespace {} {{", unit_.scope().substr(2));
}
void Generator::end_namespace(Writer& out) const {
  out.line("}}  // namespace {}", unit_.scope().substr(2));
}

// "Task<X> name(A a, B b)". Who calls an async export may listen to its return.
std::string Generator::declaration(const Signature& signature, Side side,
                                   std::string_view scope) const {
  std::string parameters;
  const auto add = [&](std::string_view type, std::string_view name) {
    parameters += fmt::format("{}{} {}", parameters.empty() ? "" : ", ", type, name);
  };
  if (side == Side::Export) add("::wasmcloud::component::Instance&", "instance_");
  const bool method =
      side == Side::Import && signature.function->kind == wit::Function::Kind::Method;
  for (size_t i = method ? 1 : 0; i < signature.parameters.size(); ++i) {
    add(signature.parameters[i].declared, signature.names[i]);
  }
  if (side == Side::Export && signature.has_listener()) {
    add(fmt::format("::wasmcloud::component::ReturnListener<{}>*", signature.result),
        scope.empty() ? "listener_ = nullptr" : "listener_");
  }
  return fmt::format("::wasmcloud::{}<{}> {}{}({})", signature.waits ? "Task" : "Result",
                     signature.result, scope, signature.name, parameters);
}

}  // namespace wasmcloud::bindgen
