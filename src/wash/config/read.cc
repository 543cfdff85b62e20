#include "wash/config/read.h"

#include "base/file.h"

namespace wasmcloud::wash {

Result<Value> read_config_file(const std::string& path, std::string shown) {
  const std::string text = TRY(read_file(path, kMaxConfigBytes));
  const SourceName source = std::make_shared<const std::string>(std::move(shown));
  if (path.ends_with(".json")) return read_json(text, source);
  if (path.ends_with(".toml")) return read_toml(text, source);
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return read_yaml(text, source);
  return fail(Errc::Unsupported, "{}: its name should end in .yaml, .yml, .json or .toml", *source);
}

}  // namespace wasmcloud::wash
