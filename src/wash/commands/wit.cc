#include "base/file.h"
#include "wash/commands/commands.h"
#include "wash/commands/project.h"
#include "wash/output_file.h"
#include "wash/run_until_signal.h"
#include "wash/version.h"
#include "wash/wit/fetch.h"
#include "wash/wit/lock_file.h"
#include "wash/wit/world_imports.h"
#include "wit/encoder.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

struct WitProject {
  WitConfig config;
  std::string folder;  ///< absolute
};

Result<WitProject> wit_project(const Invocation& invocation) {
  WitProject project{.config = TRY(load_project(invocation)).wit, .folder = {}};
  project.folder = resolve(project.config.directory, invocation.project);
  return project;
}

Result<void> require_folder(const WitProject& project) {
  std::error_code error;
  if (fs::is_directory(project.folder, error)) return {};
  return fail(Errc::NotFound, "WIT directory does not exist: {}", project.folder);
}

WitFetch request_of(const Invocation& invocation, const WitProject& project, bool clean) {
  return {.project = invocation.project,
          .config = project.config,
          .cache = invocation.directories.cache + "/package_cache",
          .environment = invocation.environment,
          .clean = clean};
}

Result<std::vector<std::string>> fetch_packages(const Invocation& invocation, WitFetch request) {
  Loop loop;
  auto fetched = run_until_signal(loop, fetch_wit(loop, std::move(request)),
                                  "interrupted; packages that were fetched before are kept");
  // Whoever asks for packages gets a lock file, though it may be empty.
  if (fetched && !file_exists(lock_path(invocation.project)))
    TRY(LockFile().write(lock_path(invocation.project)));
  return fetched;
}

