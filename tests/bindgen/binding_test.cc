#include "bindgen/fake_context.h"
#include "bindings/test/shapes_1/calls.h"
#include "bindings/test/shapes_1/names.h"
#include "bindings/test/shapes_1/shapes.abi.h"
#include "component/abi/call.h"
#include "component/detail/linker_items.h"
#include "component/linker.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

namespace shapes = wit::test::shapes_1::shapes;

int live_counters = 0;

class Counter final : public shapes::Counter {
 public:
  explicit Counter(uint32_t start) : value_(start) { ++live_counters; }
  ~Counter() override { --live_counters; }
  Result<uint32_t> next() override { return ++value_; }
  Result<uint32_t> add(shapes::Counter& other) override {
    return value_ + static_cast<Counter&>(other).value_;
  }
  Task<uint32_t> wait_next() override { co_return ++value_; }
  uint32_t value() const { return value_; }

 private:
  uint32_t value_;
};

class Shapes final : public shapes::Interface, public HostState {
 public:
  Result<shapes::Everything> echo_everything(shapes::Everything value) override { return value; }
  Result<std::tuple<bool, int8_t, uint16_t, float, double, char32_t, int64_t>> echo_scalars(
      bool a, int8_t b, uint16_t c, float d, double e, char32_t f, int64_t g) override {
    return std::tuple(a, b, c, d, e, f, g);
  }
  Result<std::string> echo_string(std::string_view value) override { return std::string(value); }
  Result<shapes::Text> echo_text(std::string_view value) override { return std::string(value); }
  Result<shapes::Bytes> echo_bytes(std::span<const std::byte> value) override {
    return ::wasmcloud::Bytes::copy_of(value);
  }
  Result<shapes::Shape> echo_shape(shapes::Shape value) override { return value; }
  Result<std::optional<uint64_t>> echo_option(std::optional<uint64_t> value) override {
    return value;
  }
  Result<std::expected<void, shapes::Color>> echo_result(
      std::expected<void, shapes::Color> value) override {
    if (!value) return guest_error(value.error());
    return ok();
  }
  Result<std::expected<float, uint64_t>> echo_joined(
      std::expected<float, uint64_t> value) override {
    return value;
  }
  Result<std::expected<void, std::monostate>> echo_nothing(
      std::expected<void, std::monostate> value) override {
    return value;
  }
  Result<std::tuple<shapes::Permissions, shapes::Wide, shapes::Full>> echo_flags(
      shapes::Permissions a, shapes::Wide b, shapes::Full c) override {
    return std::tuple(a, b, c);
  }
  Result<shapes::Color> echo_color(shapes::Color value) override { return value; }
  Result<uint64_t> many(uint8_t a, uint16_t b, uint32_t c, uint64_t d, std::string_view e, uint8_t,
                        uint8_t, uint8_t, uint8_t, uint8_t, uint8_t, uint8_t, uint8_t, uint8_t,
                        uint8_t o, double p) override {
    return a + b + c + d + e.size() + o + static_cast<uint64_t>(p);
  }
  Result<void> nothing() override {
    ++nothings;
    return {};
  }
  Result<uint32_t> fail() override { return ::wasmcloud::fail(Errc::Denied, "no"); }
  Task<std::string> later(std::string text, ::wasmcloud::Bytes bytes) override {
    co_return text + std::string(bytes.text());
  }
  Result<std::unique_ptr<shapes::Counter>> counter_constructor(uint32_t start) override {
    return std::make_unique<Counter>(start);
  }
  Result<std::expected<std::unique_ptr<shapes::Counter>, std::string>> counter_try_new(
      uint32_t start) override {
    if (start == 0) return guest_error("zero");
    return std::unique_ptr<shapes::Counter>(std::make_unique<Counter>(start));
  }
  Result<std::unique_ptr<shapes::Counter>> merge(
      std::vector<std::unique_ptr<shapes::Counter>> counters) override {
    uint32_t sum = 0;
    for (const auto& counter : counters) sum += static_cast<Counter&>(*counter).value();
    return std::make_unique<Counter>(sum);
  }
  Result<uint64_t> sum(std::vector<shapes::Counter*> counters) override {
    uint64_t sum = 0;
    for (const auto* counter : counters) sum += static_cast<const Counter*>(counter)->value();
    return sum;
  }
  int nothings = 0;
};

// A guest that calls what is linked: lowers, calls, lifts.
class Bindings : public testing::Test {
 protected:
  Bindings() {
    shapes::add_to_linker(
        linker_, [](HostState& host) -> shapes::Interface& { return static_cast<Shapes&>(host); });
  }

