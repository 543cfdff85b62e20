#include "base/file.h"
#include "wash/config/config.h"
#include "wash/config/read.h"

#include <array>

namespace wasmcloud::wash {
namespace {

constexpr std::array<const char*, 4> kNames = {"config.yaml", "config.yml", "config.json",
                                               "config.toml"};

/// An empty map if there is none. `shown` is the folder's name in messages.
Result<Value> read_first(const std::string& folder, const std::string& shown) {
  const std::string path = find_config_file(folder);
  if (path.empty()) return Value(Value::Map());
  return read_config_file(path, shown + path.substr(folder.size()));
}

}  // namespace

std::string find_config_file(const std::string& folder) {
  for (const char* name : kNames) {
    std::string path = fmt::format("{}/{}", folder, name);
    if (file_exists(path)) return path;
  }
  return {};
}

Result<Value> load_values(const ConfigPlaces& places, Value flags) {
  Value all = places.user_file.empty() ? TRY(read_first(places.user_folder, places.user_folder))
                                       : TRY(read_config_file(places.user_file, places.user_file));
  all = merge(std::move(all), TRY(read_first(places.project + "/.wash", ".wash")));
  all = merge(std::move(all), read_environment(places.environment));
  return merge(std::move(all), std::move(flags));
}

}  // namespace wasmcloud::wash
