#include "wit/printer.h"

#include "base/text.h"
#include "wit/token.h"

#include <algorithm>
#include <array>
#include <set>

namespace wasmcloud::wit {

namespace {

constexpr auto kPrimitiveWords = std::to_array<std::string_view>({
    "bool",
    "u8",
    "u16",
    "u32",
    "u64",
    "s8",
    "s16",
    "s32",
    "s64",
    "f32",
    "f64",
    "char",
    "string",
    "error-context",
});

std::string escaped(std::string_view name) {
  return is_keyword(name) ? fmt::format("%{}", name) : std::string(name);
}

class Printer {
 public:
  explicit Printer(const Model& model) : model_(model) {}

  void package_items(PackageId id) {
    package_ = id;
    const Package& package = model_[id];
    for (const InterfaceId interface : package.interfaces) {
      separate();
      notes(model_[interface].notes);
      open(fmt::format("interface {} {{", escaped(model_[interface].name)));
      interface_items(interface);
      close();
    }
    for (const WorldId world : package.worlds) {
      separate();
      notes(model_[world].notes);
      open(fmt::format("world {} {{", escaped(model_[world].name)));
      world_items(model_[world]);
      close();
    }
  }

  /// Without the space that reading takes away again: at the ends of lines and of the text, and
  /// before all lines alike.
  void docs(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\f";
    const std::vector<std::string_view> lines =
        split(text.substr(0, text.find_last_not_of(" \t\r\f\n") + 1), '\n');
    size_t common = std::string_view::npos;
    for (const std::string_view each : lines)
      common = std::min(common, each.find_first_not_of(kSpace));
    if (common == std::string_view::npos) return;
    for (const std::string_view each : lines) {
      const size_t begin = each.find_first_not_of(kSpace);
      if (begin == std::string_view::npos) {
        line("///");
      } else {
        const size_t end = each.find_last_not_of(kSpace) + 1;
        line(fmt::format("/// {:{}}{}", "", begin - common, each.substr(begin, end - begin)));
      }
    }
  }

  void line(std::string_view text) {
    out_.append(indent_, ' ');
    out_.append(text);
    out_.push_back('\n');
    fresh_ = false;
  }
  void open(std::string_view text) {
    line(text);
    indent_ += 2;
    fresh_ = true;
  }
  void close() {
    indent_ -= 2;
    line("}");
  }
  // An empty line, except at the beginning of a block.
  void separate() {
    if (!fresh_) out_.push_back('\n');
  }

  static std::string package_name(const PackageName& name) {
    return fmt::format("{}:{}{}{}", escaped(name.ns), escaped(name.name), name.version ? "@" : "",
                       name.version ? name.version->str() : "");
  }

  std::string type(const Type& type) const {
    if (const auto* primitive = std::get_if<Primitive>(&type)) {
      return std::string(kPrimitiveWords[static_cast<size_t>(*primitive)]);
    }
    const TypeDefinition& definition = model_[std::get<TypeId>(type)];
    if (!definition.name.empty()) return escaped(definition.name);
    return std::visit([&](const auto& kind) { return constructed(kind); }, definition.kind);
  }

  std::string take() { return std::move(out_); }

 private:
  std::string optional(const std::optional<Type>& type, std::string_view word) const {
    return type ? fmt::format("{}<{}>", word, this->type(*type)) : std::string(word);
  }
  std::string constructed(const List& it) const {
    return fmt::format("list<{}>", type(it.element));
  }
  std::string constructed(const FixedList& it) const {
    return fmt::format("list<{}, {}>", type(it.element), it.length);
  }
  std::string constructed(const Map& it) const {
    return fmt::format("map<{}, {}>", type(it.key), type(it.value));
  }
  std::string constructed(const Option& it) const {
    return fmt::format("option<{}>", type(it.payload));
  }
  std::string constructed(const ResultType& it) const {
    if (!it.error) return optional(it.ok, "result");
    return fmt::format("result<{}, {}>", it.ok ? type(*it.ok) : "_", type(*it.error));
  }
  std::string constructed(const Tuple& it) const {
    std::string items;
    for (const Type& item : it.items) items += (items.empty() ? "" : ", ") + type(item);
    return fmt::format("tuple<{}>", items);
  }
  std::string constructed(const Future& it) const { return optional(it.payload, "future"); }
  std::string constructed(const Stream& it) const { return optional(it.element, "stream"); }
  std::string constructed(const Own& it) const { return escaped(model_[it.resource].name); }
  std::string constructed(const Borrow& it) const {
    return fmt::format("borrow<{}>", escaped(model_[it.resource].name));
  }
  std::string constructed(const Alias& it) const { return type(it.target); }
  // These always have a name.
  std::string constructed(const Record&) const { return "record"; }
  std::string constructed(const Variant&) const { return "variant"; }
  std::string constructed(const Enum&) const { return "enum"; }
  std::string constructed(const Flags&) const { return "flags"; }
  std::string constructed(const Resource&) const { return "resource"; }

