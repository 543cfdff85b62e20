#include "wasi/context.h"

#include "bindings/wasi/cli_0_2/terminal_input.h"
#include "bindings/wasi/cli_0_2/terminal_output.h"
#include "component/linker.h"
#include "wasi/cli/bindings_0_2.h"
#include "wasi/clocks/bindings_0_2.h"
#include "wasi/filesystem/bindings_0_2.h"
#include "wasi/http/bindings_0_2.h"
#include "wasi/io/bindings_0_2.h"
#include "wasi/random/bindings_0_2.h"
#include "wasi/sockets/bindings_0_2.h"
#include "wasi/sockets/network.h"

namespace wasmcloud::wasi {

/// One object of each interface that has free functions; each is a pointer or two.
struct Interfaces {
  explicit Interfaces(Context& context)
      : streams(context.loop(), context.environment()),
        poll(context.loop()),
        monotonic_clock(context.loop()),
        environment(context.environment()),
        stdin_(streams),
        stdout_(streams),
        stderr_(streams),
        terminal_stdin(context.environment()),
        terminal_stdout(context.environment()),
        terminal_stderr(context.environment()),
        preopens(context),
        http_types(context),
        outgoing_handler(context),
        tcp_create_socket(context),
        udp_create_socket(context),
        ip_name_lookup(context) {}

  cli::StandardStreams streams;

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

Context::Context(Loop& loop, const Environment& environment, wasmcloud::http::Client* client)
    : loop_(loop),
      environment_(environment),
      client_(client),
      tasks_(loop),
      interfaces_(std::make_unique<Interfaces>(*this)) {}

Context::~Context() = default;

const sockets::Network& Context::network() {
  if (!network_) {
    network_ = std::make_unique<sockets::Network>(sockets::Network{
        .loop = loop_,
        .policy = environment_.network,
        .tasks = tasks_,
        .sockets = make_ref<Budget>("open sockets", environment_.quotas.sockets),
        .lookups = make_ref<Budget>("names being looked up", environment_.quotas.lookups)});
  }
  return *network_;
}

const Ref<Budget>& Context::http_budget() {
  if (!http_budget_) {
    http_budget_ =
        make_ref<Budget>("bytes of fields and unsent bodies", environment_.quotas.http_bytes);
  }
  return http_budget_;
}

const Ref<Budget>& Context::exchanges() {
  if (!exchanges_) {
    exchanges_ = make_ref<Budget>("requests under way", environment_.quotas.exchanges);
  }
  return exchanges_;
}

const Ref<Budget>& Context::file_budget() {
  if (!file_budget_) {
    file_budget_ = make_ref<Budget>("open files", environment_.quotas.open_files);
  }
  return file_budget_;
}

namespace {

/// The member of `Interfaces` as the generated bindings ask for it.
template <class Base, auto Member>
Base& get(component::HostState& host) {
  return static_cast<Context&>(host).interfaces().*Member;
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

}  // namespace wasmcloud::wasi
