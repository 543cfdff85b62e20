#include "wash/component_source.h"

#include "base/text.h"
#include "base/units.h"
#include "wash/build/wasm_file.h"
#include "wash/version.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace fs = std::filesystem;
namespace {

bool looks_like_a_path(std::string_view text) {
  return text.starts_with('/') || text.starts_with('~') || text.starts_with("./") ||
         text.starts_with("../") || text.contains('\\') || text.ends_with(".wasm");
}

std::string with_home(std::string_view text, const Environment& environment) {
  const bool from_home = text == "~" || text.starts_with("~/");
  const auto home = from_home ? environment("HOME") : std::nullopt;
  return home ? *home + std::string(text.substr(1)) : std::string(text);
}

}  // namespace

Result<ComponentSource> component_source_of(std::string_view text, const std::string& folder,
                                            const Environment& environment) {
  if (text.empty()) return fail(Errc::Invalid, "a component's file or reference is empty");
  const std::string path = resolve(with_home(text, environment), folder);
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (fs::is_directory(status))
    return fail(Errc::Invalid,
                "Directory '{}' specified. Please provide a file path or OCI reference.", text);
  if (fs::exists(status) || looks_like_a_path(text)) return path;
  // A file that is not there must not become a question to a registry nobody thought of.
  if (text.find_first_of("/:@") == text.npos)
    return fail(Errc::NotFound,
                "there is no file {}; what is in a registry is written HOST/NAME:TAG", path);
  return TRY(oci::Reference::parse(text));
}

std::string text_of(const ComponentSource& source) {
  const std::string* const path = std::get_if<std::string>(&source);
  return path != nullptr ? *path : std::get<oci::Reference>(source).text();
}

Task<FetchedComponent> fetch_component(Loop& loop, ComponentSource source,
                                       oci::RegistryOptions registries, oci::PullPolicy policy,
                                       const Directories& directories, oci::Progress progress) {
  if (const std::string* const path = std::get_if<std::string>(&source)) {
    std::string bytes = CO_TRY(co_await loop.offload([path] { return read_component(*path); }));
    co_return FetchedComponent{.bytes = Bytes(std::move(bytes)), .digest = {}};
  }
  const oci::Reference& reference = std::get<oci::Reference>(source);
  const oci::Cache cache(oci_cache_folder(directories));
  oci::Registry registry(loop, std::move(registries));
  oci::PulledComponent pulled =
      CO_TRY(co_await oci::pull_component(registry, &cache, reference, policy, progress));
  CO_TRY(require_component(pulled.component.text(), reference.text()));
  co_return FetchedComponent{.bytes = std::move(pulled.component),
                             .digest = std::move(pulled.digest)};
}

std::string oci_cache_folder(const Directories& directories) { return directories.cache + "/oci"; }

oci::RegistryOptions default_registry_options(const Environment& environment) {
  oci::RegistryOptions options;
  options.docker_config =
      oci::docker_config_path(environment("DOCKER_CONFIG"), environment("HOME"));
  options.user_agent = fmt::format("wash/{}", version());
  std::vector<std::string> ca_paths;
  const std::string listed = environment("WASH_OCI_CA_PATHS").value_or("");
  for (const std::string_view path : split(listed, ','))
    if (!path.empty()) ca_paths.emplace_back(path);
  options.http.tls = oci::trust_of(std::move(ca_paths));
  options.http.proxies = http::Proxies::of_environment(environment);
  return options;
}

oci::Progress progress_on(Terminal& terminal, std::string what) {
  if (!terminal.is_terminal(Stream::Err)) return nullptr;
  return [&terminal, what = std::move(what), shown = uint64_t{101}](uint64_t done,
                                                                    uint64_t total) mutable {
    const uint64_t percent = total == 0 ? 100 : done * 100 / total;
    if (std::exchange(shown, percent) == percent) return;
    constexpr size_t kWidth = 24;
    const size_t filled = static_cast<size_t>(percent * kWidth / 100);
    terminal.progress(fmt::format("{} [{:=<{}}{: <{}}] {:3}% of {}", what, "", filled, "",
                                  kWidth - filled, percent, format_size(total)));
  };
}

}  // namespace wasmcloud::wash
