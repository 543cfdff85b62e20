#include "wash/commands/dev_plan.h"

#include "wash/config/read.h"
#include "wash/invocation.h"

#include <algorithm>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMainName = "wash-dev-component";
constexpr std::string_view kServiceName = "wash-dev-service";

template <class T>
void append(std::vector<T>& onto, const std::vector<T>& more) {
  onto.insert(onto.end(), more.begin(), more.end());
}

void set(StringMap& map, const std::string& key, const std::string& value) {
  const auto same =
      std::ranges::find(map, key, [](const auto& each) -> const auto& { return each.first; });
  if (same == map.end()) {
    map.emplace_back(key, value);
  } else {
    same->second = value;
  }
}

class Planner {
 public:
  Planner(const Config& config, const std::string& project, const GuestSettings& settings)
      : config_(config),
        project_(project),
        settings_(settings),
        sources_(config, project, environment_variables()) {}

  Result<DevWorkload> plan() {
    DevWorkload out;
    const DevConfig& dev = config_.dev;
    DevComponent main = TRY(base(std::string(kMainName), nullptr));
    main.is_built = true;
    if (dev.is_service) {
      main.name = kServiceName;
      out.service = std::move(main);
    } else {
      out.components.push_back(std::move(main));
      out.service = TRY(service());
    }
    for (const ComponentSection& section : dev.components) {
      DevComponent component = TRY(base(section.name, &section));
      set_source(component, section.file, section.image, section.pull_policy);
      out.components.push_back(std::move(component));
    }
    out.mounts = TRY(mounts());
    out.ports = dev.service_ports;
    append(out.interfaces, settings_.interfaces);
    append(out.interfaces, dev.host_interfaces);
    set_backend(out.interfaces, "wasi:keyvalue", dev.keyvalue_path);
    set_backend(out.interfaces, "wasi:blobstore", dev.blobstore_path);
    return out;
  }

 private:
  /// What the workload gives, the component's own over it, and the flags over both.
  Result<DevComponent> base(std::string name, const ComponentSection* own) {
    DevComponent out;
    out.name = std::move(name);
    if (config_.workload) {
      TRY(sources_.apply(config_.workload->environment, "workload", out.environment));
      out.config = config_.workload->config;
      set_reach(config_.workload->reach, out);
      // Somebody has looked at the section, and left it open.
      if (!config_.workload->reach.hosts) {
        out.egress.allowed_hosts = {wasi::http::HostRule::parse("*").value()};
        out.network.connect = {wasi::sockets::AddressRule::parse("*").value()};
      }
    }
    if (own != nullptr) {
      TRY(sources_.apply(own->environment, own->field, out.environment));
      for (const auto& [key, value] : own->config) set(out.config, key, value);
      set_reach(own->reach, out);
      out.reuse = own->reuse;
    }
    add_flags(settings_, out);
    return out;
  }

  static void set_reach(const Reach& reach, DevComponent& out) {
    if (reach.hosts) out.egress.allowed_hosts = *reach.hosts;
    if (reach.connect) out.network.connect = *reach.connect;
    if (reach.lookups) out.network.lookup = *reach.lookups;
    if (reach.loopback_ports) out.network.host_ports = *reach.loopback_ports;
  }

 public:
  static void add_flags(const GuestSettings& settings, DevComponent& out) {
    for (const auto& [name, value] : settings.environment) out.environment.set(name, value);
    for (const auto& [key, value] : settings.config) set(out.config, key, value);
    append(out.egress.allowed_hosts, settings.egress.allowed_hosts);
    append(out.network.listen, settings.network.listen);
    append(out.network.connect, settings.network.connect);
    append(out.network.lookup, settings.network.lookup);
    const auto take = [&](auto member) {
      if (settings.reuse.*member) out.reuse.*member = settings.reuse.*member;
    };
    take(&host::ComponentReuse::max_calls);
    take(&host::ComponentReuse::max_calls_at_once);
    take(&host::ComponentReuse::max_instances);
    take(&host::ComponentReuse::idle_timeout);
  }

  static StringMap mounts_of(const GuestSettings& settings) {
    StringMap out;
    for (const Mount& mount : settings.mounts) out.emplace_back(mount.host, mount.guest);
    return out;
  }

 private:
  Result<std::optional<DevComponent>> service() {
    const DevConfig& dev = config_.dev;
    if (!dev.service_file && !dev.service_image) return std::nullopt;
    DevComponent out = TRY(base(std::string(kServiceName), nullptr));
    set_source(out, dev.service_file, dev.service_image, dev.service_pull_policy);
    return out;
  }

  /// Where it comes from: a file of the project, or an image.
  void set_source(DevComponent& component, const std::optional<std::string>& file,
                  const std::optional<std::string>& image, const std::string& policy) {
    if (file) {
      component.path = resolve(*file, project_);
    } else {
      component.path = image.value_or("");
      component.image_policy = policy;
    }
  }

  Result<StringMap> mounts() {
    StringMap out = mounts_of(settings_);
    for (const VolumeSection& volume : config_.dev.volumes) {
      std::string path = resolve(volume.host_path, project_);
      std::error_code error;
      if (!fs::is_directory(path, error))
        return fail(Errc::NotFound, "{}: dev.volumes: there is no folder {}; make it first",
                    volume.origin.describe(), path);
      const bool is_taken = std::ranges::any_of(
          out, [&](const auto& each) { return each.second == volume.guest_path; });
      // A flag for the same place is over it.
      if (!is_taken) out.emplace_back(std::move(path), volume.guest_path);
    }
    return out;
  }

  /// Data goes to files below `path` wherever no entry says where.
  void set_backend(std::vector<host::InterfaceGrant>& interfaces, std::string_view package,
                   const std::optional<std::string>& path) {
    if (!path) return;
    const std::string root = resolve(*path, project_);
    bool is_there = false;
    for (host::InterfaceGrant& grant : interfaces) {
      if (grant.package != package || !grant.name.empty()) continue;
      is_there = true;
      const bool is_set = std::ranges::any_of(
          grant.config, [](const auto& each) { return each.first == "backend"; });
      if (is_set) continue;
      set(grant.config, "backend", "filesystem");
      set(grant.config, "root", root);
    }
    if (is_there) return;
    interfaces.push_back(
        {.package = std::string(package), .config = {{"backend", "filesystem"}, {"root", root}}});
  }

  const Config& config_;
  const std::string& project_;
  const GuestSettings& settings_;
  Sources sources_;
};

}  // namespace

Result<DevWorkload> plan_workload(const Config& config, const std::string& project,
                                  const GuestSettings& settings) {
  return Planner(config, project, settings).plan();
}

std::vector<std::string> files_of(const Config& config, const std::string& project) {
  std::vector<std::string> out = Sources(config, project, environment_variables()).places();
  if (std::string file = find_config_file(project + "/.wash"); !file.empty())
    out.push_back(std::move(file));
  return out;
}

DevWorkload plan_file(const std::string& file, const GuestSettings& settings) {
  DevWorkload out;
  DevComponent& component = out.components.emplace_back();
  component.name = fs::path(file).stem();
  component.path = file;
  Planner::add_flags(settings, component);
  out.mounts = Planner::mounts_of(settings);
  out.interfaces = settings.interfaces;
  return out;
}

}  // namespace wasmcloud::wash
