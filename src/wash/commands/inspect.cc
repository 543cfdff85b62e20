#include "base/digest.h"
#include "base/text.h"
#include "base/units.h"
#include "component/decoder.h"
#include "component/metadata.h"
#include "component/wit_decoder.h"
#include "wash/commands/commands.h"
#include "wash/commands/registry_flags.h"
#include "wash/component_source.h"
#include "wash/run_until_signal.h"
#include "wit/printer.h"

#include <algorithm>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

using component::BinaryPart;
using component::Metadata;
using component::Producer;

/// Its own name and the texts, as far as it has them.
std::vector<std::pair<std::string_view, std::string>> texts_of(const Metadata& metadata) {
  std::vector<std::pair<std::string_view, std::string>> texts;
  if (metadata.name) texts.emplace_back("name", *metadata.name);
  for (const component::MetadataText& text : component::metadata_texts()) {
    if (const auto& value = metadata.*text.member) texts.emplace_back(text.name, *value);
  }
  return texts;
}

/// {"processed-by": {"wit-component": "0.245.1"}}
Value producers_value(const Metadata& metadata) {
  Value::Map fields;
  for (const Producer& producer : metadata.producers) {
    auto field = std::ranges::find(fields, producer.field, &Member::key);
    if (field == fields.end())
      field = fields.insert(fields.end(), {.key = producer.field, .value = Value::Map{}});
    auto& values = std::get<Value::Map>(field->value.data);
    if (std::ranges::find(values, producer.name, &Member::key) == values.end())
      values.push_back({.key = producer.name, .value = producer.version});
  }
  return fields;
}

void add_metadata(const Metadata& metadata, Value::Map& into) {
  for (const auto& [name, text] : texts_of(metadata))
    into.push_back({.key = std::string(name), .value = text});
  if (!metadata.producers.empty())
    into.push_back({.key = "producers", .value = producers_value(metadata)});
}

template <class List>
Value strings(const List& list) {
  Value::List values;
  for (const auto& text : list) values.emplace_back(std::string(text));
  return values;
}

/// One line of a comment: what a binary says about itself may hold anything.
std::string comment(std::string_view name, std::string_view text) {
  std::string line = fmt::format("// {}: ", name);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line.push_back(byte < 0x20 || byte == 0x7f ? ' ' : c);
  }
  return line + "\n";
}

struct Inspected {
  std::string_view bytes;
  component::DecodedWit wit;
  std::vector<BinaryPart> parts;  ///< the whole first
  std::string text;               ///< the WIT
};

std::string counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// What stands above the WIT, as comments, so that the whole can still be read as WIT.
std::string summary(const Inspected& inspected) {
  const auto of_kind = [&](BinaryPart::Kind kind) {
    return static_cast<size_t>(std::ranges::count(inspected.parts, kind, &BinaryPart::kind));
  };
  const Metadata& metadata = inspected.parts.front().metadata;
  std::string text;
  if (inspected.wit.kind == component::DecodedWit::Kind::Package) {
    text = comment("WIT package", format_size(inspected.bytes.size()));
  } else {
    text =
        comment("component",
                fmt::format("{}, {}, {}", format_size(inspected.bytes.size()),
                            counted(of_kind(BinaryPart::Kind::Module), "core module"),
                            counted(of_kind(BinaryPart::Kind::Component) - 1, "nested component")));
  }
  for (const auto& [name, value] : texts_of(metadata)) text += comment(name, value);
  // Languages and tools are mostly named by the modules inside.
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;
  for (const BinaryPart& part : inspected.parts) {
    for (const Producer& producer : part.metadata.producers) {
      auto field = std::ranges::find(fields, producer.field,
                                     &std::pair<std::string, std::vector<std::string>>::first);
      if (field == fields.end())
        field = fields.insert(fields.end(), {producer.field, std::vector<std::string>()});
      std::string tool = producer.name;
      if (!producer.version.empty()) tool += " " + producer.version;
      if (std::ranges::find(field->second, tool) == field->second.end())
        field->second.push_back(std::move(tool));
    }
  }
  for (const auto& [field, tools] : fields) text += comment(field, join(tools, ", "));
  return text;
}

