#include "bindgen/detail/generator.h"
#include "bindgen/names.h"

#include <algorithm>

namespace wasmcloud::bindgen {

namespace {

constexpr std::string_view kNotice = "// Made by wash_bindgen from WIT; changes are lost.";

}  // namespace

// Names no types but the one that is described, so that it stands in the namespace of the traits.
Result<void> Generator::type_traits(Writer& out, wit::TypeId id) {
  const wit::TypeDefinition& definition = model_[id];
  const auto begin = [&](std::string_view base) -> Result<void> {
    out.line();
    out.line("template <>");
    out.open("struct Type<{}> : {} {{", TRY(shape_.qualified_name(id)), base);
    out.open("static constexpr NamedType kParts[] = {{");
    return {};
  };
  const auto end = [&](std::string_view kind) {
    out.close("};");
    out.line("static constexpr TypeDescription kDescription{{TypeDescription::Kind::{}, kParts}};",
             kind);
    out.close("};");
  };
  const std::string full = TRY(shape_.qualified_name(id));
  if (const auto* record = std::get_if<wit::Record>(&definition.kind)) {
    std::string members;
    for (const wit::Member& field : record->fields)
      members += fmt::format(", &{}::{}", full, snake_case(field.name));
    TRY(begin(fmt::format("Record<{}{}>", full, members)));
    for (const wit::Member& field : record->fields) {
      out.line("{{.name = \"{}\", .type = &Type<TypeOfMember<&{}::{}>>::kDescription}},",
               field.name, full, snake_case(field.name));
    }
    end("Record");
  } else if (const auto* variant = std::get_if<wit::Variant>(&definition.kind)) {
    TRY(begin(fmt::format("Variant<{}>", full)));
    for (size_t i = 0; i < variant->cases.size(); ++i) {
      out.line("{{.name = \"{}\", .type = case_description<{}>()}},", variant->cases[i].name, i);
    }
    end("Variant");
  } else if (const auto* labels = std::get_if<wit::Enum>(&definition.kind)) {
    TRY(begin(fmt::format("Enum<{}, {}>", full, labels->labels.size())));
    for (const wit::Member& label : labels->labels) out.line("{{.name = \"{}\"}},", label.name);
    end("Enum");
  } else if (const auto* flags = std::get_if<wit::Flags>(&definition.kind)) {
    TRY(begin(fmt::format("Flags<{}, {}>", full, flags->labels.size())));
    for (const wit::Member& label : flags->labels) out.line("{{.name = \"{}\"}},", label.name);
    end("Flags");
  }
  return {};
}

Result<std::string> Generator::traits() {
  Writer out;
  out.line("{}", kNotice);
  out.line("#pragma once");
  out.line();
  out.line("#include \"{}.h\"", unit_.path());
  for (const Unit* used : used_units()) out.line("#include \"{}.abi.h\"", used->path());
  if (has_streams_) out.line("#include \"component/abi/async_types.h\"");
  out.line("#include \"component/abi/compound.h\"");
  if (has_resources_ && is_of_guests()) out.line("#include \"component/abi/guest_resources.h\"");
  out.line();
  out.line("namespace wasmcloud::component::abi {{");
  for (const wit::TypeId id : in_order()) {
    if (model_[id].owner == unit_.owner) TRY(type_traits(out, id));
  }
  out.line();
  out.line("}}  // namespace wasmcloud::component::abi");
  return out.take();
}

Result<void> Generator::variant_members(Writer& out, const wit::TypeDefinition& definition,
                                        const wit::Variant& variant) {
  const std::string name = type_name(definition.name);
  for (size_t i = 0; i < variant.cases.size(); ++i) {
    const wit::Member& member = variant.cases[i];
    std::string made = snake_case(member.name);
    if (made == "value" || made == "tag") made.push_back('_');
    const std::string payload = member.type ? TRY(shape_.value(*member.type)) : std::string();
    out.open("{} {}::{}({}) {{", name, name, made, payload.empty() ? "" : payload + " payload");
    out.line("{} made;", name);
    out.line("made.value.emplace<{}>({});", i, payload.empty() ? "" : "std::move(payload)");
    out.line("return made;");
    out.close();
  }
  return {};
}

// The function's type as the linker compares it.
void Generator::description(Writer& out, const Signature& signature, std::string_view name) {
  const wit::Function& function = *signature.function;
  if (!function.params.empty()) {
    out.open("constexpr c::NamedType {}Params[] = {{", name);
    for (size_t i = 0; i < function.params.size(); ++i) {
      out.line("{{.name = \"{}\", .type = &abi::Type<{}>::kDescription}},", function.params[i].name,
               signature.parameters[i].lifted);
    }
    out.close("};");
  }
  out.line("constexpr c::FunctionDescription {}{{", name);
  out.line("    .params = {},", function.params.empty() ? "{}" : fmt::format("{}Params", name));
  out.line("    .result = {},",
           signature.result == "void"
               ? "nullptr"
               : fmt::format("&abi::Type<{}>::kDescription", signature.result));
  if (function.is_async) out.line("    .effect = c::FunctionDescription::Effect::Async,");
  out.line("}};");
  out.line();
}

void Generator::host_function(Writer& out, const Signature& signature, size_t index) {
  const bool method = signature.function->kind == wit::Function::Kind::Method;
  out.line("// {}", signature.function->name);
  description(out, signature, fmt::format("kImport{}", index));
  const bool is_async = signature.function->is_async;
  const bool uses_flat = !signature.parameters.empty() || (signature.result != "void" && !is_async);
  out.open("Result<void> import{}(void*{}, {}*{}) noexcept {{", index, method ? "" : " self",
           is_async ? "c::AsyncCall& call, const abi::RawValue"
                    : "c::CanonicalContext& context, abi::RawValue",
           uses_flat ? " flat" : "");
  const std::string_view context = is_async ? "call.context()" : "context";
  std::string flat_params = "0";
  if (!signature.parameters.empty()) {
    std::string types;
    for (const Shape::Parameter& parameter : signature.parameters)
      types += (types.empty() ? "" : ", ") + parameter.lifted;
    out.line("abi::Lift in({});", context);
    out.line("abi::Parameters<{}> parameters(in, flat);", types);
    for (size_t i = 0; i < signature.parameters.size(); ++i)
      out.line("auto p{} = parameters.get<{}>();", i, i);
    out.line("TRY(in.result());");
    flat_params = "decltype(parameters)::kFlat";
  }
  std::string arguments;
  for (size_t i = method ? 1 : 0; i < signature.parameters.size(); ++i) {
    if (!arguments.empty()) arguments += ", ";
    arguments += signature.parameters[i].is_reference ? fmt::format("*p{}", i)
                                                      : fmt::format("std::move(p{})", i);
  }
  std::string call;
  if (method) {
    call = fmt::format("p0->{}({})", signature.name, arguments);
  } else {
    out.line("Interface& implementation = {};",
             binding_ == Binding::Shared
                 ? "*static_cast<Interface*>(self)"
                 : fmt::format("reinterpret_cast<Get*>(self)({}.host())", context));
    call = fmt::format("implementation.{}({})", signature.name, arguments);
  }
  if (is_async) {
    call = fmt::format("call.returns({})", call);
  } else if (signature.waits) {
    call = fmt::format("context.wait({})", call);
  }
  if (is_async || signature.result == "void") {
    out.line("return {};", call);
  } else {
    out.line("auto result = TRY({});", call);
    out.line("return abi::lower_result(context, flat, {}, result);", flat_params);
  }
  out.close();
  out.line();
}

void Generator::guest_function(Writer& out, const Signature& signature, size_t index) {
  out.open("{} const {{", declaration(signature, Side::Export, "Guest::"));
  out.line("c::ExportCall call_(instance_, functions_[{}]);", index);
  out.line("TRY(call_.enter());");
  out.line("abi::RawValue flat_[abi::kMaxFlatParams] = {{}};");
  if (!signature.parameters.empty()) {
    std::string types;
    std::string values;
    for (size_t i = 0; i < signature.parameters.size(); ++i) {
      types += (i == 0 ? "" : ", ") + signature.parameters[i].lifted;
      if (signature.parameters[i].is_reference) {
        out.line("auto* p{}_ = &{};", i, signature.names[i]);
        values += fmt::format(", p{}_", i);
      } else {
        values += ", " + signature.names[i];
      }
    }
    out.line("abi::Lower out_(call_.context());");
    out.line("abi::Parameters<{}>::lower(out_, flat_{});", types, values);
    out.line("TRY(out_.result());");
  }
  out.line("TRY(call_.invoke(flat_));");
  if (signature.result == "void") {
    out.line("return call_.finish();");
  } else {
    out.line("{} result_{{}};", signature.result);
    out.line("abi::Lift in_(call_.context());");
    out.line("abi::lift_result(in_, flat_, result_);");
    out.line("TRY(in_.result());");
    out.line("TRY(call_.finish());");
    out.line("return result_;");
  }
  out.close();
  out.line();
}

void Generator::async_guest_function(Writer& out, const Signature& signature, size_t index) {
  std::string arguments;
  for (size_t i = 0; i < signature.parameters.size(); ++i) {
    arguments += signature.parameters[i].is_reference
                     ? fmt::format(", &{}", signature.names[i])
                     : fmt::format(", std::move({})", signature.names[i]);
  }
  out.open("{} const {{", declaration(signature, Side::Export, "Guest::"));
  out.line("return abi::call_async<{}>(instance_, functions_[{}], {}{});", signature.result, index,
           signature.has_listener() ? "listener_" : "nullptr", arguments);
  out.close();
  out.line();
}

void Generator::add_to_linker(Writer& out) {
  const bool shared = has_interface_ && binding_ == Binding::Shared;
  if (shared) {
    out.open("void add_to_linker(c::LinkerInstance& instance, Interface& implementation) {{");
  } else {
    out.open("void add_to_linker(c::Linker& linker{}) {{",
             has_interface_ ? ", Interface& (*get)(c::HostState&)" : "");
  }
  if (shared) {
    // The instance is given.
  } else if (unit_.wit_name.empty()) {
    out.line("c::LinkerInstance& instance = linker.root();");
  } else {
    out.line("c::LinkerInstance& instance = linker.instance(\"{}\");", unit_.wit_name);
  }
  bool offers_resource = false;
  for (const wit::TypeId id : unit_.types) {
    // A resource under another interface's name is the same resource.
    if (!is_resource(model_.follow(id))) continue;
    const std::string& name = model_[id].name;
    out.line("instance.resource(\"{}\", {}::kType);", name, type_name(name));
    offers_resource = true;
  }
  for (size_t i = 0; i < imports_.size(); ++i) {
    const bool method = imports_[i].function->kind == wit::Function::Kind::Method;
    out.line("instance.{}(\"{}\", kImport{}, &import{}{});",
             imports_[i].function->is_async ? "async_func" : "func", imports_[i].function->name, i,
             i,
             method   ? ""
             : shared ? ", &implementation"
                      : ", reinterpret_cast<void*>(get)");
  }
  if (!offers_resource && imports_.empty()) out.line("static_cast<void>(instance);");
  out.close();
  out.line();
}

Result<std::string> Generator::source() {
  Writer out;
  out.line("{}", kNotice);
  out.line("#include \"{}.h\"", unit_.path());
  out.line();
  out.line("#include \"{}.abi.h\"", unit_.path());
  const auto is_async = [](const Signature& signature) { return signature.function->is_async; };
  if (std::ranges::any_of(imports_, is_async) || std::ranges::any_of(exports_, is_async))
    out.line("#include \"component/abi/async_call.h\"");
  out.line("#include \"component/abi/call.h\"");
  if (!exports_.empty()) out.line("#include \"component/instance.h\"");
  out.line("#include \"component/linker.h\"");
  out.line();
  begin_namespace(out);
  out.line();
  out.line("namespace c = ::wasmcloud::component;");
  out.line("namespace abi = ::wasmcloud::component::abi;");
  out.line();
  for (const wit::TypeId id : unit_.types) {
    const wit::TypeDefinition& definition = model_[id];
    if (is_resource(id)) {
      out.line("const c::HostResourceType {}::kType{{.interface = \"{}\", .name = \"{}\"}};",
               type_name(definition.name), unit_.wit_name, definition.name);
    }
    if (const auto* inner = std::get_if<wit::Variant>(&definition.kind))
      TRY(variant_members(out, definition, *inner));
  }
  out.line();
  out.line("namespace {{");
  out.line();
  if (has_interface_ && binding_ == Binding::Instance) {
    out.line("using Get = Interface&(c::HostState&);");
    out.line();
  }
  for (size_t i = 0; i < imports_.size(); ++i) host_function(out, imports_[i], i);
  for (size_t i = 0; i < exports_.size(); ++i)
    description(out, exports_[i], fmt::format("kExport{}", i));
  out.line("}}  // namespace");
  out.line();
  if (unit_.is_import) add_to_linker(out);
  if (!exports_.empty()) {
    out.open("::wasmcloud::Result<Guest> Guest::find(const c::Prepared& prepared) {{");
    out.line("Guest guest;");
    for (size_t i = 0; i < exports_.size(); ++i) {
      out.line("guest.functions_[{}] = TRY(prepared.find(\"{}\", \"{}\", &kExport{}));", i,
               unit_.wit_name, exports_[i].function->name, i);
    }
    out.line("return guest;");
    out.close();
    out.line();
    for (size_t i = 0; i < exports_.size(); ++i) {
      if (exports_[i].function->is_async) {
        async_guest_function(out, exports_[i], i);
      } else {
        guest_function(out, exports_[i], i);
      }
    }
  }
  end_namespace(out);
  return out.take();
}

}  // namespace wasmcloud::bindgen