  Result<void> raw(FakeContext& context, std::string_view name, engine::RawValue* flat) {
    const auto& items = linker_.instance("test:shapes/shapes@1.2.3").items();
    const auto found = items.by_name.find(name);
    if (found == items.by_name.end()) return fail(Errc::NotFound, "{}", name);
    const auto* function = std::get_if<HostFunctionItem>(&found->second);
    auto result = function->function(function->self, context, flat);
    context.end_lends();
    return result;
  }

  template <class R, class... Args>
  Result<R> call(FakeContext& context, std::string_view name, Args... args) {
    engine::RawValue flat[17] = {};
    abi::Lower out(context);
    using Parameters = abi::Parameters<Args...>;
    Parameters::lower(out, flat, args...);
    TRY(out.result());
    uint32_t place = 0;
    if constexpr (abi::Type<R>::kFlat > 1) {
      place = TRY(context.allocate(abi::Type<R>::kSize, abi::Type<R>::kAlign));
      flat[Parameters::kFlat].u32 = place;
    }
    TRY(raw(context, name, flat));
    if constexpr (abi::Type<R>::kFlat > 1) flat[0].u32 = place;
    R value{};
    abi::Lift in(context);
    abi::lift_result(in, flat, value);
    TRY(in.result());
    return value;
  }

  Shapes host_;
  FakeContext context_{StringEncoding::Utf8, &host_};
  Linker linker_;
};

TEST_F(Bindings, EveryTypeGoesInAndOut) {
  EXPECT_EQ(call<std::string>(context_, "echo-string", std::string("h\xc3\xa9llo")),
            "h\xc3\xa9llo");
  EXPECT_EQ(call<std::string>(context_, "echo-text", std::string()), "");
  EXPECT_EQ(call<Bytes>(context_, "echo-bytes", Bytes::copy_of("\0\xff"))->text(),
            std::string_view("\0\xff"));
  using Scalars = std::tuple<bool, int8_t, uint16_t, float, double, char32_t, int64_t>;
  const Scalars scalars{true,  int8_t{-5},  uint16_t{65535},  -0.5f,
                        1e300, U'\x10ffff', int64_t{-1} << 62};
  const auto echoed = std::apply(
      [&](auto... each) { return call<Scalars>(context_, "echo-scalars", each...); }, scalars);
  ASSERT_TRUE(echoed) << echoed.error().message();
  EXPECT_EQ(*echoed, scalars);
  EXPECT_EQ(
      call<std::optional<uint64_t>>(context_, "echo-option", std::optional<uint64_t>(1ull << 40)),
      1ull << 40);
  EXPECT_FALSE(call<std::optional<uint64_t>>(context_, "echo-option", std::optional<uint64_t>())
                   ->has_value());
  using Colored = std::expected<void, shapes::Color>;
  EXPECT_EQ(call<Colored>(context_, "echo-result", Colored())->has_value(), true);
  EXPECT_EQ(
      call<Colored>(context_, "echo-result", Colored(std::unexpect, shapes::Color::Blue))->error(),
      shapes::Color::Blue);
  using Joined = std::expected<float, uint64_t>;
  EXPECT_EQ(**call<Joined>(context_, "echo-joined", Joined(2.5f)), 2.5f);
  EXPECT_EQ(call<Joined>(context_, "echo-joined", Joined(std::unexpect, ~0ull))->error(), ~0ull);
  using Nothing = std::expected<void, std::monostate>;
  EXPECT_FALSE(call<Nothing>(context_, "echo-nothing", Nothing(std::unexpect))->has_value());
  EXPECT_EQ(call<shapes::Color>(context_, "echo-color", shapes::Color::Green),
            shapes::Color::Green);
  using Flags = std::tuple<shapes::Permissions, shapes::Wide, shapes::Full>;
  const auto flags =
      call<Flags>(context_, "echo-flags", shapes::Permissions{.bits = shapes::Permissions::kWrite},
                  shapes::Wide{.bits = shapes::Wide::kF8},
                  shapes::Full{.bits = shapes::Full::kF31 | shapes::Full::kF0});
  ASSERT_TRUE(flags);
  EXPECT_TRUE(std::get<0>(*flags).has(shapes::Permissions::kWrite));
  EXPECT_EQ(std::get<2>(*flags).bits, 0x8000'0001u);
  shapes::Everything everything;
  everything.m = "text";
  everything.v = shapes::Shape::label("label");
  const auto whole = call<shapes::Everything>(context_, "echo-everything", std::move(everything));
  ASSERT_TRUE(whole) << whole.error().message();
  EXPECT_EQ(whole->m, "text");
  EXPECT_EQ(whole->v.get_label(), "label");
}

TEST_F(Bindings, TooManyParametersGoThroughMemory) {
  const auto byte = [](int value) { return static_cast<uint8_t>(value); };
  const auto sum = call<uint64_t>(context_, "many", byte(1), uint16_t{2}, uint32_t{3}, uint64_t{4},
                                  std::string("12345"), byte(0), byte(0), byte(0), byte(0), byte(0),
                                  byte(0), byte(0), byte(0), byte(0), byte(6), 7.0);
  EXPECT_EQ(sum, 1 + 2 + 3 + 4 + 5 + 6 + 7u);
  engine::RawValue flat[2] = {};
  flat[0].u32 = 4;  // not aligned to 8
  const auto trapped = raw(context_, "many", flat);
  ASSERT_FALSE(trapped);
  EXPECT_EQ(trapped.error().code(), Errc::Trap);
}

TEST_F(Bindings, WaitingFunctionsRunTheirCoroutine) {
  EXPECT_EQ(call<std::string>(context_, "later", std::string("a"), Bytes::copy_of("b")), "ab");
}

TEST_F(Bindings, ErrorsOfTheHostComeThroughAsTheyAre) {
  const auto failed = call<uint32_t>(context_, "fail");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code(), Errc::Denied);
  engine::RawValue flat[1] = {};
  EXPECT_TRUE(raw(context_, "nothing", flat));
  EXPECT_EQ(host_.nothings, 1);
}

