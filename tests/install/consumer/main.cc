// consumer GUEST: calls examples/embed's component; and uses what lies above the component model,
// so that all archives are linked.
#include "wasi/context.h"
#include "wasmcloud.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

namespace {

using namespace wasmcloud;

Result<std::string> greeting(component::CanonicalContext&, std::string_view name) {
  return fmt::format("Hello, {}!", name);
}

Result<void> run(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const auto engine = TRY(engine::Engine::create({.slots = 0}));
  const auto guest = TRY(component::Component::load(engine, std::as_bytes(std::span(bytes))));
  component::Linker linker;
  component::define<greeting>(linker.instance("example:embed/host@0.1.0"), "greeting");
  wasi::add_to_linker(linker);
  const auto prepared = TRY(linker.prepare(guest));
  using Welcome = component::TypedFunction<std::string(std::string_view)>;
  const Welcome welcome = TRY(Welcome::find(*prepared, "", "welcome"));
  const auto instance = TRY(prepared->instantiate({}));
  fmt::print("{}\n", TRY(welcome.call(*instance, "package")));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (const Result<void> done = run(argv[1]); !done) {
    fmt::print(stderr, "{}\n", done.error().message());
    return 1;
  }
  return 0;
}
