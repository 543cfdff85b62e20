#include "plugins/blobstore/store.h"

namespace wasmcloud::plugins::blobstore {

Result<void> Store::check_name(std::string_view name, std::string_view what) const {
  if (name.size() <= limits_.name_bytes) return {};
  return fail(Errc::Limit, "{} has {} bytes; at most {} are allowed", what, name.size(),
              limits_.name_bytes);
}

Result<void> Store::check_size(size_t bytes) const {
  if (bytes <= limits_.object_bytes) return {};
  return fail(Errc::Limit, "the object has {} bytes; at most {} are allowed", bytes,
              limits_.object_bytes);
}

std::unexpected<Error> Store::no_container(std::string_view name) {
  return fail(Errc::NotFound, "there is no container '{}'", name);
}

std::unexpected<Error> Store::no_object(std::string_view container, std::string_view name) {
  return fail(Errc::NotFound, "there is no object '{}' in the container '{}'", name, container);
}

}  // namespace wasmcloud::plugins::blobstore