  std::string attributes(const Notes& notes) const {
    std::string text;
    if (notes.since) text += fmt::format("@since(version = {})\n", notes.since->str());
    if (notes.unstable) text += fmt::format("@unstable(feature = {})\n", escaped(*notes.unstable));
    if (notes.deprecated)
      text += fmt::format("@deprecated(version = {})\n", notes.deprecated->str());
    if (notes.external_id) text += fmt::format("@external-id(\"{}\")\n", *notes.external_id);
    return text;
  }

  void notes(const Notes& notes) {
    docs(notes.docs);
    const std::string text = attributes(notes);
    size_t begin = 0;
    while (begin < text.size()) {
      const size_t end = text.find('\n', begin);
      line(std::string_view(text).substr(begin, end - begin));
      begin = end + 1;
    }
  }

  std::string path(InterfaceId id) const {
    const Interface& interface = model_[id];
    if (interface.package == package_) return escaped(interface.name);
    const PackageName& package = model_[interface.package].name;
    return fmt::format("{}:{}/{}{}{}", escaped(package.ns), escaped(package.name),
                       escaped(interface.name), package.version ? "@" : "",
                       package.version ? package.version->str() : "");
  }

  // The interface that `use` takes this type from.
  std::optional<InterfaceId> used_from(const TypeDefinition& definition) const {
    const auto* alias = std::get_if<Alias>(&definition.kind);
    const auto* target = alias != nullptr ? std::get_if<TypeId>(&alias->target) : nullptr;
    if (target == nullptr || model_[*target].name.empty() ||
        model_[*target].owner == definition.owner)
      return std::nullopt;
    const auto* owner = std::get_if<InterfaceId>(&model_[*target].owner);
    return owner != nullptr ? std::optional(*owner) : std::nullopt;
  }

  std::string signature(const Function& function) const {
    std::string text;
    const size_t skipped = function.kind == Function::Kind::Method ? 1 : 0;
    for (size_t i = skipped; i < function.params.size(); ++i) {
      const Parameter& parameter = function.params[i];
      text += fmt::format("{}{}: {}", i == skipped ? "" : ", ", escaped(parameter.name),
                          type(parameter.type));
    }
    text = fmt::format("({})", text);
    bool implied = !function.result;
    if (function.kind == Function::Kind::Constructor) {
      implied = std::holds_alternative<Own>(model_[std::get<TypeId>(*function.result)].kind);
    }
    if (!implied) text += fmt::format(" -> {}", type(*function.result));
    return text;
  }

  void function(const Function& function, bool with_notes) {
    if (with_notes) notes(function.notes);
    if (function.kind == Function::Kind::Constructor) {
      line(fmt::format("constructor{};", signature(function)));
      return;
    }
    line(fmt::format("{}: {}", escaped(function.item_name), function_type(function)));
  }

  std::string function_type(const Function& function) const {
    return fmt::format("{}{}func{};", function.kind == Function::Kind::Static ? "static " : "",
                       function.is_async ? "async " : "", signature(function));
  }

  void members(std::string_view keyword, const TypeDefinition& definition,
               const std::vector<Member>& members) {
    open(fmt::format("{} {} {{", keyword, escaped(definition.name)));
    for (const Member& member : members) {
      docs(member.docs);
      std::string text = escaped(member.name);
      if (member.type)
        text += keyword == "record" ? ": " + type(*member.type) : "(" + type(*member.type) + ")";
      line(text + ",");
    }
    close();
  }

  template <class Functions>
  void definition(TypeId id, const Functions& functions) {
    const TypeDefinition& definition = model_[id];
    notes(definition.notes);
    if (const auto* record = std::get_if<Record>(&definition.kind))
      return members("record", definition, record->fields);
    if (const auto* variant = std::get_if<Variant>(&definition.kind))
      return members("variant", definition, variant->cases);
    if (const auto* labels = std::get_if<Enum>(&definition.kind))
      return members("enum", definition, labels->labels);
    if (const auto* flags = std::get_if<Flags>(&definition.kind))
      return members("flags", definition, flags->labels);
    if (const auto* alias = std::get_if<Alias>(&definition.kind)) {
      return line(fmt::format("type {} = {};", escaped(definition.name), type(alias->target)));
    }
    bool opened = false;
    for (const Function& inner : functions) {
      if (inner.resource != id) continue;
      if (!std::exchange(opened, true))
        open(fmt::format("resource {} {{", escaped(definition.name)));
      function(inner, true);
    }
    if (opened) return close();
    line(fmt::format("resource {};", escaped(definition.name)));
  }

