// A component made by another generator's Rust bindings checks what ours do as its host.
#include "bindgen/values_guest.h"
#include "bindings/guests/p2/roundtrip.h"
#include "bindings/wasi/cli_0_2/run.h"

namespace wasmcloud {
namespace {

namespace roundtrip = wit::guests::p2::roundtrip;

class Cell final : public roundtrip::Cell {
 public:
  explicit Cell(int32_t start) : value_(start) {}
  Result<int32_t> add(int32_t by) override { return value_ += by; }
  Result<int32_t> value() override { return value_; }

 private:
  int32_t value_;
};

class Host final : public wasi::Context, public roundtrip::Interface {
 public:
  using Context::Context;
  int calls = 0;

  Result<std::tuple<uint8_t, int8_t, uint16_t, int16_t, uint32_t, int32_t, uint64_t, int64_t>> ints(
      uint8_t a, int8_t b, uint16_t c, int16_t d, uint32_t e, int32_t f, uint64_t g,
      int64_t h) override {
    return std::tuple(a, b, c, d, e, f, g, h);
  }
  Result<std::tuple<float, double>> floats(float a, double b) override { return std::tuple(a, b); }
  Result<std::tuple<bool, char32_t>> truth(bool a, char32_t b) override { return std::tuple(a, b); }
  Result<std::string> text(std::string_view s) override { return std::string(s); }
  Result<Bytes> bytes(std::span<const std::byte> b) override { return Bytes::copy_of(b); }
  Result<std::vector<std::string>> strings(std::vector<std::string> l) override { return l; }
  Result<roundtrip::Access> access_of(roundtrip::Access a) override { return a; }
  Result<roundtrip::Colour> colour_of(roundtrip::Colour c) override { return c; }
  Result<roundtrip::Shape> shape_of(roundtrip::Shape s) override { return s; }
  Result<roundtrip::Person> person_of(roundtrip::Person p) override { return p; }
  Result<std::vector<roundtrip::Person>> people(std::vector<roundtrip::Person> l) override {
    return l;
  }
  Result<std::optional<std::optional<uint32_t>>> maybe(
      std::optional<std::optional<uint32_t>> o) override {
    return o;
  }
  Result<std::expected<std::string, uint32_t>> outcome(
      std::expected<std::string, uint32_t> r) override {
    return r;
  }
  Result<void> nothing() override {
    ++calls;
    return {};
  }
  Result<std::string> wide(std::string_view a, std::string_view b, std::string_view c,
                           std::string_view d, std::string_view e, std::string_view f,
                           std::string_view g, std::string_view h, std::string_view i) override {
    return fmt::format("{}{}{}{}{}{}{}{}{}", a, b, c, d, e, f, g, h, i);
  }
  Result<std::unique_ptr<roundtrip::Cell>> cell_of(std::unique_ptr<roundtrip::Cell> c) override {
    return c;
  }
  Result<std::unique_ptr<roundtrip::Cell>> cell_constructor(int32_t start) override {
    return std::make_unique<Cell>(start);
  }
  Result<std::unique_ptr<roundtrip::Cell>> cell_join(std::unique_ptr<roundtrip::Cell> a,
                                                     roundtrip::Cell& b) override {
    return std::make_unique<Cell>(TRY(a->value()) + TRY(b.value()));
  }
};

TEST(HostBindings, PassTheChecksOfAComponent) {
  const auto guest = shared_guest("p2-values-caller");
  if (!guest) GTEST_SKIP() << "no " << WASH_SHARED_DIR << "/guests/p2-values-caller.wasm";
  component::Linker linker;
  wasi::add_to_linker(linker);
  roundtrip::add_to_linker(linker, [](component::HostState& host) -> roundtrip::Interface& {
    return static_cast<Host&>(host);
  });
  const auto prepared = prepare(linker, *guest);
  ASSERT_TRUE(prepared) << prepared.error().message();
  const auto run = wit::wasi::cli_0_2::run::Guest::find(**prepared);
  ASSERT_TRUE(run) << run.error().message();

  Loop loop;
  const wasi::Environment environment;
  Host host(loop, environment);
  {
    auto instance = (*prepared)->instantiate({.limits = {}, .host = &host, .loop = &loop});
    ASSERT_TRUE(instance) << instance.error().message();
    std::optional<bool> passed;
    const auto done = run_to_end(loop, (*instance)->run([&]() -> Result<void> {
      passed = TRY(run->run(**instance)).has_value();
      return {};
    }));
    ASSERT_TRUE(done) << done.error().message() << "\n" << done.error().detail();
    EXPECT_EQ(passed, true);
  }
  EXPECT_EQ(host.calls, 1);
  EXPECT_TRUE(run_to_end(loop, host.finish()));
}

}  // namespace
}  // namespace wasmcloud
