#include "wasi/interfaces_0_3.h"

#include "bindings/wasi/cli_0_3/terminal_input.h"
#include "bindings/wasi/cli_0_3/terminal_output.h"
#include "component/linker.h"

namespace wasmcloud::wasi::v0_3 {
namespace {

/// The member of `Interfaces` as the generated bindings ask for it.
template <class Base, auto Member>
Base& get(component::HostState& host) {
  return static_cast<Context&>(host).interfaces_0_3().*Member;
}

}  // namespace

void add_to_linker(component::Linker& linker) {
  namespace wit = wasmcloud::wit::wasi;
  wit::clocks_0_3::types::add_to_linker(linker);
  wit::cli_0_3::types::add_to_linker(linker);
  wit::cli_0_3::terminal_input::add_to_linker(linker);
  wit::cli_0_3::terminal_output::add_to_linker(linker);
  wit::filesystem_0_3::types::add_to_linker(linker);
  wit::clocks_0_3::monotonic_clock::add_to_linker(
      linker, get<wit::clocks_0_3::monotonic_clock::Interface, &Interfaces::monotonic_clock>);
  wit::clocks_0_3::system_clock::add_to_linker(
      linker, get<wit::clocks_0_3::system_clock::Interface, &Interfaces::system_clock>);
  wit::clocks_0_3::timezone::add_to_linker(
      linker, get<wit::clocks_0_3::timezone::Interface, &Interfaces::timezone>);
  wit::random_0_3::random::add_to_linker(
      linker, get<wit::random_0_3::random::Interface, &Interfaces::random>);
  wit::random_0_3::insecure::add_to_linker(
      linker, get<wit::random_0_3::insecure::Interface, &Interfaces::insecure>);
  wit::random_0_3::insecure_seed::add_to_linker(
      linker, get<wit::random_0_3::insecure_seed::Interface, &Interfaces::insecure_seed>);
  wit::cli_0_3::environment::add_to_linker(
      linker, get<wit::cli_0_3::environment::Interface, &Interfaces::environment>);
  wit::cli_0_3::exit::add_to_linker(linker, get<wit::cli_0_3::exit::Interface, &Interfaces::exit>);
  wit::cli_0_3::stdin::add_to_linker(linker,
                                     get<wit::cli_0_3::stdin::Interface, &Interfaces::stdin_>);
  wit::cli_0_3::stdout::add_to_linker(linker,
                                      get<wit::cli_0_3::stdout::Interface, &Interfaces::stdout_>);
  wit::cli_0_3::stderr::add_to_linker(linker,
                                      get<wit::cli_0_3::stderr::Interface, &Interfaces::stderr_>);
  wit::cli_0_3::terminal_stdin::add_to_linker(
      linker, get<wit::cli_0_3::terminal_stdin::Interface, &Interfaces::terminal_stdin>);
  wit::cli_0_3::terminal_stdout::add_to_linker(
      linker, get<wit::cli_0_3::terminal_stdout::Interface, &Interfaces::terminal_stdout>);
  wit::cli_0_3::terminal_stderr::add_to_linker(
      linker, get<wit::cli_0_3::terminal_stderr::Interface, &Interfaces::terminal_stderr>);
  wit::filesystem_0_3::preopens::add_to_linker(
      linker, get<wit::filesystem_0_3::preopens::Interface, &Interfaces::preopens>);
  wit::http_0_3::types::add_to_linker(
      linker, get<wit::http_0_3::types::Interface, &Interfaces::http_types>);
  wit::http_0_3::client::add_to_linker(
      linker, get<wit::http_0_3::client::Interface, &Interfaces::http_client>);
  wit::sockets_0_3::types::add_to_linker(
      linker, get<wit::sockets_0_3::types::Interface, &Interfaces::sockets_types>);
  wit::sockets_0_3::ip_name_lookup::add_to_linker(
      linker, get<wit::sockets_0_3::ip_name_lookup::Interface, &Interfaces::ip_name_lookup>);
}

}  // namespace wasmcloud::wasi::v0_3
