#include "component/decoder.h"
#include "component/metadata.h"
#include "component/validator.h"
#include "oci/push.h"
#include "wash/build/wasm_file.h"
#include "wash/commands/commands.h"
#include "wash/commands/registry_flags.h"
#include "wash/component_source.h"
#include "wash/output_file.h"
#include "wash/run_until_signal.h"

#include <fmt/chrono.h>

#include <charconv>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

Result<Outcome> pull(const Invocation& invocation) {
  const auto given = invocation.arguments.positionals();
  const oci::Reference reference = TRY(oci::Reference::parse(given[0]));
  const std::string path = resolve(given.size() > 1 ? std::string_view(given[1]) : "component.wasm",
                                   invocation.working_directory);
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return fail(Errc::Invalid, "{} is a folder; give the name of the file to write", path);
  const oci::Cache cache(oci_cache_folder(invocation.directories));
  Loop loop;
  oci::Registry registry(loop, registry_options_of(invocation));
  oci::Progress progress =
      progress_on(invocation.terminal, fmt::format("pulling {}", reference.text()));
  const oci::PulledComponent pulled =
      TRY(run_until_signal(loop,
                           oci::pull_component(registry, &cache, reference, oci::PullPolicy::Always,
                                               std::move(progress)),
                           "interrupted; nothing was written"));
  TRY(write_output(path, pulled.component.text()));
  std::string message = fmt::format("Pulled and saved component to {}", path);
  return Outcome::ok(
      message, Value::Map{{.key = "message", .value = message},
                          {.key = "output_path", .value = path},
                          {.key = "bytes", .value = static_cast<int64_t>(pulled.component.size())},
                          {.key = "digest", .value = pulled.digest},
                          {.key = "success", .value = true}});
}

/// Now, or the time that a reproducible build asks for.
Result<std::string> creation_time(const Environment& environment) {
  int64_t seconds = std::time(nullptr);
  if (const auto epoch = environment("SOURCE_DATE_EPOCH"); epoch && !epoch->empty()) {
    const auto [end, error] =
        std::from_chars(epoch->data(), epoch->data() + epoch->size(), seconds);
    if (error != std::errc() || end != epoch->data() + epoch->size() || seconds < 0 ||
        seconds > 253'402'300'799)
      return fail(Errc::Invalid, "SOURCE_DATE_EPOCH is '{}'; expected seconds since 1970", *epoch);
  }
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

oci::Annotations annotations_of(const component::Metadata& metadata, const std::string& created) {
  oci::Annotations out;
  const auto add = [&out](std::string_view key, std::string_view value) {
    if (!value.empty())
      out.emplace_back(fmt::format("org.opencontainers.image.{}", key), std::string(value));
  };
  add("title", metadata.name.value_or(""));
  for (const component::MetadataText& text : component::metadata_texts())
    add(text.name == "homepage" ? "url" : text.name, (metadata.*text.member).value_or(""));
  add("created", created);
  return out;
}

Result<oci::Artifact> artifact_of(const std::string& path, const Environment& environment) {
  std::string bytes = TRY(read_component(path));
  const auto span = std::as_bytes(std::span(bytes));
  Result<component::DecodedComponent> decoded = component::decode(span);
  if (!decoded) return fail(std::move(decoded).error().within(path));
  oci::Artifact artifact;
  artifact.created = TRY(creation_time(environment));
  artifact.annotations = annotations_of(component::read_metadata(span), artifact.created);
  const auto valid = component::validate(std::move(*decoded), span, component::Features::all());
  if (!valid) return fail(valid.error().copy().within(path));
  for (const component::ImportInfo& each : valid->root().imports)
    artifact.summary.imports.emplace_back(valid->types.text(each.name));
  for (const component::ExportInfo& each : valid->root().exports)
    artifact.summary.exports.emplace_back(valid->types.text(each.name));
  artifact.component = Bytes(std::move(bytes));
  return artifact;
}

Result<Outcome> push(const Invocation& invocation) {
  const auto given = invocation.arguments.positionals();
  const oci::Reference reference = TRY(oci::Reference::parse(given[0]));
  oci::Artifact artifact =
      TRY(artifact_of(resolve(given[1], invocation.working_directory), invocation.environment));
  const auto tags = invocation.arguments.values("--tag");
  const oci::Cache cache(oci_cache_folder(invocation.directories));
  Loop loop;
  oci::Registry registry(loop, registry_options_of(invocation));
  oci::Progress progress =
      progress_on(invocation.terminal, fmt::format("pushing {}", reference.text()));
  const std::string digest = TRY(
      run_until_signal(loop,
                       oci::push_component(registry, &cache, reference, {tags.begin(), tags.end()},
                                           std::move(artifact), std::move(progress)),
                       "interrupted; the push may be incomplete"));
  std::string message = "OCI command executed successfully.";
  return Outcome::ok(message, Value::Map{{.key = "message", .value = message},
                                         {.key = "success", .value = true},
                                         {.key = "digest", .value = digest}});
}

const Command& pull_command() {
  static const Command kCommand = {
      .name = "pull",
      .summary = "Fetch a component from a registry into a file",
      .description =
          "Asks the registry each time, and fetches only what is not in the cache. Every byte is "
          "checked against its digest; nothing is written before all of it is right.",
      .flags = {kInsecureFlag, kUserFlag, kPasswordFlag, kOciCaFlag},
      .positionals = {{.name = "REFERENCE", .help = "HOST[:PORT]/NAME[:TAG][@DIGEST]"},
                      {.name = "FILE",
                       .help = "The file to write; by default component.wasm",
                       .required = false}},
      .examples = {{.command = "wash oci pull registry.example.com/team/app:1.0 app.wasm",
                    .what = "Fetch a component"}},
      .run = outcome_of<pull>,
  };
  return kCommand;
}

const Command& push_command() {
  static const Command kCommand = {
      .name = "push",
      .summary = "Store a component in a registry",
      .description =
          "Pushes a CNCF Wasm artifact: the component as the only layer, a config that lists what "
          "it imports and exports, and its metadata as annotations. SOURCE_DATE_EPOCH, where set, "
          "is the time of its creation, so that the digest is the same each time.",
      .flags = {{.name = "--tag",
                 .value = "TAG",
                 .takes = Takes::Many,
                 .help = "One more tag for what is pushed; may be repeated"},
                kInsecureFlag,
                kUserFlag,
                kPasswordFlag,
                kOciCaFlag},
      .positionals = {{.name = "REFERENCE", .help = "HOST[:PORT]/NAME[:TAG]"},
                      {.name = "FILE", .help = "The component"}},
      .examples = {{.command =
                        "wash oci push registry.example.com/team/app:1.0 app.wasm --tag latest",
                    .what = "Store a component under two tags"}},
      .run = outcome_of<push>,
  };
  return kCommand;
}

}  // namespace

const Command& oci_command() {
  static const Command kCommand = {
      .name = "oci",
      .summary = "Pull and push components from and to registries",
      .description =
          "Who one is for a registry is said by --user and --password, or else by docker's "
          "configuration ($DOCKER_CONFIG/config.json or ~/.docker/config.json) and its credential "
          "helpers.",
      .subcommands = {&pull_command(), &push_command()},
      .alias = "docker",
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
