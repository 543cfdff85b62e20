#include "wash/commands/project.h"

#include "base/log.h"
#include "wash/config/read.h"

namespace wasmcloud::wash {

Result<Config> load_project(const Invocation& invocation, Value flags) {
  ConfigPlaces places{.project = invocation.project,
                      .user_folder = invocation.directories.config,
                      .user_file = {},
                      .environment = environment_variables()};
  const std::string_view user_file = invocation.arguments.value("--user-config");
  if (!user_file.empty()) places.user_file = resolve(user_file, invocation.working_directory);
  if (flags.is_null()) flags = Value(Value::Map());
  Config config = TRY(read_config(TRY(load_values(places, std::move(flags)))));
  for (const std::string& warning : config.warnings) log::warn("{}", warning);
  return config;
}

}  // namespace wasmcloud::wash
