#include "component/support/components.h"
#include "component/support/handle_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <variant>

// Random sequences of async calls, subtask.cancel, subtask.drop, backpressure and waitable sets
// with subtasks in them, against a model of their rules that was written from the specification
// (canonical ABI, "Task State", "Subtask State", "canon subtask.cancel") and shares nothing with
// what runs. What the callee does with its task is the argument of the call: see
// components/subtasks.wat. Beside it: async_differential_test.cc, for streams and futures.

namespace wasmcloud::component {
namespace {

constexpr uint32_t kBlocked = 0xffff'ffff;

struct Model {
  enum class Kind : uint8_t { GateR, GateW, Subtask, Set };
  enum CopyResult : uint32_t { Completed = 0, Dropped = 1, Cancelled = 2 };
  enum CallState : uint32_t {
    Starting = 0,
    Started = 1,
    Returned = 2,
    CancelledBeforeStarted = 3,
    CancelledBeforeReturned = 4
  };
  /// What a callee does with its task.
  enum Mode : uint32_t {
    WaitsAndCancels = 0,      ///< until its gate has a value, which it returns
    WaitsWhatever = 1,        ///< asked to cancel, it goes on to wait
    ReturnsFirst = 2,         ///< and waits then
    ReturnsWhenCancelled = 3  ///< a value all the same
  };

  struct Callee;
  struct Gate {
    bool dropped = false;            ///< its readable end
    std::optional<uint32_t> parked;  ///< who writes
    Callee* reader = nullptr;        ///< who waits for it
  };
  struct Callee {
    uint32_t mode;
    uint32_t handle;  ///< of its gate, in its caller's table until it starts
    std::shared_ptr<Gate> gate = nullptr;
    uint32_t subtask = 0;
    CallState state = Starting;
    bool is_ready = false;  ///< to finish, in its next turn
  };
  struct Entry {
    Kind kind;
    std::shared_ptr<Gate> gate = nullptr;
    enum class State : uint8_t { Idle, Copying, Done } state = State::Idle;  ///< of a writer
    Callee* callee = nullptr;
    bool is_asked = false;      ///< to cancel
    bool is_delivered = false;  ///< that it is resolved
    std::optional<uint32_t> event = {};
    uint32_t set = 0;
  };
  using Outcome = std::variant<uint64_t, std::string>;  ///< or a part of the message of a trap

  HandleModel<Entry> table;
  std::deque<std::unique_ptr<Callee>> callees;
  std::deque<Callee*> at_door;
  uint32_t backpressure = 0;
  uint32_t last = 0;
  bool is_poisoned = false;  ///< by what ran behind a step

  uint32_t add(Entry entry) { return table.add(std::move(entry)); }
  void remove(uint32_t index) { table.remove(index); }
  Entry* find(uint32_t index) { return table.find(index); }
  std::optional<Outcome> refuse(uint32_t index, Kind kind) {
    const Entry* const entry = find(index);
    if (entry == nullptr) return "unknown handle index";
    if (entry->kind != kind) return "wrong type";
    return std::nullopt;
  }
  bool is_reserved(uint32_t index) const {
    return std::ranges::any_of(at_door, [&](const Callee* it) { return it->handle == index; });
  }

  // --- calls

  static bool is_resolved(const Callee& callee) { return callee.state >= Returned; }

  /// The caller's subtask, if it has one, has something to tell: what, is looked up when it does.
  void resolve(Callee& callee, CallState state, uint32_t value) {
    callee.state = state;
    if (state == Returned) last = value;
    if (callee.subtask != 0) find(callee.subtask)->event = 0;
  }

  void finish(Callee& callee) {
    if (callee.mode != ReturnsFirst) resolve(callee, Returned, 5);
    callee.gate->dropped = true;
  }

  /// Lifts its arguments and runs its first turn.
  std::optional<Outcome> start(Callee& callee) {
    if (auto refused = refuse(callee.handle, Kind::GateR)) return refused;
    if (find(callee.handle)->set != 0) return "waitable set";
    callee.gate = find(callee.handle)->gate;
    remove(callee.handle);
    callee.handle = 0;
    callee.state = Started;
    if (callee.subtask != 0) find(callee.subtask)->event = 0;
    if (callee.mode == ReturnsFirst) resolve(callee, Returned, 7);
    if (callee.gate->parked) {
      find(*std::exchange(callee.gate->parked, std::nullopt))->event = Completed;
      finish(callee);
    } else {
      callee.gate->reader = &callee;
    }
    return std::nullopt;
  }

