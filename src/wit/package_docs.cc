#include "wit/detail/package_docs.h"

#include "base/json_text.h"

#include <utility>

namespace wasmcloud::wit {
namespace {

constexpr char kFormatVersion = 1;

/// A JSON object that leaves out what is empty.
class Object {
 public:
  void text(std::string_view key, std::string_view value) {
    if (!value.empty()) member(key, json_quoted(value));
  }
  void object(std::string_view key, const Object& value) {
    if (!value.members_.empty()) member(key, value.str());
  }
  bool empty() const { return members_.empty(); }
  std::string str() const { return "{" + members_ + "}"; }

 private:
  void member(std::string_view key, std::string_view value) {
    if (!members_.empty()) members_.push_back(',');
    members_ += json_quoted(key);
    members_.push_back(':');
    members_ += value;
  }
  std::string members_;
};

/// {"stable": {"since", "deprecated"}} or {"unstable": {"feature", "deprecated"}}
Object stability_of(const Notes& notes) {
  Object inner;
  if (notes.since) inner.text("since", notes.since->str());
  if (notes.unstable) inner.text("feature", *notes.unstable);
  Object stability;
  if (inner.empty()) return stability;
  if (notes.deprecated) inner.text("deprecated", notes.deprecated->str());
  stability.object(notes.since ? "stable" : "unstable", inner);
  return stability;
}

void add_notes(const Notes& notes, Object& into) {
  into.text("docs", notes.docs);
  into.object("stability", stability_of(notes));
}

Object function_docs(const Function& function) {
  Object docs;
  add_notes(function.notes, docs);
  return docs;
}

Object type_docs(const TypeDefinition& type) {
  Object docs;
  add_notes(type.notes, docs);
  Object items;
  const auto add = [&](const std::vector<Member>& members) {
    for (const Member& member : members) items.text(member.name, member.docs);
  };
  if (const auto* record = std::get_if<Record>(&type.kind)) add(record->fields);
  if (const auto* variant = std::get_if<Variant>(&type.kind)) add(variant->cases);
  if (const auto* labels = std::get_if<Enum>(&type.kind)) add(labels->labels);
  if (const auto* flags = std::get_if<Flags>(&type.kind)) add(flags->labels);
  docs.object("items", items);
  return docs;
}

Object interface_docs(const Model& model, InterfaceId id, const Notes& notes) {
  const Interface& interface = model[id];
  Object docs;
  add_notes(notes, docs);
  Object functions;
  for (const Function& function : interface.functions)
    functions.object(function.name, function_docs(function));
  docs.object("funcs", functions);
  Object types;
  for (const TypeId type : interface.types) types.object(model[type].name, type_docs(model[type]));
  docs.object("types", types);
  return docs;
}

/// What is kept of one direction of a world.
struct DirectionDocs {
  Object interfaces;
  Object functions;
  Object stability;
  Object docs;
};

DirectionDocs direction_docs(const Model& model, const std::vector<WorldItem>& items,
                             Object& types) {
  DirectionDocs kept;
  for (const WorldItem& item : items) {
    if (const auto* type = std::get_if<TypeId>(&item.item)) {
      types.object(item.name, type_docs(model[*type]));
    } else if (const auto* function = std::get_if<Function>(&item.item)) {
      kept.functions.object(item.name, function_docs(*function));
    } else {
      const InterfaceId id = std::get<InterfaceId>(item.item);
      if (model[id].name.empty()) {
        kept.interfaces.object(item.name, interface_docs(model, id, item.notes));
        continue;
      }
      const std::string name = item.name.empty() ? model.name_of(id) : item.name;
      kept.stability.object(name, stability_of(item.notes));
      kept.docs.text(name, item.notes.docs);
    }
  }
  return kept;
}

Object world_docs(const Model& model, const World& world) {
  Object docs;
  add_notes(world.notes, docs);
  Object types;
  const DirectionDocs imports = direction_docs(model, world.imports, types);
  const DirectionDocs exports = direction_docs(model, world.exports, types);
  docs.object("interfaces", imports.interfaces);
  docs.object("types", types);
  docs.object("funcs", imports.functions);
  docs.object("interface_exports", exports.interfaces);
  docs.object("func_exports", exports.functions);
  docs.object("interface_import_stability", imports.stability);
  docs.object("interface_export_stability", exports.stability);
  docs.object("interface_import_docs", imports.docs);
  docs.object("interface_export_docs", exports.docs);
  return docs;
}

}  // namespace

std::string package_docs(const Model& model, PackageId id) {
  const Package& package = model[id];
  Object docs;
  docs.text("docs", package.docs);
  Object worlds;
  for (const WorldId world : package.worlds)
    worlds.object(model[world].name, world_docs(model, model[world]));
  docs.object("worlds", worlds);
  Object interfaces;
  for (const InterfaceId interface : package.interfaces) {
    interfaces.object(model[interface].name,
                      interface_docs(model, interface, model[interface].notes));
  }
  docs.object("interfaces", interfaces);
  return std::string(1, kFormatVersion) + docs.str();
}

}  // namespace wasmcloud::wit