  // Types, with those that come from one interface in one `use` where they follow each other.
  template <class Functions>
  void types(const std::vector<TypeId>& ids, const Functions& functions) {
    for (size_t i = 0; i < ids.size(); ++i) {
      const TypeDefinition& first = model_[ids[i]];
      const std::optional<InterfaceId> from = used_from(first);
      if (!from) {
        separate();
        definition(ids[i], functions);
        continue;
      }
      std::string names;
      size_t end = i;
      for (; end < ids.size(); ++end) {
        const TypeDefinition& next = model_[ids[end]];
        if (used_from(next) != from || attributes(next.notes) != attributes(first.notes)) break;
        const std::string& name = model_[std::get<TypeId>(std::get<Alias>(next.kind).target)].name;
        names += (names.empty() ? "" : ", ") + escaped(name);
        if (name != next.name) names += fmt::format(" as {}", escaped(next.name));
      }
      notes(first.notes);
      line(fmt::format("use {}.{{{}}};", path(*from), names));
      i = end - 1;
    }
  }

  void interface_items(InterfaceId id) {
    const Interface& interface = model_[id];
    types(interface.types, interface.functions);
    for (const Function& inner : interface.functions) {
      if (inner.resource) continue;
      separate();
      function(inner, true);
    }
  }

  void world_items(const World& world) {
    std::vector<TypeId> ids;
    std::vector<Function> functions;
    for (const WorldItem& item : world.imports) {
      if (const auto* inner = std::get_if<Function>(&item.item)) functions.push_back(*inner);
      if (const auto* type = std::get_if<TypeId>(&item.item)) ids.push_back(*type);
    }
    types(ids, functions);
    if (!ids.empty()) separate();
    for (const WorldItem& item : world.imports) external("import", item);
    for (const WorldItem& item : world.exports) external("export", item);
  }

  void external(std::string_view verb, const WorldItem& item) {
    if (std::holds_alternative<TypeId>(item.item) || item.name.starts_with('[')) return;
    notes(item.notes);
    if (const auto* inner = std::get_if<Function>(&item.item)) {
      return line(fmt::format("{} {}: {}", verb, escaped(item.name), function_type(*inner)));
    }
    const InterfaceId id = std::get<InterfaceId>(item.item);
    if (item.name.empty()) return line(fmt::format("{} {};", verb, path(id)));
    if (!model_[id].name.empty())
      return line(fmt::format("{} {}: {};", verb, escaped(item.name), path(id)));
    open(fmt::format("{} {}: interface {{", verb, escaped(item.name)));
    interface_items(id);
    close();
  }

  const Model& model_;
  PackageId package_;
  std::string out_;
  size_t indent_ = 0;
  bool fresh_ = true;
};

// The packages whose interfaces one package names.
std::set<PackageId> packages_of(const Model& model, PackageId id) {
  std::set<PackageId> found;
  const auto interface = [&](InterfaceId inner, const auto& self) -> void {
    found.insert(model[inner].package);
    for (const InterfaceId used : model[inner].uses) {
      found.insert(model[used].package);
      if (model[inner].name.empty() && model[used].name.empty()) self(used, self);
    }
  };
  for (const InterfaceId inner : model[id].interfaces) interface(inner, interface);
  for (const WorldId world : model[id].worlds) {
    for (const auto* items : {&model[world].imports, &model[world].exports}) {
      for (const WorldItem& item : *items) {
        if (const auto* inner = std::get_if<InterfaceId>(&item.item)) interface(*inner, interface);
      }
    }
  }
  found.erase(id);
  return found;
}

}  // namespace

std::string print(const Model& model, PackageId package) {
  Printer printer(model);
  printer.docs(model[package].docs);
  printer.line(fmt::format("package {};", Printer::package_name(model[package].name)));
  printer.package_items(package);
  return printer.take();
}

std::string print_with_dependencies(const Model& model, PackageId package) {
  std::set<PackageId> reached{package};
  std::vector<PackageId> order;
  std::vector<PackageId> open{package};
  while (!open.empty()) {
    const PackageId next = open.back();
    open.pop_back();
    for (const PackageId other : packages_of(model, next)) {
      if (!reached.insert(other).second) continue;
      order.push_back(other);
      open.push_back(other);
    }
  }
  std::sort(order.begin(), order.end(),
            [&](PackageId a, PackageId b) { return model[a].name.str() < model[b].name.str(); });
  Printer printer(model);
  printer.docs(model[package].docs);
  printer.line(fmt::format("package {};", Printer::package_name(model[package].name)));
  printer.package_items(package);
  for (const PackageId other : order) {
    printer.separate();
    printer.docs(model[other].docs);
    printer.open(fmt::format("package {} {{", Printer::package_name(model[other].name)));
    printer.package_items(other);
    printer.close();
  }
  return printer.take();
}

std::string print(const Model& model, const Type& type) { return Printer(model).type(type); }

}  // namespace wasmcloud::wit