  Outcome call(uint32_t mode, uint32_t gate) {
    callees.push_back(std::make_unique<Callee>(Callee{.mode = mode, .handle = gate}));
    Callee& callee = *callees.back();
    if (backpressure == 0) {
      if (auto refused = start(callee)) return *refused;
      if (is_resolved(callee)) return uint64_t{callee.state};
    } else {
      at_door.push_back(&callee);
    }
    callee.subtask = add({.kind = Kind::Subtask, .callee = &callee});
    return uint64_t{callee.state} | uint64_t{callee.subtask} << 4;
  }

  /// What runs before the next step.
  void settle() {
    while (backpressure == 0 && !at_door.empty() && !is_poisoned) {
      Callee& callee = *at_door.front();
      at_door.pop_front();
      is_poisoned = start(callee).has_value();
    }
    for (const auto& callee : callees) {
      if (std::exchange(callee->is_ready, false)) finish(*callee);
    }
  }

  Outcome cancel_subtask(uint32_t index) {
    if (auto refused = refuse(index, Kind::Subtask)) return *refused;
    Entry& entry = *find(index);
    if (entry.is_delivered) return "after terminal status delivered";
    if (entry.is_asked) return "called twice";
    Callee& callee = *entry.callee;
    if (!is_resolved(callee)) {
      entry.is_asked = true;
      if (callee.state == Starting) {
        std::erase(at_door, &callee);
        callee.handle = 0;
        resolve(callee, CancelledBeforeStarted, 0);
      } else if (callee.mode != WaitsWhatever) {
        callee.gate->reader = nullptr;
        callee.gate->dropped = true;
        resolve(callee, callee.mode == ReturnsWhenCancelled ? Returned : CancelledBeforeReturned,
                9);
      }
      if (!is_resolved(callee)) return kBlocked;
    }
    return deliver(index);
  }

  Outcome drop_subtask(uint32_t index) {
    if (auto refused = refuse(index, Kind::Subtask)) return *refused;
    if (!find(index)->is_delivered) return "not yet resolved";
    find(index)->callee->subtask = 0;
    remove(index);
    return uint64_t{0};
  }

  // --- gates

  Outcome make_gate() {
    auto gate = std::make_shared<Gate>();
    const uint64_t reader = add({.kind = Kind::GateR, .gate = gate});
    const uint64_t writer = add({.kind = Kind::GateW, .gate = gate});
    return reader | writer << 32;
  }

  Outcome write(uint32_t index) {
    if (auto refused = refuse(index, Kind::GateW)) return *refused;
    Entry& entry = *find(index);
    if (entry.state == Entry::State::Copying) return "concurrent operations";
    if (entry.state == Entry::State::Done) return "future after previous";
    Gate& gate = *entry.gate;
    if (!gate.dropped && gate.reader == nullptr) {
      entry.state = Entry::State::Copying;
      gate.parked = index;
      return kBlocked;
    }
    entry.state = Entry::State::Done;
    if (gate.dropped) return uint64_t{Dropped};
    std::exchange(gate.reader, nullptr)->is_ready = true;
    return uint64_t{Completed};
  }

  Outcome cancel_write(uint32_t index) {
    if (auto refused = refuse(index, Kind::GateW)) return *refused;
    Entry& entry = *find(index);
    if (entry.state != Entry::State::Copying) return "cancelled when no";
    if (entry.set != 0) return "synchronously while added";
    if (entry.event) return deliver(index);
    entry.gate->parked.reset();
    entry.state = Entry::State::Idle;
    return uint64_t{Cancelled};
  }

  Outcome drop_writer(uint32_t index) {
    if (auto refused = refuse(index, Kind::GateW)) return *refused;
    if (find(index)->state == Entry::State::Copying) return "busy";
    if (find(index)->state != Entry::State::Done) return "without first writing";
    remove(index);
    return uint64_t{0};
  }

