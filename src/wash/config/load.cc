#include "base/file.h"
#include "wash/config/config.h"
#include "wash/config/read.h"

#include <array>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

constexpr std::array<const char*, 4> kNames = {"config.yaml", "config.yml", "config.json",
                                               "config.toml"};

/// The first of the names in a folder; an empty map if there is none. `shown` is the folder's name
/// in messages.
Result<Value> read_first(const std::string& folder, const std::string& shown) {
  for (const char* name : kNames) {
    const std::string path = fmt::format("{}/{}", folder, name);
    if (file_exists(path)) return read_config_file(path, fmt::format("{}/{}", shown, name));
  }
  return Value(Value::Map());
}

}  // namespace

Result<Value> load_values(const ConfigPlaces& places, Value flags) {
  Value all = places.user_file.empty() ? TRY(read_first(places.user_folder, places.user_folder))
                                       : TRY(read_config_file(places.user_file, places.user_file));
  all = merge(std::move(all), TRY(read_first(places.project + "/.wash", ".wash")));
  all = merge(std::move(all), read_environment(places.environment));
  return merge(std::move(all), std::move(flags));
}

}  // namespace wasmcloud::wash
