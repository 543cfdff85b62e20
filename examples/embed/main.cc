// Loads a component, gives it the one function it imports, and calls the one it exports.
//
//     embed guest.wasm NAME

#include "wasmcloud.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>

namespace {

using namespace wasmcloud;

// example:embed/host greeting: func(name: string) -> string
Result<std::string> greeting(component::CanonicalContext&, std::string_view name) {
  return fmt::format("Hello, {}!", name);
}

Result<void> run(const char* path, std::string_view name) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::NotFound, "{} cannot be read", path);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};

  const auto engine = TRY(engine::Engine::create({.slots = 0}));
  const auto guest = TRY(component::Component::load(engine, std::as_bytes(std::span(bytes))));

  component::Linker linker;
  component::define<greeting>(linker.instance("example:embed/host@0.1.0"), "greeting");
  const auto prepared = TRY(linker.prepare(guest));

  using Welcome = component::TypedFunction<std::string(std::string_view)>;
  const Welcome welcome = TRY(Welcome::find(*prepared, "", "welcome"));
  const auto instance = TRY(prepared->instantiate({}));
  fmt::print("{}\n", TRY(welcome.call(*instance, name)));
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: embed GUEST.wasm NAME\n");
    return 2;
  }
  if (const Result<void> done = run(argv[1], argv[2]); !done) {
    fmt::print(stderr, "embed: {}\n", done.error().message());
    return 1;
  }
  return 0;
}