  Outcome drop_reader(uint32_t index) {
    if (auto refused = refuse(index, Kind::GateR)) return *refused;
    Gate& gate = *find(index)->gate;
    gate.dropped = true;
    if (gate.parked) find(*std::exchange(gate.parked, std::nullopt))->event = Dropped;
    remove(index);
    return uint64_t{0};
  }

  // --- sets

  /// Takes the event of a waitable.
  uint32_t deliver(uint32_t index) {
    Entry& entry = *find(index);
    const uint32_t event = entry.event.value_or(0);
    entry.event.reset();
    if (entry.kind == Kind::Subtask) {
      entry.is_delivered = is_resolved(*entry.callee);
      return entry.callee->state;
    }
    entry.state = Entry::State::Done;
    return event;
  }
  std::set<uint32_t> ready(uint32_t set) const {
    std::set<uint32_t> out;
    for (const auto& [index, entry] : table.entries) {
      if (entry.set == set && entry.event) out.insert(index);
    }
    return out;
  }
  Outcome join(uint32_t index, uint32_t set) {
    Entry* const entry = find(index);
    if (entry == nullptr) return "unknown handle index";
    if (entry->kind == Kind::Set) return "wrong type";
    if (set != 0) {
      if (auto refused = refuse(set, Kind::Set)) return *refused;
    }
    entry->set = set;
    return uint64_t{0};
  }
  Outcome drop_set(uint32_t index) {
    if (auto refused = refuse(index, Kind::Set)) return *refused;
    if (std::ranges::any_of(table.entries,
                            [&](const auto& it) { return it.second.set == index; })) {
      return "with members";
    }
    remove(index);
    return uint64_t{0};
  }
};

/// One step of a sequence: a function, and arguments of which it takes as many as it has.
struct Step {
  std::string function;
  uint32_t a = 0;
  uint32_t b = 0;
};

std::string to_string(const Step& step) {
  return fmt::format("{}({}, {})", step.function, step.a, step.b);
}

struct Form {
  Model::Kind kind;  ///< of the handle among its arguments
  int arguments;
  int weight;
};
const std::map<std::string, Form> kForms = {{"gate-new", {Model::Kind::GateW, 0, 6}},
                                            {"call", {Model::Kind::GateR, 2, 8}},
                                            {"gate-write", {Model::Kind::GateW, 1, 5}},
                                            {"gate-cancel", {Model::Kind::GateW, 1, 1}},
                                            {"gate-drop-w", {Model::Kind::GateW, 1, 2}},
                                            {"gate-drop-r", {Model::Kind::GateR, 1, 1}},
                                            {"sub-cancel", {Model::Kind::Subtask, 1, 5}},
                                            {"sub-drop", {Model::Kind::Subtask, 1, 3}},
                                            {"set-new", {Model::Kind::Set, 0, 1}},
                                            {"set-drop", {Model::Kind::Set, 1, 1}},
                                            {"join", {Model::Kind::Set, 2, 6}},
                                            {"poll", {Model::Kind::Set, 1, 8}},
                                            {"more", {Model::Kind::Set, 0, 2}},
                                            {"less", {Model::Kind::Set, 0, 3}},
                                            {"last", {Model::Kind::Set, 0, 3}}};

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {
    for (const auto& [name, form] : kForms) functions_.insert(functions_.end(), form.weight, name);
  }

  Step next(const Model& model) {
    while (true) {
      Step step{.function = functions_[random_() % functions_.size()]};
      const Form& form = kForms.at(step.function);
      if (step.function == "less" && model.backpressure == 0 && random_() % 100 != 0) continue;
      if (step.function == "call") {
        step.a = static_cast<uint32_t>(random_() % 4);
        step.b = handle(model, step.function, form.kind);
        if (model.is_reserved(step.b)) continue;
      } else if (step.function == "join") {
        step.a = handle(model, step.function,
                        random_() % 3 == 0 ? Model::Kind::GateW : Model::Kind::Subtask);
        step.b = random_() % 3 == 0 ? 0 : handle(model, "poll", form.kind);
      } else if (form.arguments > 0) {
        step.a = handle(model, step.function, form.kind);
      }
      // A call that waits at the door has its argument still, and nobody else may touch it.
      if (step.function != "call" && form.arguments > 0 && model.is_reserved(step.a)) continue;
      if (form.arguments > 0 && (step.function == "call" ? step.b : step.a) == 0 &&
          random_() % 50 != 0) {
        continue;
      }
      return step;
    }
  }

