#pragma once

#include "wasi/cli/bindings_0_2.h"
#include "wasi/clocks/bindings_0_2.h"
#include "wasi/context.h"
#include "wasi/filesystem/bindings_0_2.h"
#include "wasi/http/bindings_0_2.h"
#include "wasi/io/bindings_0_2.h"
#include "wasi/random/bindings_0_2.h"
#include "wasi/sockets/bindings_0_2.h"

namespace wasmcloud::component {
class Linker;
}

namespace wasmcloud::wasi::v0_2 {

/// One object of each interface that has free functions; each is a pointer or two.
struct Interfaces {
  explicit Interfaces(Context& context)
      : poll(context.loop()),
        monotonic_clock(context.loop()),
        environment(context.environment()),
        stdin_(context.standard_streams()),
        stdout_(context.standard_streams()),
        stderr_(context.standard_streams()),
        terminal_stdin(context.environment()),
        terminal_stdout(context.environment()),
        terminal_stderr(context.environment()),
        preopens(context),
        http_types(context),
        outgoing_handler(context),
        tcp_create_socket(context),
        udp_create_socket(context),
        ip_name_lookup(context) {}

  io::v0_2::PollInterface poll;
  clocks::v0_2::MonotonicClock monotonic_clock;
  clocks::v0_2::WallClock wall_clock;
  clocks::v0_2::Timezone timezone;
  random::v0_2::RandomInterface random;
  random::v0_2::InsecureInterface insecure;
  random::v0_2::InsecureSeedInterface insecure_seed;
  cli::v0_2::EnvironmentInterface environment;
  cli::v0_2::ExitInterface exit;
  cli::v0_2::StdinInterface stdin_;
  cli::v0_2::StdoutInterface stdout_;
  cli::v0_2::StderrInterface stderr_;
  cli::v0_2::TerminalStdinInterface terminal_stdin;
  cli::v0_2::TerminalStdoutInterface terminal_stdout;
  cli::v0_2::TerminalStderrInterface terminal_stderr;
  filesystem::v0_2::TypesInterface filesystem_types;
  filesystem::v0_2::PreopensInterface preopens;
  http::v0_2::TypesInterface http_types;
  http::v0_2::OutgoingHandlerInterface outgoing_handler;
  sockets::v0_2::NetworkInterface network;
  sockets::v0_2::InstanceNetworkInterface instance_network;
  sockets::v0_2::TcpCreateSocketInterface tcp_create_socket;
  sockets::v0_2::UdpCreateSocketInterface udp_create_socket;
  sockets::v0_2::IpNameLookupInterface ip_name_lookup;
};

/// Offers WASI 0.2.
void add_to_linker(component::Linker& linker);

}  // namespace wasmcloud::wasi::v0_2
