#pragma once

#include "wasi/cli/bindings_0_3.h"
#include "wasi/clocks/bindings_0_3.h"
#include "wasi/context.h"
#include "wasi/filesystem/bindings_0_3.h"
#include "wasi/http/bindings_0_3.h"
#include "wasi/random/bindings_0_3.h"
#include "wasi/sockets/bindings_0_3.h"
#include "wasi/tls/bindings_0_3.h"

namespace wasmcloud::component {
class Linker;
}

namespace wasmcloud::wasi::v0_3 {

/// One object of each interface that has free functions; each is a pointer or two.
struct Interfaces {
  explicit Interfaces(Context& context)
      : monotonic_clock(context.loop()),
        environment(context.environment()),
        stdin_(context),
        stdout_(context),
        stderr_(context),
        terminal_stdin(context.environment()),
        terminal_stdout(context.environment()),
        terminal_stderr(context.environment()),
        preopens(context),
        http_types(context),
        http_client(context),
        sockets_types(context),
        ip_name_lookup(context),
        tls_client(context) {}

  clocks::v0_3::MonotonicClock monotonic_clock;
  clocks::v0_3::SystemClock system_clock;
  clocks::v0_3::Timezone timezone;
  random::v0_3::RandomInterface random;
  random::v0_3::InsecureInterface insecure;
  random::v0_3::InsecureSeedInterface insecure_seed;
  cli::v0_3::EnvironmentInterface environment;
  cli::v0_3::ExitInterface exit;
  cli::v0_3::StdinInterface stdin_;
  cli::v0_3::StdoutInterface stdout_;
  cli::v0_3::StderrInterface stderr_;
  cli::v0_3::TerminalStdinInterface terminal_stdin;
  cli::v0_3::TerminalStdoutInterface terminal_stdout;
  cli::v0_3::TerminalStderrInterface terminal_stderr;
  filesystem::v0_3::PreopensInterface preopens;
  http::v0_3::TypesInterface http_types;
  http::v0_3::ClientInterface http_client;
  sockets::v0_3::TypesInterface sockets_types;
  sockets::v0_3::IpNameLookupInterface ip_name_lookup;
  tls::v0_3::ClientInterface tls_client;
};

/// Offers WASI 0.3, without its drafts.
void add_to_linker(component::Linker& linker);

}  // namespace wasmcloud::wasi::v0_3