 private:
  /// Mostly one for which the step makes sense, so that sequences go on; 0 if there is none.
  uint32_t handle(const Model& model, const std::string& function, Model::Kind kind) {
    using State = Model::Entry::State;
    std::vector<uint32_t> good;
    std::vector<uint32_t> right;
    for (const auto& [index, entry] : model.table.entries) {
      if (entry.kind != kind) continue;
      right.push_back(index);
      bool fits = true;
      if (function == "call" || function == "gate-drop-r") fits = entry.set == 0;
      if (function == "gate-write") fits = entry.state == State::Idle;
      if (function == "gate-cancel") fits = entry.state == State::Copying && entry.set == 0;
      if (function == "gate-drop-w") fits = entry.state == State::Done;
      if (function == "sub-cancel") fits = !entry.is_delivered && !entry.is_asked;
      if (function == "sub-drop") fits = entry.is_delivered;
      if (function == "set-drop") {
        fits = std::ranges::none_of(model.table.entries,
                                    [&](const auto& it) { return it.second.set == index; });
      }
      if (fits) good.push_back(index);
    }
    const auto luck = random_() % 300;
    if (luck == 0) return static_cast<uint32_t>(random_() % (model.table.size + 2));
    const auto& from = luck < 4 ? right : good;
    return from.empty() ? 0 : from[random_() % from.size()];
  }

