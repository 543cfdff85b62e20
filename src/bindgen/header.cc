#include "bindgen/detail/generator.h"
#include "bindgen/names.h"

#include <algorithm>

namespace wasmcloud::bindgen {

namespace {

constexpr std::string_view kNotice = "// Made by wash_bindgen from WIT; changes are lost.";

}  // namespace

Result<void> Generator::record(Writer& out, const wit::TypeDefinition& definition,
                               const wit::Record& record) {
  out.open("struct {} {{", type_name(definition.name));
  for (const wit::Member& field : record.fields) {
    out.docs(field.docs);
    out.line("{} {}{{}};", TRY(shape_.value(*field.type)), snake_case(field.name));
  }
  out.close("};");
  return {};
}

Result<void> Generator::variant(Writer& out, const wit::TypeDefinition& definition,
                                const wit::Variant& variant) {
  const std::string name = type_name(definition.name);
  out.open("struct {} {{", name);
  std::string tags;
  std::string payloads;
  for (const wit::Member& member : variant.cases) {
    tags += (tags.empty() ? "" : ", ") + pascal_case(member.name);
    payloads += (payloads.empty() ? "" : ", ") +
                (member.type ? TRY(shape_.value(*member.type)) : std::string("std::monostate"));
  }
  out.line("enum class Tag : uint{}_t {{ {} }};", variant.cases.size() <= 256 ? 8 : 16, tags);
  out.line("std::variant<{}> value{{}};", payloads);
  out.line("Tag tag() const {{ return static_cast<Tag>(value.index()); }}");
  for (size_t i = 0; i < variant.cases.size(); ++i) {
    const wit::Member& member = variant.cases[i];
    const std::string plain = snake_case(member.name);
    const std::string made = plain == "value" || plain == "tag" ? plain + "_" : plain;
    const std::string payload = member.type ? TRY(shape_.value(*member.type)) : std::string();
    out.docs(member.docs);
    out.line("static {} {}({});", name, made, payload.empty() ? "" : payload + " payload");
    out.line("bool is_{}() const {{ return value.index() == {}; }}", plain, i);
    if (payload.empty()) continue;
    out.line("{}& get_{}() {{ return std::get<{}>(value); }}", payload, plain, i);
    out.line("const {}& get_{}() const {{ return std::get<{}>(value); }}", payload, plain, i);
  }
  out.close("};");
  return {};
}

void Generator::labels(Writer& out, const wit::TypeDefinition& definition,
                       const wit::Enum& labels) {
  out.open("enum class {} : uint{}_t {{", type_name(definition.name),
           labels.labels.size() <= 256 ? 8 : 16);
  for (const wit::Member& label : labels.labels) {
    out.docs(label.docs);
    out.line("{},", pascal_case(label.name));
  }
  out.close("};");
}

void Generator::flags(Writer& out, const wit::TypeDefinition& definition, const wit::Flags& flags) {
  const std::string name = type_name(definition.name);
  out.open("struct {} {{", name);
  for (size_t i = 0; i < flags.labels.size(); ++i) {
    out.docs(flags.labels[i].docs);
    out.line("static constexpr uint32_t k{} = 1u << {};", pascal_case(flags.labels[i].name), i);
  }
  out.line("uint32_t bits = 0;");
  out.line("/// Whether all of `which` are set.");
  out.line("constexpr bool has(uint32_t which) const {{ return (bits & which) == which; }}");
  out.line("friend constexpr bool operator==(const {}&, const {}&) = default;", name, name);
  out.close("};");
}

Result<void> Generator::type(Writer& out, wit::TypeId id) {
  const wit::TypeDefinition& definition = model_[id];
  if (is_resource(id)) return {};
  out.line();
  out.docs(definition.notes.docs);
  if (const auto* inner = std::get_if<wit::Record>(&definition.kind))
    return record(out, definition, *inner);
  if (const auto* inner = std::get_if<wit::Variant>(&definition.kind))
    return variant(out, definition, *inner);
  if (const auto* inner = std::get_if<wit::Enum>(&definition.kind)) labels(out, definition, *inner);
  if (const auto* inner = std::get_if<wit::Flags>(&definition.kind)) flags(out, definition, *inner);
  if (const auto* alias = std::get_if<wit::Alias>(&definition.kind)) {
    const auto* target = std::get_if<wit::TypeId>(&alias->target);
    // An alias of a resource names its class, not a handle.
    const bool named = target != nullptr && !model_[*target].name.empty();
    out.line("using {} = {};", type_name(definition.name),
             named ? TRY(shape_.name(*target)) : TRY(shape_.value(alias->target)));
  }
  return {};
}

void Generator::resource(Writer& out, wit::TypeId id) {
  const wit::TypeDefinition& definition = model_[id];
  out.line();
  out.docs(definition.notes.docs);
  if (is_of_guests()) {
    out.open("class {} final : public ::wasmcloud::component::GuestResource {{",
             type_name(definition.name));
    out.label("public:");
    out.line("using GuestResource::GuestResource;");
    out.line("static const ::wasmcloud::component::HostResourceType kType;");
    return out.close("};");
  }
  out.open("class {} : public ::wasmcloud::component::HostResource {{", type_name(definition.name));
  out.label("public:");
  out.line("static const ::wasmcloud::component::HostResourceType kType;");
  for (const Signature& signature : imports_) {
    if (signature.function->kind != wit::Function::Kind::Method ||
        signature.function->resource != id)
      continue;
    out.line();
    out.docs(signature.function->notes.docs);
    out.line("virtual {} = 0;", declaration(signature, Side::Import, ""));
  }
  out.close("};");
}

Result<std::string> Generator::header() {
  Writer out;
  out.line("{}", kNotice);
  out.line("#pragma once");
  out.line();
  for (const Unit* used : used_units()) out.line("#include \"{}.h\"", used->path());
  out.line("#include \"base/bytes.h\"");
  out.line("#include \"base/error.h\"");
  out.line("#include \"base/task.h\"");
  out.line("#include \"component/guest_result.h\"");
  if (has_resources_ && is_of_guests()) out.line("#include \"component/guest_resource.h\"");
  out.line("#include \"component/host_resource.h\"");
  if (!exports_.empty()) out.line("#include \"component/prepared.h\"");
  if (has_streams_) out.line("#include \"component/stream.h\"");
  out.line();
  for (const char* name : {"array", "cstddef", "cstdint", "expected", "memory", "optional", "span",
                           "string", "string_view", "tuple", "utility", "variant", "vector"}) {
    out.line("#include <{}>", name);
  }
  out.line();
  out.line("namespace wasmcloud::component {{");
  out.line("class Instance;");
  out.line("class Linker;");
  if (binding_ == Binding::Shared) out.line("class LinkerInstance;");
  out.line("class Prepared;");
  if (std::ranges::any_of(exports_, &Signature::has_listener)) {
    out.line("template <class R>");
    out.line("class ReturnListener;");
  }
  out.line("}}  // namespace wasmcloud::component");
  out.line();
  begin_namespace(out);
  out.line();
  for (const wit::TypeId id : unit_.types) {
    if (is_resource(id)) out.line("class {};", type_name(model_[id].name));
  }
  for (const wit::TypeId id : in_order()) TRY(type(out, id));
  for (const wit::TypeId id : in_order()) {
    if (is_resource(id)) resource(out, id);
  }
  if (unit_.is_import) {
    out.line();
    if (has_interface_) {
      if (const auto* id = std::get_if<wit::InterfaceId>(&unit_.owner))
        out.docs(model_[*id].notes.docs);
      out.open("class Interface {{");
      out.label("public:");
      out.line("virtual ~Interface() = default;");
      for (const Signature& signature : imports_) {
        if (signature.function->kind == wit::Function::Kind::Method) continue;
        out.line();
        out.docs(signature.function->notes.docs);
        out.line("virtual {} = 0;", declaration(signature, Side::Import, ""));
      }
      out.close("};");
      out.line();
      if (binding_ == Binding::Shared) {
        out.line("/// Offers all of this to components, under the name that `instance` has.");
        out.line("/// `implementation` is called by all threads that run what was linked.");
        out.line("void add_to_linker(::wasmcloud::component::LinkerInstance& instance,");
        out.line("                   Interface& implementation);");
      } else {
        out.line(
            "/// Offers all of this to components. `get` finds the implementation in what the "
            "embedder attached to");
        out.line("/// an instance; it is called for each call of a function that is no method.");
        out.line("void add_to_linker(::wasmcloud::component::Linker& linker,");
        out.line("                   Interface& (*get)(::wasmcloud::component::HostState& host));");
      }
    } else {
      out.line("/// Offers all of this to components.");
      out.line("void add_to_linker(::wasmcloud::component::Linker& linker);");
    }
  }
  if (!exports_.empty()) {
    out.line();
    out.line(
        "/// Calls what components export. Good for every instance of the component it was found "
        "in. Call what gives a");
    out.line(
        "/// Result on an engine::Stack where the guest may wait; await what gives a Task on the "
        "instance's loop. An");
    out.line("/// error means that the instance is over.");
    out.open("class Guest {{");
    out.label("public:");
    out.line("/// Errors: Errc::NotFound; Errc::Invalid if a type differs.");
    out.line(
        "static ::wasmcloud::Result<Guest> find(const ::wasmcloud::component::Prepared& "
        "prepared);");
    for (const Signature& signature : exports_) {
      out.line();
      out.docs(signature.function->notes.docs);
      out.line("{} const;", declaration(signature, Side::Export, ""));
    }
    out.line();
    out.label("private:");
    out.line("::wasmcloud::component::ExportedFunction functions_[{}];", exports_.size());
    out.close("};");
  }
  out.line();
  end_namespace(out);
  return out.take();
}

}  // namespace wasmcloud::bindgen
