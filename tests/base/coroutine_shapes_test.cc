// Shapes of coroutines that compilers have got wrong (GCC 12 destroys temporaries twice, or rejects
// the code). A compiler is supported when all of them pass under ASan, at -O0 and -O2. Each shape
// checks that every object made was destroyed exactly once.
#include "base/loop.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace wasmcloud {
namespace {

struct Counted {
  static inline int alive = 0;
  std::string text;
  explicit Counted(std::string t = "long enough to live on the heap") : text(std::move(t)) {
    ++alive;
  }
  Counted(const Counted& other) : text(other.text) { ++alive; }
  Counted(Counted&& other) noexcept : text(std::move(other.text)) { ++alive; }
  Counted& operator=(const Counted&) = default;
  Counted& operator=(Counted&&) noexcept = default;
  ~Counted() { --alive; }
};

struct Pair {
  Counted first;
  Counted second;
  int number = 0;
};

Task<size_t> length_of(Pair pair) {
  co_return pair.first.text.size() + pair.second.text.size() + pair.number;
}
Task<size_t> length_of_all(std::vector<Counted> items) {
  size_t sum = 0;
  for (const auto& item : items) sum += item.text.size();
  co_return sum;
}
Task<Counted> make(std::string text) { co_return Counted(std::move(text)); }
Task<Counted> broken() { co_return fail(Errc::Invalid, "broken"); }
Task<bool> yes(Counted counted) { co_return !counted.text.empty(); }
Task<void> pause(Loop* loop) { return sleep_for(*loop, Clock::duration(1)); }

Task<size_t> aggregate_in_a_statement(Loop*) {
  co_return CO_TRY(co_await length_of(Pair{Counted("a"), Counted("b"), 1}));
}
Task<size_t> aggregate_in_an_if(Loop*) {
  if (CO_TRY(co_await length_of(Pair{Counted("a"), Counted("b"), 1})) == 3) co_return 3;
  co_return 0;
}
Task<size_t> aggregate_in_a_conditional(Loop*) {
  co_return CO_TRY(co_await length_of(Pair{Counted("a"), Counted("b"), 1})) == 3 ? 3 : 0;
}
Task<size_t> aggregate_in_a_for(Loop*) {
  size_t sum = 0;
  for (size_t i = 0; i < CO_TRY(co_await length_of(Pair{Counted("a"), Counted("b"), 1})); ++i)
    sum += 1;
  co_return sum;
}
Task<size_t> aggregate_in_an_and(Loop*) {
  co_return CO_TRY(co_await yes(Counted())) &&
          CO_TRY(co_await length_of(Pair{Counted("a"), Counted("b"), 1})) == 3
      ? 3
      : 0;
}
Task<size_t> aggregate_in_a_switch(Loop*) {
  switch (CO_TRY(co_await length_of(Pair{Counted("a"), Counted("b"), 1}))) {
    case 3:
      co_return 3;
    default:
      co_return 0;
  }
}
Task<size_t> aggregate_in_a_structured_binding(Loop*) {
  auto [first, second, number] = Pair{CO_TRY(co_await make("a")), CO_TRY(co_await make("b")), 1};
  co_return first.text.size() + second.text.size() + number;
}
Task<size_t> braced_list_as_argument(Loop*) {
  co_return CO_TRY(co_await length_of_all({Counted("a"), Counted("b"), Counted("c")}));
}
Task<size_t> nested_tries_in_an_aggregate(Loop* loop) {
  CO_TRY(co_await pause(loop));
  co_return CO_TRY(
      co_await length_of(Pair{CO_TRY(co_await make("a")), CO_TRY(co_await make("b")), 1}));
}
Task<size_t> half_built_aggregate_is_unwound(Loop*) {
  auto inner = []() -> Task<size_t> {
    co_return CO_TRY(
        co_await length_of(Pair{CO_TRY(co_await make("a")), CO_TRY(co_await broken()), 1}));
  };
  const auto result = co_await inner();
  co_return result ? 0 : 3;
}
Task<size_t> temporaries_live_across_a_suspension(Loop* loop) {
  auto inner = [](Loop* l, const Counted& counted) -> Task<size_t> {
    CO_TRY(co_await pause(l));
    co_return counted.text.size();
  };
  co_return CO_TRY(co_await inner(loop, Counted("abc")));
}
Task<size_t> optional_of_an_aggregate(Loop*) {
  std::optional<Pair> pair = Pair{CO_TRY(co_await make("a")), Counted("b"), 1};
  co_return CO_TRY(co_await length_of(std::move(*pair)));
}
Task<size_t> variant_of_an_aggregate(Loop*) {
  std::variant<int, Pair> either = Pair{CO_TRY(co_await make("a")), Counted("b"), 1};
  co_return CO_TRY(co_await length_of(std::get<Pair>(std::move(either))));
}
Task<size_t> array_of_aggregates(Loop*) {
  std::array<Pair, 1> pairs = {Pair{CO_TRY(co_await make("a")), CO_TRY(co_await make("b")), 1}};
  co_return CO_TRY(co_await length_of(std::move(pairs[0])));
}
Task<size_t> map_insertion_of_an_awaited_value(Loop*) {
  std::map<int, Counted> items;
  items.emplace(1, CO_TRY(co_await make("abc")));
  co_return items.at(1).text.size();
}
Task<size_t> range_for_over_an_awaited_value(Loop*) {
  size_t sum = 0;
  auto list = []() -> Task<std::vector<Counted>> {
    co_return std::vector<Counted>{Counted("a"), Counted("bc")};
  };
  const auto items = CO_TRY(co_await list());
  for (const auto& item : items) sum += item.text.size();
  co_return sum;
}
Task<size_t> move_only_arguments(Loop*) {
  auto take = [](std::unique_ptr<Counted> counted) -> Task<size_t> {
    co_return counted->text.size();
  };
  co_return CO_TRY(co_await take(std::make_unique<Counted>("abc")));
}
Task<size_t> recursion(Loop* loop) {
  struct Step {
    static Task<size_t> down(Loop* l, size_t n, Counted held) {
      if (n == 0) co_return 0;
      co_return 1 + CO_TRY(co_await down(l, n - 1, Counted(held.text)));
    }
  };
  co_return CO_TRY(co_await Step::down(loop, 3, Counted()));
}
Task<size_t> value_returned_through_two_frames(Loop*) {
  auto outer = []() -> Task<Counted> { co_return CO_TRY(co_await make("abc")); };
  co_return CO_TRY(co_await outer()).text.size();
}
Task<size_t> early_return_inside_a_scope(Loop* loop) {
  const Counted outer;
  {
    const Counted inner;
    CO_TRY(co_await pause(loop));
    if (inner.text == outer.text) co_return 3;
  }
  co_return 0;
}

struct Shape {
  const char* name;
  Task<size_t> (*run)(Loop*);
};
constexpr Shape kShapes[] = {
    {"AggregateInAStatement", aggregate_in_a_statement},
    {"AggregateInAnIf", aggregate_in_an_if},
    {"AggregateInAConditional", aggregate_in_a_conditional},
    {"AggregateInAFor", aggregate_in_a_for},
    {"AggregateInAnAnd", aggregate_in_an_and},
    {"AggregateInASwitch", aggregate_in_a_switch},
    {"AggregateInAStructuredBinding", aggregate_in_a_structured_binding},
    {"BracedListAsArgument", braced_list_as_argument},
    {"NestedTriesInAnAggregate", nested_tries_in_an_aggregate},
    {"HalfBuiltAggregateIsUnwound", half_built_aggregate_is_unwound},
    {"TemporariesLiveAcrossASuspension", temporaries_live_across_a_suspension},
    {"OptionalOfAnAggregate", optional_of_an_aggregate},
    {"VariantOfAnAggregate", variant_of_an_aggregate},
    {"ArrayOfAggregates", array_of_aggregates},
    {"MapInsertionOfAnAwaitedValue", map_insertion_of_an_awaited_value},
    {"RangeForOverAnAwaitedValue", range_for_over_an_awaited_value},
    {"MoveOnlyArguments", move_only_arguments},
    {"Recursion", recursion},
    {"ValueReturnedThroughTwoFrames", value_returned_through_two_frames},
    {"EarlyReturnInsideAScope", early_return_inside_a_scope},
};

class CoroutineShape : public testing::TestWithParam<Shape> {};

TEST_P(CoroutineShape, IsRightAndDestroysEverythingOnce) {
  Counted::alive = 0;
  {
    Loop loop;
    const auto result = run_to_end(loop, GetParam().run(&loop));
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ(*result, 3U);
  }
  EXPECT_EQ(Counted::alive, 0);
}

INSTANTIATE_TEST_SUITE_P(All, CoroutineShape, testing::ValuesIn(kShapes),
                         [](const auto& shape) { return shape.param.name; });

TEST(CoroutineShape, ASuspendedFrameThatIsDestroyedDestroysItsLocals) {
  Counted::alive = 0;
  {
    Loop loop;
    auto never = [](Loop* l, Pair held) -> Task<size_t> {
      const Counted local;
      CO_TRY(co_await sleep_for(*l, std::chrono::hours(1)));
      co_return CO_TRY(co_await length_of(std::move(held)));
    };
    const auto late = run_to_end(loop, with_deadline(loop, std::chrono::milliseconds(1), "it",
                                                     never(&loop, Pair{Counted(), Counted(), 1})));
    EXPECT_FALSE(late);
  }
  EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace wasmcloud