  std::mt19937 random_;
  std::vector<std::string> functions_;
};

Model::Outcome predict(Model& model, const Step& step) {
  const std::string& function = step.function;
  if (function == "gate-new") return model.make_gate();
  if (function == "call") return model.call(step.a, step.b);
  if (function == "gate-write") return model.write(step.a);
  if (function == "gate-cancel") return model.cancel_write(step.a);
  if (function == "gate-drop-w") return model.drop_writer(step.a);
  if (function == "gate-drop-r") return model.drop_reader(step.a);
  if (function == "sub-cancel") return model.cancel_subtask(step.a);
  if (function == "sub-drop") return model.drop_subtask(step.a);
  if (function == "set-new") return uint64_t{model.add({.kind = Model::Kind::Set})};
  if (function == "set-drop") return model.drop_set(step.a);
  if (function == "join") return model.join(step.a, step.b);
  if (function == "last") return uint64_t{model.last};
  if (function == "less" && model.backpressure == 0) return "below zero";
  model.backpressure += function == "more" ? 1 : -1;
  return uint64_t{0};
}

/// What happened: a number, or the message of a trap.
Model::Outcome run(TestInstance& test, const Step& step) {
  std::vector<Value> values;
  const int count = kForms.at(step.function).arguments;
  if (count > 0) values.push_back(Value(step.a));
  if (count > 1) values.push_back(Value(step.b));
  const bool of_callee = step.function == "more" || step.function == "less";
  auto result = test.call(step.function, std::move(values), of_callee ? "b" : "a");
  if (!result) return result.error().message();
  if (const auto* wide = result->get_if<uint64_t>()) return *wide;
  if (const auto* narrow = result->get_if<uint32_t>()) return uint64_t{*narrow};
  return uint64_t{0};
}

std::string to_string(const Model::Outcome& outcome) {
  if (const auto* text = std::get_if<std::string>(&outcome)) return *text;
  return fmt::format("{:#x}", std::get<uint64_t>(outcome));
}

std::optional<std::string> compare(const Model::Outcome& actual, const Model::Outcome& expected) {
  const auto* trap = std::get_if<std::string>(&expected);
  const auto* message = std::get_if<std::string>(&actual);
  const bool same =
      trap != nullptr ? message != nullptr && message->contains(*trap) : actual == expected;
  if (same) return {};
  return fmt::format("gives {}, expected {}", to_string(actual), to_string(expected));
}

/// What is wrong with the step, if anything; a trap ends the sequence. `model` has taken it then.
std::optional<std::string> check(TestInstance& test, Model& model, const Step& step,
                                 bool& is_over) {
  const Model::Outcome actual = run(test, step);
  Model::Outcome expected;
  if (step.function != "poll") {
    expected = predict(model, step);
  } else if (auto refused = model.refuse(step.a, Model::Kind::Set)) {
    expected = *refused;
  } else {
    // Any member with an event may be what it finds.
    const auto candidates = model.ready(step.a);
    const auto* packed = std::get_if<uint64_t>(&actual);
    const auto found = packed == nullptr ? 0 : static_cast<uint32_t>(*packed >> 40 & 0xfffff);
    expected = uint64_t{0};
    if (!candidates.empty()) {
      const uint32_t index = candidates.contains(found) ? found : *candidates.begin();
      const uint64_t code = model.find(index)->kind == Model::Kind::Subtask ? 1 : 5;
      expected = code << 60 | uint64_t{index} << 40 | model.deliver(index);
    }
  }
  is_over = std::holds_alternative<std::string>(expected);
  if (auto trouble = compare(actual, expected)) return trouble;
  if (is_over) return {};
  const auto settled = run_to_end(test.loop, test.instance->settle());
  if (!settled && !test.instance->is_poisoned()) return settled.error().message();
  model.settle();
  is_over = model.is_poisoned;
  if (test.instance->is_poisoned() == model.is_poisoned) return {};
  return fmt::format("the instance is {}over behind it", model.is_poisoned ? "not " : "");
}

/// A new instance of the component, which is compiled once.
std::unique_ptr<TestInstance> fresh() {
  static const std::shared_ptr<const Prepared> kPrepared = [] {
    LoadOptions options;
    options.features.more_async_builtins = true;  // subtask.cancel async
    Linker linker;
    return linker
        .prepare(Component::load(test_engine(), read_component(component_path("subtasks")), options)
                     .value())
        .value();
  }();
  auto test = std::make_unique<TestInstance>();
  test->prepared = kPrepared;
  test->instance =
      kPrepared->instantiate({.limits = {}, .host = &test->host, .loop = &test->loop}).value();
  return test;
}

void close(TestInstance& test) { EXPECT_TRUE(run_to_end(test.loop, test.instance->close())); }

/// The trouble of a sequence, if it has any.
std::optional<std::string> replay(const std::vector<Step>& steps) {
  const auto test = fresh();
  Model model;
  bool is_over = false;
  std::optional<std::string> trouble;
  for (const Step& step : steps) {
    if (is_over || trouble) break;
    trouble = check(*test, model, step, is_over);
  }
  close(*test);
  return trouble;
}

/// Without the steps that the trouble does not need.
std::vector<Step> shrink(std::vector<Step> steps) {
  for (size_t i = steps.size(); i-- > 0;) {
    std::vector<Step> fewer = steps;
    fewer.erase(fewer.begin() + static_cast<ptrdiff_t>(i));
    if (replay(fewer)) steps = std::move(fewer);
  }
  return steps;
}

TEST(AsyncDifferential, TasksAndSubtasksFollowTheModel) {
  size_t traps = 0;
  size_t done = 0;
  std::map<uint32_t, size_t> ends;
  for (uint32_t seed = 0; seed < 1500; ++seed) {
    const auto test = fresh();
    Model model;
    Generator generator(seed);
    std::vector<Step> steps;
    bool is_over = false;
    while (!is_over && steps.size() < 120) {
      steps.push_back(generator.next(model));
      const auto trouble = check(*test, model, steps.back(), is_over);
      ++done;
      if (!trouble) continue;
      std::string text;
      for (const Step& step : shrink(steps)) text += to_string(step) + "\n";
      close(*test);
      FAIL() << "seed " << seed << ": " << to_string(steps.back()) << " " << *trouble << "\n"
             << text;
    }
    traps += is_over ? 1 : 0;
    for (const auto& callee : model.callees) ++ends[callee->state];
    close(*test);
  }
  // Sequences are long, and calls end in every way.
  EXPECT_GT(done, 20'000U);
  EXPECT_GT(traps, 200U);
  for (uint32_t state = Model::Starting; state <= Model::CancelledBeforeReturned; ++state) {
    EXPECT_GT(ends[state], 100U) << state;
  }
}

}  // namespace
}  // namespace wasmcloud::component
