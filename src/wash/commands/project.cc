#include "wash/commands/project.h"

#include "base/log.h"
#include "wash/config/read.h"

namespace wasmcloud::wash {

ConfigPlaces config_places(const Invocation& invocation, const std::string& project) {
  ConfigPlaces places{.project = project,
                      .user_folder = invocation.directories.config,
                      .user_file = {},
                      .environment = environment_variables()};
  const std::string_view user_file = invocation.arguments.value("--user-config");
  if (!user_file.empty()) places.user_file = resolve(user_file, invocation.working_directory);
  return places;
}

Result<Config> load_project(const Invocation& invocation, const std::string& project,
                            Warnings warnings) {
  const ConfigPlaces places = config_places(invocation, project);
  Value values = TRY(load_values(places));
  auto read = read_config(values);
  wipe_secrets(values);
  if (warnings == Warnings::Log) {
    for (const std::string& warning : read ? read->warnings : read.error().warnings)
      log::warn("{}", warning);
  }
  if (!read) return fail(read.error().joined());
  return std::move(*read);
}

Result<Config> load_project(const Invocation& invocation, Warnings warnings) {
  return load_project(invocation, invocation.project, warnings);
}

}  // namespace wasmcloud::wash
