#include "plugins/plugins.h"

#include "plugins/blobstore/blobstore.h"
#include "plugins/config/config.h"
#include "plugins/keyvalue/keyvalue.h"
#include "plugins/logging/logging.h"

namespace wasmcloud::plugins {

Result<void> add_all(host::Host& host) {
  TRY(host.add_plugin(blobstore::make_plugin()));
  TRY(host.add_plugin(config::make_plugin()));
  TRY(host.add_plugin(keyvalue::make_plugin()));
  return host.add_plugin(logging::make_plugin());
}

}  // namespace wasmcloud::plugins