TEST_F(Bindings, HandlesOwnAndBorrowHostObjects) {
  {
    FakeContext context(StringEncoding::Utf8, &host_);
    engine::RawValue flat[4] = {};
    flat[0].u32 = 10;
    ASSERT_TRUE(raw(context, "[constructor]counter", flat));
    const uint32_t first = flat[0].u32;
    EXPECT_EQ(first, 1u);
    ASSERT_TRUE(raw(context, "[method]counter.next", flat));
    EXPECT_EQ(flat[0].u32, 11u);
    flat[0].u32 = first;
    ASSERT_TRUE(raw(context, "[method]counter.wait-next", flat));
    EXPECT_EQ(flat[0].u32, 12u);
    flat[0].u32 = 30;
    ASSERT_TRUE(raw(context, "[constructor]counter", flat));
    const uint32_t second = flat[0].u32;
    flat[0].u32 = first;
    flat[1].u32 = second;
    ASSERT_TRUE(raw(context, "[method]counter.add", flat));
    EXPECT_EQ(flat[0].u32, 42u);
    EXPECT_EQ(live_counters, 2);
    // Borrowed in a list, then owned by one.
    context.poke<uint32_t>(0, first);
    context.poke<uint32_t>(4, second);
    flat[0].u32 = 0;
    flat[1].u32 = 2;
    ASSERT_TRUE(raw(context, "sum", flat));
    EXPECT_EQ(flat[0].u64, 42u);
    flat[0].u32 = 0;
    flat[1].u32 = 2;
    ASSERT_TRUE(raw(context, "merge", flat));
    EXPECT_EQ(live_counters, 1);
    flat[0].u32 = first == flat[0].u32 ? second : first;
    const auto gone = raw(context, "[method]counter.next", flat);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code(), Errc::Trap);
  }
  EXPECT_EQ(live_counters, 0);
}

TEST_F(Bindings, FallibleConstructorsGiveResults) {
  FakeContext context(StringEncoding::Utf8, &host_);
  engine::RawValue flat[2] = {};
  flat[0].u32 = 0;
  flat[1].u32 = 16;
  ASSERT_TRUE(raw(context, "[static]counter.try-new", flat));
  EXPECT_EQ(context.peek<uint8_t>(16), 1);
  EXPECT_EQ(context.peek<uint32_t>(24), 4u);  // "zero"
  flat[0].u32 = 5;
  ASSERT_TRUE(raw(context, "[static]counter.try-new", flat));
  EXPECT_EQ(context.peek<uint8_t>(16), 0);
  EXPECT_EQ(context.peek<uint32_t>(20), 1u);
}

TEST_F(Bindings, HostileArgumentsTrapBeforeTheHostSeesThem) {
  engine::RawValue flat[4] = {};
  flat[0].u32 = 99;
  EXPECT_FALSE(raw(context_, "[method]counter.next", flat));
  flat[0].u32 = 7;
  EXPECT_FALSE(raw(context_, "echo-color", flat));
  flat[0].u32 = 60;
  flat[1].u32 = 5;
  flat[2].u32 = 0;
  EXPECT_FALSE(raw(context_, "echo-string", flat));
}

}  // namespace
}  // namespace wasmcloud::component