Value list_of_texts(const std::vector<std::string>& texts) {
  Value::List list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

// --- fetch, update

Result<Outcome> fetch(const Invocation& invocation) {
  const WitProject project = TRY(wit_project(invocation));
  TRY(require_folder(project));
  const auto fetched = TRY(fetch_packages(
      invocation, request_of(invocation, project, invocation.arguments.has("--clean"))));
  return Outcome::ok("WIT dependencies fetched successfully",
                     Value::Map{{.key = "wit_dir", .value = project.folder},
                                {.key = "lock_file", .value = lock_path(invocation.project)},
                                {.key = "fetched", .value = list_of_texts(fetched)}});
}

Result<Outcome> update(const Invocation& invocation) {
  const WitProject project = TRY(wit_project(invocation));
  TRY(require_folder(project));
  const auto given = invocation.arguments.positionals();
  const std::string named = given.empty() ? std::string() : given[0];
  const std::string package =
      named.empty() ? std::string() : TRY(PackageSpec::parse(named)).package;
  TRY(unlock_wit(invocation.project, project.config, package));
  TRY(fetch_packages(invocation, request_of(invocation, project, false)));
  if (named.empty()) {
    return Outcome::ok("All WIT dependencies updated successfully",
                       Value::Map{{.key = "wit_dir", .value = project.folder}});
  }
  return Outcome::ok(
      fmt::format("Updated package: {}", named),
      Value::Map{{.key = "package", .value = named}, {.key = "wit_dir", .value = project.folder}});
}

// --- add, remove

Result<Outcome> add(const Invocation& invocation) {
  const WitProject project = TRY(wit_project(invocation));
  TRY(require_folder(project));
  const std::string& named = invocation.arguments.positionals().front();
  PackageSpec spec = TRY(PackageSpec::parse(named));
  if (spec.interface.empty()) {
    return fail(Errc::Invalid,
                "'{}' names a package; a world imports interfaces: write {}/INTERFACE{}{}", named,
                spec.package, spec.version ? "@" : "", spec.version ? spec.version->str() : "");
  }
  const std::string path = TRY(find_world_file(project.folder));
  const std::string before = TRY(read_file(path));
  // Before a registry is asked about what is there already.
  if (auto text = add_import(before, spec); !text)
    return fail(std::move(text).error().within(path));
  WitFetch request = request_of(invocation, project, false);
  // Chosen and fetched by the same word of a registry.
  request.registries = std::make_shared<PackageRegistries>(
      TRY(PackageRegistries::load(request.environment, request.config.registries)));
  if (!spec.version) {
    Loop loop;
    spec.version =
        TRY(run_until_signal(loop,
                             choose_wit_version(loop, request, spec.package,
                                                spec.requirement.value_or(VersionRequirement())),
                             "interrupted; nothing was added"));
  }
  auto text = add_import(before, spec);
  if (!text) return fail(std::move(text).error().within(path));
  TRY(write_output(path, *text));
  if (auto fetched = fetch_packages(invocation, std::move(request)); !fetched) {
    // A package that nobody has is not left in the world.
    TRY(write_output(path, before));
    return fail(std::move(fetched).error());
  }
  return Outcome::ok(fmt::format("Added WIT dependency: {}", spec.text()),
                     Value::Map{{.key = "package", .value = spec.text()},
                                {.key = "wit_dir", .value = project.folder}});
}

Result<Outcome> remove(const Invocation& invocation) {
  const WitProject project = TRY(wit_project(invocation));
  TRY(require_folder(project));
  const std::string& named = invocation.arguments.positionals().front();
  const PackageSpec spec = TRY(PackageSpec::parse(named));
  const std::string path = TRY(find_world_file(project.folder));
  auto text = remove_import(TRY(read_file(path)), spec);
  if (!text) return fail(std::move(text).error().within(path));
  TRY(write_output(path, *text));
  const auto removed = TRY(prune_wit(invocation.project, project.config));
  return Outcome::ok(fmt::format("Removed WIT dependency: {}", named),
                     Value::Map{{.key = "package", .value = named},
                                {.key = "wit_dir", .value = project.folder},
                                {.key = "removed", .value = list_of_texts(removed)}});
}

// --- clean, build

Result<Outcome> clean(const Invocation& invocation) {
  const WitProject project = TRY(wit_project(invocation));
  const std::string deps = project.folder + "/deps";
  std::error_code error;
  fs::remove_all(deps, error);
  if (error) return fail(Errc::Io, "removing {}: {}", deps, error.message());
  return Outcome::ok("WIT dependencies cleaned successfully",
                     Value::Map{{.key = "deps_dir", .value = deps}});
}

Result<Outcome> build(const Invocation& invocation) {
  const WitProject project = TRY(wit_project(invocation));
  TRY(require_folder(project));
  if (!project.config.skip_fetch)
    TRY(fetch_packages(invocation, request_of(invocation, project, false)));
  wit::Model model({.features = {}, .all_features = true});
  const wit::PackageId id = TRY(model.load(project.folder));
  const wit::PackageName& name = model[id].name;
  const std::string binary = TRY(wit::encode(model, id, "wash", version()));
  std::string output;
  if (invocation.arguments.has("--output-file")) {
    output = resolve(invocation.arguments.value("--output-file"), invocation.working_directory);
  } else {
    output = fmt::format("{}/{}{}{}.wasm", invocation.project, name.name, name.version ? "-" : "",
                         name.version ? name.version->str() : "");
  }
  std::error_code error;
  fs::create_directories(fs::path(output).parent_path(), error);
  if (error) return fail(Errc::Io, "making the folder of {}: {}", output, error.message());
  TRY(write_output(output, binary));
  return Outcome::ok(
      fmt::format("WIT package built successfully: {}", output),
      Value::Map{{.key = "package", .value = fmt::format("{}:{}", name.ns, name.name)},
                 {.key = "version", .value = name.version ? Value(name.version->str()) : Value()},
                 {.key = "output", .value = output},
                 {.key = "size", .value = static_cast<int64_t>(binary.size())}});
}

// --- the table

const Command& fetch_command() {
  static const Command kCommand = {
      .name = "fetch",
      .summary = "Fetch the WIT packages that this project needs into wit/deps",
      .description =
          "Copies packages from the local paths of wit.sources and of [overrides] in wkg.toml, and "
          "fetches the others from repositories, archives and registries. Which versions came from "
          "registries is kept in wkg.lock.",
      .flags = {{.name = "--clean", .help = "Remove wit/deps first"}},
      .run = outcome_of<fetch>,
  };
  return kCommand;
}

const Command& wit_update_command() {
  static const Command kCommand = {
      .name = "update",
      .summary = "Choose versions of WIT packages anew",
      .description = "Forgets what wkg.lock says of one package, or of all, and fetches again.",
      .positionals = {{.name = "PACKAGE", .help = "ns:name; by default all", .required = false}},
      .run = outcome_of<update>,
  };
  return kCommand;
}

const Command& add_command() {
  static const Command kCommand = {
      .name = "add",
      .summary = "Import an interface into this project's world",
      .description =
          "Writes an import into the world of wit/world.wit, or of the first file that has one, "
          "and fetches its package. Where no whole version is given (`@0.2`, `@~1.1.0`, or none), "
          "it is the one that the project has already, or else the newest release in the registry.",
      .positionals = {{.name = "INTERFACE", .help = "ns:name/interface[@version]"}},
      .examples = {{.command = "wash wit add wasi:keyvalue/store@0.2.0-draft",
                    .what = "Let the component use a key-value store"}},
      .run = outcome_of<add>,
  };
  return kCommand;
}

const Command& remove_command() {
  static const Command kCommand = {
      .name = "remove",
      .summary = "Take an import out of this project's world",
      .description =
          "Removes the imports of an interface, or of all of a package, whatever version they "
          "have, and the packages in wit/deps and wkg.lock that nothing needs any more.",
      .positionals = {{.name = "PACKAGE", .help = "ns:name or ns:name/interface"}},
      .run = outcome_of<remove>,
  };
  return kCommand;
}

const Command& clean_command() {
  static const Command kCommand = {
      .name = "clean",
      .summary = "Remove wit/deps",
      .description = {},
      .run = outcome_of<clean>,
  };
  return kCommand;
}

const Command& wit_build_command() {
  static const Command kCommand = {
      .name = "build",
      .summary = "Make one binary of this project's WIT package",
      .description =
          "Writes the package with its documentation in binary form, to be pushed to a registry. "
          "The same WIT gives the same bytes.",
      .flags = {{.name = "--output-file",
                 .value = "PATH",
                 .takes = Takes::One,
                 .help = "The file to write; by default NAME-VERSION.wasm in the project"}},
      .run = outcome_of<build>,
  };
  return kCommand;
}

}  // namespace

const Command& wit_command() {
  static const Command kCommand = {
      .name = "wit",
      .summary = "Fetch, change and build WIT packages",
      .description = {},
      .subcommands = {&fetch_command(), &wit_update_command(), &add_command(), &remove_command(),
                      &clean_command(), &wit_build_command()},
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
