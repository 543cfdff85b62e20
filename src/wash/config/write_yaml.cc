#include "wash/config/read.h"
#include "wash/config/write.h"

#include <yaml-cpp/yaml.h>

namespace wasmcloud::wash {
namespace {

/// Plain where the reader takes it for a string all the same; the library knows YAML 1.1 only.
bool reads_as_string(const std::string& text) {
  const auto back = read_yaml(fmt::format("x: {}\n", text), std::make_shared<std::string>());
  const Value* value = back ? back->find("x") : nullptr;
  return value != nullptr && value->string() != nullptr && *value->string() == text;
}

void emit(YAML::Emitter& out, const std::string& text) {
  if (text.contains('\n') || !reads_as_string(text)) out << YAML::DoubleQuoted;
  out << text;
}

void emit(YAML::Emitter& out, const Value& value) {
  if (value.is_null()) {
    out << YAML::Null;
  } else if (const bool* flag = value.boolean()) {
    out << *flag;
  } else if (const auto* integer = std::get_if<int64_t>(&value.data)) {
    out << *integer;
  } else if (const auto* real = std::get_if<double>(&value.data)) {
    out << *real;
  } else if (const std::string* text = value.string()) {
    emit(out, *text);
  } else if (const Value::List* list = value.list()) {
    if (list->empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const Value& each : *list) emit(out, each);
    out << YAML::EndSeq;
  } else if (const Value::Map* map = value.map()) {
    if (map->empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const Member& each : *map) {
      out << YAML::Key;
      emit(out, each.key);
      out << YAML::Value;
      emit(out, each.value);
    }
    out << YAML::EndMap;
  }
}

}  // namespace

std::string write_yaml(const Value& value) {
  YAML::Emitter out;
  out.SetDoublePrecision(17);
  emit(out, value);
  return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace wasmcloud::wash
