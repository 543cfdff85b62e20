// Calls an async function of a component that gives its input back in capitals, as it comes.
//
//     embed_stream stream_guest.wasm < TEXT

#include "wasmcloud.h"

#include <fmt/core.h>

#include <unistd.h>

#include <fstream>
#include <iterator>

namespace {

using namespace wasmcloud;
using Text = component::StreamReader<uint8_t>;

/// Standard input, a buffer at a time, straight into the guest's memory.
Task<void> feed(Loop* loop, component::StreamWriter<uint8_t> out) {
  while (CO_TRY(co_await out.writable())) {
    // A file that blocks: the loop goes on meanwhile. The guest's buffer may not be used there.
    std::array<std::byte, 4096> buffer;
    const size_t size = CO_TRY(co_await loop->offload([&]() -> Result<size_t> {
      const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
      if (got < 0) return fail_errno(errno, "reading standard input");
      return static_cast<size_t>(got);
    }));
    if (size == 0) break;
    CO_TRY(co_await out.write(std::span(reinterpret_cast<uint8_t*>(buffer.data()), size)));
  }
  co_return Result<void>();
}

Task<void> shout(Loop& loop, component::Instance& instance,
                 const component::AsyncTypedFunction<Text(Text)>& function) {
  auto [writer, reader] = component::make_stream<uint8_t>(loop);
  TaskGroup group(loop);
  group.spawn(feed, &loop, std::move(writer));
  Text answer = CO_TRY(co_await function.call(instance, std::move(reader)));
  while (CO_TRY(co_await answer.readable())) {
    const std::span<const std::byte> text = answer.peek();
    fwrite(text.data(), 1, text.size(), stdout);
    answer.consume(text.size());
  }
  co_return co_await group.finish();
}

Result<void> run(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::NotFound, "{} cannot be read", path);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};

  const auto engine = TRY(engine::Engine::create({.slots = 0}));
  const auto guest = TRY(component::Component::load(engine, std::as_bytes(std::span(bytes))));
  const auto prepared = TRY(component::Linker().prepare(guest));
  const auto function =
      TRY(component::AsyncTypedFunction<Text(Text)>::find(*prepared, "", "shout"));

  Loop loop;
  const auto instance = TRY(prepared->instantiate({.limits = {}, .loop = &loop}));
  TRY(run_to_end(loop, shout(loop, *instance, function)));
  return run_to_end(loop, instance->close());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: embed_stream GUEST.wasm < TEXT\n");
    return 2;
  }
  if (const Result<void> done = run(argv[1]); !done) {
    fmt::print(stderr, "embed_stream: {}\n", done.error().message());
    return 1;
  }
  return 0;
}
