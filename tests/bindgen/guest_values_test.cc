// Our callers against the exports of a component made by another generator's Rust bindings.
#include "bindgen/values_guest.h"
#include "bindings/guests/p2/roundtrip.h"

namespace wasmcloud {
namespace {

namespace roundtrip = wit::guests::p2::roundtrip;

class GuestBindings : public testing::Test {
 protected:
  void SetUp() override {
    const auto bytes = shared_guest("p2-values");
    if (!bytes) GTEST_SKIP() << "no " << WASH_SHARED_DIR << "/guests/p2-values.wasm";
    wasi::add_to_linker(linker_);
    auto prepared = prepare(linker_, *bytes);
    ASSERT_TRUE(prepared) << prepared.error().message();
    prepared_ = *prepared;
    auto instance = prepared_->instantiate({.limits = {}, .host = &host_, .loop = &loop_});
    ASSERT_TRUE(instance) << instance.error().message();
    instance_ = std::move(*instance);
  }

  // Runs `body`, which calls the guest, on a stack.
  template <class Body>
  void on_stack(const Body& body) {
    auto guest = roundtrip::Guest::find(*prepared_);
    ASSERT_TRUE(guest) << guest.error().message();
    const auto done = run_to_end(
        loop_, instance_->run([&]() -> Result<void> { return body(*guest, *instance_); }));
    ASSERT_TRUE(done) << done.error().message();
  }

  Loop loop_;
  wasi::Environment environment_;
  wasi::Context host_{loop_, environment_};
  component::Linker linker_;
  std::shared_ptr<const component::Prepared> prepared_;
  std::unique_ptr<component::Instance> instance_;
};

TEST_F(GuestBindings, EveryValueComesBack) {
  on_stack([](const roundtrip::Guest& guest, component::Instance& instance) -> Result<void> {
    const std::tuple ints{uint8_t{255}, int8_t{-128}, uint16_t{65535}, int16_t{-1},
                          ~0u,          -5,           ~uint64_t{0},    int64_t{-1} << 63};
    EXPECT_EQ(TRY(std::apply([&](auto... each) { return guest.ints(instance, each...); }, ints)),
              ints);
    EXPECT_EQ(TRY(guest.floats(instance, -0.5f, 1e300)), std::tuple(-0.5f, 1e300));
    EXPECT_EQ(TRY(guest.truth(instance, true, U'\x10ffff')), std::tuple(true, U'\x10ffff'));
    const std::string text(100'000, 'x');
    EXPECT_EQ(TRY(guest.text(instance, text)), text);
    EXPECT_EQ(TRY(guest.text(instance, "na\xc3\xafve")), "na\xc3\xafve");
    EXPECT_EQ(TRY(guest.bytes(instance, std::as_bytes(std::span(text)))).text(), text);
    EXPECT_EQ(TRY(guest.bytes(instance, {})).size(), 0u);
    const std::vector<std::string> words{"a", "", "ccc"};
    EXPECT_EQ(TRY(guest.strings(instance, words)), words);
    EXPECT_EQ(TRY(guest.access_of(instance, {.bits = roundtrip::Access::kAdmin})).bits, 8u);
    EXPECT_EQ(TRY(guest.colour_of(instance, roundtrip::Colour::Blue)), roundtrip::Colour::Blue);
    EXPECT_EQ(TRY(guest.shape_of(instance, roundtrip::Shape::many({1, -2}))).get_many(),
              (std::vector<int16_t>{1, -2}));
    EXPECT_EQ(TRY(guest.shape_of(instance, roundtrip::Shape::box({7, ~0ull}))).get_box(),
              std::tuple(uint8_t{7}, ~uint64_t{0}));
    EXPECT_TRUE(TRY(guest.shape_of(instance, roundtrip::Shape::none())).is_none());
    std::vector<roundtrip::Person> people;
    for (int i = 0; i < 100; ++i)
      people.push_back({.name = fmt::format("p{}", i),
                        .age = static_cast<uint8_t>(i),
                        .tags = {"t", "u"},
                        .boss = "b"});
    const auto back = TRY(guest.people(instance, std::move(people)));
    EXPECT_EQ(back.size(), 100u);
    EXPECT_EQ(back[99].name, "p99");
    EXPECT_EQ(back[99].tags.size(), 2u);
    using Maybe = std::optional<std::optional<uint32_t>>;
    for (const Maybe& maybe : {Maybe(), Maybe(std::in_place), Maybe(std::in_place, 9u)}) {
      EXPECT_EQ(TRY(guest.maybe(instance, maybe)), maybe);
    }
    EXPECT_EQ(TRY(guest.outcome(instance, std::unexpected(9u))).error(), 9u);
    TRY(guest.nothing(instance));
    EXPECT_EQ(TRY(guest.wide(instance, "a", "b", "c", "d", "e", "f", "g", "h", "i")), "abcdefghi");
    return {};
  });
}

TEST_F(GuestBindings, TextThatIsNotUtf8DoesNotReachTheGuest) {
  on_stack([](const roundtrip::Guest& guest, component::Instance& instance) -> Result<void> {
    const auto refused = guest.text(instance, "\xff");
    EXPECT_FALSE(refused);
    if (!refused) EXPECT_EQ(refused.error().code(), Errc::Internal);
    return {};
  });
}

}  // namespace
}  // namespace wasmcloud
