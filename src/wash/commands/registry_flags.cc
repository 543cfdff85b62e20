#include "wash/commands/registry_flags.h"

#include "base/log.h"
#include "wash/component_source.h"

namespace wasmcloud::wash {

const Flag kInsecureFlag = {.name = "--insecure",
                            .help = "Speak to the registry without TLS, by plain HTTP"};
const Flag kUserFlag = {.name = "--user",
                        .short_name = "-u",
                        .value = "NAME",
                        .takes = Takes::One,
                        .help =
                            "The user at the registry; by default what docker's configuration "
                            "or its credential helpers say"};
const Flag kPasswordFlag = {.name = "--password",
                            .short_name = "-p",
                            .value = "PASSWORD",
                            .takes = Takes::One,
                            .help = "The user's password or token"};
const Flag kOciCaFlag = {
    .name = "--ca-path",
    .value = "PATH",
    .takes = Takes::Many,
    .help =
        "Trust the certificates in this PEM file, too; may be repeated, or several with "
        "commas; by default WASH_OCI_CA_PATHS"};

oci::RegistryOptions registry_options_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  oci::RegistryOptions options = default_registry_options(invocation.environment);
  options.plain_http_for_all = arguments.has(kInsecureFlag.name);
  if (arguments.has(kUserFlag.name) && arguments.has(kPasswordFlag.name)) {
    options.login = {.user = std::string(arguments.value(kUserFlag.name)),
                     .password = Secret(std::string(arguments.value(kPasswordFlag.name))),
                     .identity_token = {}};
  } else if (arguments.has(kUserFlag.name) || arguments.has(kPasswordFlag.name)) {
    log::warn("--user and --password are used together only; both are ignored");
  }
  std::vector<std::string> ca_paths;
  for (const std::string_view path : list_of(arguments, kOciCaFlag.name, {}))
    ca_paths.push_back(resolve(path, invocation.working_directory));
  if (!ca_paths.empty()) options.http.tls = oci::trust_of(std::move(ca_paths));
  return options;
}

}  // namespace wasmcloud::wash