Value data_of(const Inspected& inspected, const component::ValidatedComponent& valid) {
  const bool is_package = inspected.wit.kind == component::DecodedWit::Kind::Package;
  const auto names = [&](const auto& items) {
    Value::List list;
    for (const auto& item : items) list.emplace_back(valid.types.text(item.name));
    return list;
  };
  Value::List parts;
  for (const BinaryPart& part : inspected.parts) {
    Value::Map one{
        {.key = "kind", .value = part.kind == BinaryPart::Kind::Module ? "module" : "component"},
        {.key = "depth", .value = int64_t{part.depth}},
        {.key = "offset", .value = static_cast<int64_t>(part.bytes.offset)},
        {.key = "size_bytes", .value = static_cast<int64_t>(part.bytes.size)}};
    add_metadata(part.metadata, one);
    parts.emplace_back(std::move(one));
  }
  Value::Map data{{.key = "message", .value = "Component inspected successfully."},
                  {.key = "success", .value = true},
                  {.key = "kind", .value = is_package ? "wit-package" : "component"},
                  {.key = "size_bytes", .value = static_cast<int64_t>(inspected.bytes.size())},
                  {.key = "digest", .value = "sha256:" + to_hex(sha256(inspected.bytes))},
                  {.key = "languages", .value = strings(component::languages_of(inspected.parts))},
                  {.key = "imports", .value = names(valid.root().imports)},
                  {.key = "exports", .value = names(valid.root().exports)},
                  {.key = "metadata", .value = Value::Map{}},
                  {.key = "parts", .value = std::move(parts)},
                  {.key = "wit", .value = inspected.text}};
  const auto metadata = std::ranges::find(data, "metadata", &Member::key);
  add_metadata(inspected.parts.front().metadata, std::get<Value::Map>(metadata->value.data));
  return data;
}

Result<Outcome> inspect_component(const Bytes& file, const std::string& name) {
  const auto bytes = file.span();
  auto decoded = component::decode(bytes);
  if (!decoded) return fail(std::move(decoded).error().within(name));
  // What is only looked at need not be something that would run here.
  auto valid = component::validate(*std::move(decoded), bytes, component::Features::all());
  if (!valid) return fail(std::move(valid).error().within(name));
  auto wit = component::decode_wit(*valid, bytes, name);
  if (!wit) return fail(std::move(wit).error().within(name));
  Inspected inspected{.bytes = file.text(),
                      .wit = *std::move(wit),
                      .parts = component::parts_of(valid->decoded, bytes),
                      .text = {}};
  inspected.text = wit::print_with_dependencies(inspected.wit.model, inspected.wit.package);
  std::string text = summary(inspected) + inspected.text;
  if (text.ends_with('\n')) text.pop_back();
  return Outcome::ok(std::move(text), data_of(inspected, *valid));
}

Result<Outcome> inspect(const Invocation& invocation) {
  const std::string& reference = invocation.arguments.positionals().front();
  std::error_code error;
  if (std::filesystem::is_directory(resolve(reference, invocation.working_directory), error)) {
    return fail(Errc::Invalid,
                "Directory '{}' specified. Please provide a file path or OCI reference.",
                reference);
  }
  const ComponentSource source =
      TRY(component_source_of(reference, invocation.working_directory, invocation.environment));
  Loop loop;
  const FetchedComponent fetched = TRY(run_until_signal(
      loop,
      fetch_component(loop, source, registry_options_of(invocation), oci::PullPolicy::IfNotPresent,
                      invocation.directories,
                      progress_on(invocation.terminal, fmt::format("pulling {}", reference))),
      "interrupted"));
  return inspect_component(fetched.bytes, text_of(source));
}

}  // namespace

const Command& inspect_command() {
  static const Command kCommand = {
      .name = "inspect",
      .summary = "Show the WIT, the size and the makers of a component",
      .description =
          "Prints the world of a component, or a WIT package in binary form, as WIT that other "
          "tools read, below comments with sizes, languages and the tools that made it. With "
          "--output json, data holds all of it for the component and each part in it.",
      .flags = {kInsecureFlag, kUserFlag, kPasswordFlag, kOciCaFlag},
      .positionals = {{.name = "COMPONENT_REFERENCE",
                       .help = "A file, or a component in a registry (HOST/NAME:TAG)"}},
      .examples = {{.command = "wash inspect hello.wasm",
                    .what = "See what a component imports and exports"},
                   {.command = "wash -o json inspect hello.wasm",
                    .what = "The same for a script, with the metadata of every part"}},
      .run = outcome_of<inspect>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
