#include "wasi/interfaces_0_2.h"

#include "bindings/wasi/cli_0_2/terminal_input.h"
#include "bindings/wasi/cli_0_2/terminal_output.h"
#include "component/linker.h"

namespace wasmcloud::wasi::v0_2 {
namespace {

/// The member of `Interfaces` as the generated bindings ask for it.
template <class Base, auto Member>
Base& get(component::HostState& host) {
  return static_cast<Context&>(host).interfaces_0_2().*Member;
}

}  // namespace

void add_to_linker(component::Linker& linker) {
  namespace wit = wasmcloud::wit::wasi;
  wit::io_0_2::error::add_to_linker(linker);
  wit::io_0_2::poll::add_to_linker(linker, get<wit::io_0_2::poll::Interface, &Interfaces::poll>);
  wit::io_0_2::streams::add_to_linker(linker);
  wit::clocks_0_2::monotonic_clock::add_to_linker(
      linker, get<wit::clocks_0_2::monotonic_clock::Interface, &Interfaces::monotonic_clock>);
  wit::clocks_0_2::timezone::add_to_linker(
      linker, get<wit::clocks_0_2::timezone::Interface, &Interfaces::timezone>);
  wit::clocks_0_2::wall_clock::add_to_linker(
      linker, get<wit::clocks_0_2::wall_clock::Interface, &Interfaces::wall_clock>);
  wit::random_0_2::random::add_to_linker(
      linker, get<wit::random_0_2::random::Interface, &Interfaces::random>);
  wit::random_0_2::insecure::add_to_linker(
      linker, get<wit::random_0_2::insecure::Interface, &Interfaces::insecure>);
  wit::random_0_2::insecure_seed::add_to_linker(
      linker, get<wit::random_0_2::insecure_seed::Interface, &Interfaces::insecure_seed>);
  wit::cli_0_2::environment::add_to_linker(
      linker, get<wit::cli_0_2::environment::Interface, &Interfaces::environment>);
  wit::cli_0_2::exit::add_to_linker(linker, get<wit::cli_0_2::exit::Interface, &Interfaces::exit>);
  wit::cli_0_2::stdin::add_to_linker(linker,
                                     get<wit::cli_0_2::stdin::Interface, &Interfaces::stdin_>);
  wit::cli_0_2::stdout::add_to_linker(linker,
                                      get<wit::cli_0_2::stdout::Interface, &Interfaces::stdout_>);
  wit::cli_0_2::stderr::add_to_linker(linker,
                                      get<wit::cli_0_2::stderr::Interface, &Interfaces::stderr_>);
  wit::cli_0_2::terminal_input::add_to_linker(linker);
  wit::cli_0_2::terminal_output::add_to_linker(linker);
  wit::cli_0_2::terminal_stdin::add_to_linker(
      linker, get<wit::cli_0_2::terminal_stdin::Interface, &Interfaces::terminal_stdin>);
  wit::cli_0_2::terminal_stdout::add_to_linker(
      linker, get<wit::cli_0_2::terminal_stdout::Interface, &Interfaces::terminal_stdout>);
  wit::cli_0_2::terminal_stderr::add_to_linker(
      linker, get<wit::cli_0_2::terminal_stderr::Interface, &Interfaces::terminal_stderr>);
  wit::filesystem_0_2::types::add_to_linker(
      linker, get<wit::filesystem_0_2::types::Interface, &Interfaces::filesystem_types>);
  wit::filesystem_0_2::preopens::add_to_linker(
      linker, get<wit::filesystem_0_2::preopens::Interface, &Interfaces::preopens>);
  wit::http_0_2::types::add_to_linker(
      linker, get<wit::http_0_2::types::Interface, &Interfaces::http_types>);
  wit::http_0_2::outgoing_handler::add_to_linker(
      linker, get<wit::http_0_2::outgoing_handler::Interface, &Interfaces::outgoing_handler>);
  wit::sockets_0_2::network::add_to_linker(
      linker, get<wit::sockets_0_2::network::Interface, &Interfaces::network>);
  wit::sockets_0_2::instance_network::add_to_linker(
      linker, get<wit::sockets_0_2::instance_network::Interface, &Interfaces::instance_network>);
  wit::sockets_0_2::tcp::add_to_linker(linker);
  wit::sockets_0_2::tcp_create_socket::add_to_linker(
      linker, get<wit::sockets_0_2::tcp_create_socket::Interface, &Interfaces::tcp_create_socket>);
  wit::sockets_0_2::udp::add_to_linker(linker);
  wit::sockets_0_2::udp_create_socket::add_to_linker(
      linker, get<wit::sockets_0_2::udp_create_socket::Interface, &Interfaces::udp_create_socket>);
  wit::sockets_0_2::ip_name_lookup::add_to_linker(
      linker, get<wit::sockets_0_2::ip_name_lookup::Interface, &Interfaces::ip_name_lookup>);
}

}  // namespace wasmcloud::wasi::v0_2
