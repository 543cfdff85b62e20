#include "component/support/components.h"
#include "component/support/handle_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <variant>

// Random sequences of the built-ins of streams, futures and waitable sets, against a model of their
// rules that was written from the specification (canonical ABI, "Waitable State", "Stream State",
// "Future State") and shares nothing with what runs.

namespace wasmcloud::component {
namespace {

constexpr uint32_t kBlocked = 0xffff'ffff;
enum Result3 : uint32_t { kCompleted = 0, kDropped = 1, kCancelled = 2 };

struct Model {
  enum class Kind : uint8_t { StreamR, StreamW, FutureR, FutureW, Set };
  enum class State : uint8_t { Idle, Copying, Done };

  struct Shared {
    bool dropped = false;
    std::optional<std::pair<int, uint32_t>> parked;  ///< instance and index
  };
  struct Entry {
    Kind kind;
    std::shared_ptr<Shared> shared = nullptr;
    State state = State::Idle;
    uint32_t length = 0;
    uint32_t progress = 0;
    std::optional<uint32_t> event = {};  ///< its result
    uint32_t set = 0;
  };
  /// A number, or a part of the message of a trap.
  using Outcome = std::variant<uint64_t, std::string>;

  using Table = HandleModel<Entry>;
  Table tables[2];

  static bool is_future(Kind kind) { return kind == Kind::FutureR || kind == Kind::FutureW; }
  static bool is_writer(Kind kind) { return kind == Kind::StreamW || kind == Kind::FutureW; }

  Entry* find(int in, uint32_t index) { return tables[in].find(index); }
  std::optional<Outcome> refuse(int in, uint32_t index, Kind kind) {
    const Entry* const entry = find(in, index);
    if (entry == nullptr) return "unknown handle index";
    if (entry->kind != kind) return "wrong type";
    return std::nullopt;
  }

  Outcome make(int in, bool future) {
    auto shared = std::make_shared<Shared>();
    const uint64_t reader =
        tables[in].add({.kind = future ? Kind::FutureR : Kind::StreamR, .shared = shared});
    const uint64_t writer =
        tables[in].add({.kind = future ? Kind::FutureW : Kind::StreamW, .shared = shared});
    return reader | writer << 32;
  }

  void unpark(int in, uint32_t index) {
    Entry& entry = *find(in, index);
    if (entry.shared->parked == std::pair(in, index)) entry.shared->parked.reset();
  }
  /// The copy is over.
  void finish(int in, uint32_t index, uint32_t result) {
    unpark(in, index);
    find(in, index)->event = result;
  }
  /// Taking the event gives the buffer back.
  uint32_t deliver(int in, uint32_t index) {
    unpark(in, index);
    Entry& entry = *find(in, index);
    const uint32_t result = *std::exchange(entry.event, std::nullopt);
    const bool future = is_future(entry.kind);
    entry.state =
        result == kDropped || (future && result == kCompleted) ? State::Done : State::Idle;
    return future ? result : result | entry.progress << 4;
  }

  Outcome copy(int in, uint32_t index, Kind kind, uint32_t length) {
    if (auto refused = refuse(in, index, kind)) return *refused;
    Entry& entry = *find(in, index);
    if (entry.state == State::Copying) return "concurrent operations";
    if (entry.state == State::Done) return is_future(kind) ? "future after previous" : "notified";
    entry.state = State::Copying;
    entry.length = length;
    entry.progress = 0;
    Shared& shared = *entry.shared;
    if (shared.dropped) {
      finish(in, index, kDropped);
    } else if (!shared.parked) {
      shared.parked = {in, index};
    } else {
      const auto [other_in, other_index] = *shared.parked;
      Entry& other = *find(other_in, other_index);
      if (is_future(kind)) {
        entry.progress = other.progress = 1;
        finish(other_in, other_index, kCompleted);
        finish(in, index, kCompleted);
      } else if (other.progress < other.length) {
        if (length > 0) {
          const uint32_t count = std::min(length, other.length - other.progress);
          other.progress += count;
          entry.progress += count;
          other.event = kCompleted;  // its buffer stays until it knows
        }
        entry.event = kCompleted;
      } else if (is_writer(kind) && length == 0 && other.length == 0) {
        entry.event = kCompleted;
      } else {
        finish(other_in, other_index, kCompleted);
        shared.parked = {in, index};
      }
    }
    if (!entry.event) return kBlocked;
    return deliver(in, index);
  }

  Outcome cancel(int in, uint32_t index, Kind kind) {
    if (auto refused = refuse(in, index, kind)) return *refused;
    Entry& entry = *find(in, index);
    if (entry.state != State::Copying) return "cancelled when no";
    if (entry.set != 0) return "synchronously while added";
    if (!entry.event) {
      finish(in, index, kCancelled);
    } else if (*entry.event == kCompleted && !is_future(kind)) {
      entry.event = kCancelled;
    }
    return deliver(in, index);
  }

  void drop_shared(Shared& shared) {
    if (std::exchange(shared.dropped, true)) return;
    if (shared.parked) {
      const auto [in, index] = *shared.parked;
      finish(in, index, kDropped);
    }
  }

  Outcome drop(int in, uint32_t index, Kind kind) {
    if (auto refused = refuse(in, index, kind)) return *refused;
    Entry& entry = *find(in, index);
    if (entry.state == State::Copying) return "busy";
    if (kind == Kind::FutureW && entry.state != State::Done) return "without first writing";
    const auto shared = entry.shared;
    tables[in].remove(index);
    drop_shared(*shared);
    return uint64_t{0};
  }

  Outcome give(uint32_t index, Kind kind) {
    if (auto refused = refuse(0, index, kind)) return *refused;
    Entry& entry = *find(0, index);
    if (entry.state == State::Copying) return "busy";
    if (entry.state == State::Done) return "cannot lift";
    if (entry.set != 0) return "waitable set";
    const auto shared = entry.shared;
    tables[0].remove(index);
    return uint64_t{tables[1].add({.kind = kind, .shared = shared})};
  }

  Outcome drop_set(int in, uint32_t index) {
    if (auto refused = refuse(in, index, Kind::Set)) return *refused;
    for (const auto& [_, entry] : tables[in].entries) {
      if (entry.kind != Kind::Set && entry.set == index) return "with members";
    }
    tables[in].remove(index);
    return uint64_t{0};
  }

  Outcome join(int in, uint32_t index, uint32_t set) {
    Entry* const entry = find(in, index);
    if (entry == nullptr) return "unknown handle index";
    if (entry->kind == Kind::Set) return "wrong type";
    if (set != 0) {
      if (auto refused = refuse(in, set, Kind::Set)) return *refused;
    }
    entry->set = set;
    return uint64_t{0};
  }

  /// What `poll` may have found: any member with an event.
  std::set<uint32_t> ready(int in, uint32_t set) {
    std::set<uint32_t> out;
    for (const auto& [index, entry] : tables[in].entries) {
      if (entry.kind != Kind::Set && entry.set == set && entry.event) out.insert(index);
    }
    return out;
  }
  uint32_t code(int in, uint32_t index) {
    switch (find(in, index)->kind) {
      case Kind::StreamR:
        return 2;
      case Kind::StreamW:
        return 3;
      case Kind::FutureR:
        return 4;
      default:
        return 5;
    }
  }
};

/// One step of a sequence.
struct Step {
  std::string function;
  int in = 0;
  uint32_t a = 0;
  uint32_t b = 0;
};

std::string to_string(const Step& step) {
  return fmt::format("{}.{}({}, {})", step.in == 0 ? "a" : "b", step.function, step.a, step.b);
}

const std::map<std::string, std::pair<Model::Kind, int>> kEnds = {
    {"s-read", {Model::Kind::StreamR, 2}},        {"s-write", {Model::Kind::StreamW, 2}},
    {"s-cancel-read", {Model::Kind::StreamR, 1}}, {"s-cancel-write", {Model::Kind::StreamW, 1}},
    {"s-drop-r", {Model::Kind::StreamR, 1}},      {"s-drop-w", {Model::Kind::StreamW, 1}},
    {"f-read", {Model::Kind::FutureR, 1}},        {"f-write", {Model::Kind::FutureW, 1}},
    {"f-cancel-read", {Model::Kind::FutureR, 1}}, {"f-cancel-write", {Model::Kind::FutureW, 1}},
    {"f-drop-r", {Model::Kind::FutureR, 1}},      {"f-drop-w", {Model::Kind::FutureW, 1}},
    {"give-s", {Model::Kind::StreamR, 1}},        {"give-f", {Model::Kind::FutureR, 1}}};

int arguments(const std::string& function) {
  if (function == "s-new" || function == "f-new" || function == "set-new") return 0;
  if (function == "join") return 2;
  if (function == "set-drop" || function == "poll") return 1;
  return kEnds.at(function).second;
}

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed) {}

  Step next(const Model& model) {
    static const std::vector<std::string> kCommon = {
        "s-new",    "s-new",         "f-new",          "s-read",        "s-read",
        "s-read",   "s-write",       "s-write",        "s-write",       "f-read",
        "f-write",  "set-new",       "join",           "join",          "poll",
        "poll",     "poll",          "s-drop-r",       "s-drop-w",      "f-drop-r",
        "f-drop-w", "s-cancel-read", "s-cancel-write", "f-cancel-read", "f-cancel-write",
        "give-s",   "give-f",        "set-drop"};
    Step step{.function = pick(kCommon), .in = static_cast<int>(random_() % 2)};
    if (step.function.starts_with("give")) step.in = 0;
    const auto& table = model.tables[step.in];
    const auto end = kEnds.find(step.function);
    const bool needs_set = end == kEnds.end() && arguments(step.function) > 0;
    const auto kind = needs_set ? Model::Kind::Set : Model::Kind::StreamR;
    // Nothing to do it with: then something to do it with, most of the time.
    if ((end != kEnds.end() || needs_set) && random_() % 50 != 0 &&
        fitting(table, needs_set ? kind : end->second.first, step.function).empty()) {
      const bool future = !needs_set && Model::is_future(end->second.first);
      step.function = needs_set ? "set-new" : future ? "f-new" : "s-new";
      if (!needs_set) step.in = 0;
      return step;
    }
    if (end != kEnds.end()) {
      step.a = handle(table, end->second.first, step.function);
      step.b = static_cast<uint32_t>(random_() % 4);
    } else if (step.function == "join") {
      std::vector<uint32_t> waitables;
      for (const auto& [index, entry] : table.entries) {
        if (entry.kind != Model::Kind::Set) waitables.push_back(index);
      }
      step.a = waitables.empty() || random_() % 100 == 0 ? any(table) : pick(waitables);
      step.b = random_() % 3 == 0 ? 0 : handle(table, Model::Kind::Set, step.function);
    } else {
      step.a = handle(table, Model::Kind::Set, step.function);
    }
    return step;
  }

 private:
  template <class T>
  const T& pick(const std::vector<T>& all) {
    return all[random_() % all.size()];
  }
  uint32_t any(const Model::Table& table) {
    return static_cast<uint32_t>(random_() % (table.size + 2));
  }
  /// Those for which the step makes sense.
  static std::vector<uint32_t> fitting(const Model::Table& table, Model::Kind kind,
                                       const std::string& function) {
    using State = Model::State;
    std::vector<uint32_t> good;
    for (const auto& [index, entry] : table.entries) {
      if (entry.kind != kind) continue;
      bool fits = entry.state == State::Idle;
      if (function.contains("cancel")) fits = entry.state == State::Copying && entry.set == 0;
      if (function.contains("drop-")) fits = entry.state != State::Copying;
      if (function == "f-drop-w") fits = entry.state == State::Done;
      if (function.starts_with("give")) fits = entry.state == State::Idle && entry.set == 0;
      if (function == "set-drop") {
        fits = std::ranges::none_of(table.entries,
                                    [&](const auto& it) { return it.second.set == index; });
      }
      if (fits) good.push_back(index);
    }
    return good;
  }

  /// Mostly one of these, so that sequences go on.
  uint32_t handle(const Model::Table& table, Model::Kind kind, const std::string& function) {
    const std::vector<uint32_t> good = fitting(table, kind, function);
    std::vector<uint32_t> right;
    for (const auto& [index, entry] : table.entries) {
      if (entry.kind == kind) right.push_back(index);
    }
    const auto luck = random_() % 400;
    if (luck == 0) return any(table);
    if ((luck < 4 || good.empty()) && !right.empty()) return pick(right);
    return good.empty() ? any(table) : pick(good);
  }

  std::mt19937 random_;
};

Model::Outcome predict(Model& model, const Step& step) {
  using Kind = Model::Kind;
  const std::string& function = step.function;
  if (function == "s-new") return model.make(step.in, false);
  if (function == "f-new") return model.make(step.in, true);
  if (function == "set-new") return uint64_t{model.tables[step.in].add({.kind = Kind::Set})};
  if (function == "set-drop") return model.drop_set(step.in, step.a);
  if (function == "join") return model.join(step.in, step.a, step.b);
  const Kind kind = kEnds.at(function).first;
  if (function.starts_with("give")) return model.give(step.a, kind);
  if (function.contains("cancel")) return model.cancel(step.in, step.a, kind);
  if (function.contains("drop")) return model.drop(step.in, step.a, kind);
  return model.copy(step.in, step.a, kind, Model::is_future(kind) ? 1 : step.b);
}

/// What happened: a number, or the message of a trap.
Model::Outcome run(TestInstance& test, const Step& step) {
  std::vector<Value> values;
  const std::string text = step.function;
  const int count = arguments(text);
  if (count > 0) values.push_back(Value(step.a));
  if (count > 1) values.push_back(Value(step.b));
  auto result = test.call(text, std::move(values), step.in == 0 ? "a" : "b");
  if (!result) return result.error().message();
  if (const auto* wide = result->get_if<uint64_t>()) return *wide;
  if (const auto* narrow = result->get_if<uint32_t>()) return uint64_t{*narrow};
  return uint64_t{0};
}

/// Whether both agree; a trap ends the sequence. `model` has taken the step then.
std::optional<std::string> check(TestInstance& test, Model& model, const Step& step,
                                 bool& is_over) {
  if (step.function == "poll") {
    const auto refused = model.refuse(step.in, step.a, Model::Kind::Set);
    const Model::Outcome actual = run(test, step);
    if (refused) {
      is_over = true;
      const auto* message = std::get_if<std::string>(&actual);
      if (message != nullptr && message->contains(std::get<std::string>(*refused))) return {};
      return fmt::format("poll should trap: {}", std::get<std::string>(*refused));
    }
    const auto* packed = std::get_if<uint64_t>(&actual);
    if (packed == nullptr) return "poll traps: " + std::get<std::string>(actual);
    const auto candidates = model.ready(step.in, step.a);
    if (candidates.empty())
      return *packed == 0 ? std::nullopt : std::optional("poll finds something");
    const auto index = static_cast<uint32_t>(*packed >> 40 & 0xfffff);
    if (!candidates.contains(index)) return fmt::format("poll finds {:#x}", *packed);
    const uint64_t code = model.code(step.in, index);
    const uint64_t expected = code << 60 | uint64_t{index} << 40 | model.deliver(step.in, index);
    if (*packed == expected) return {};
    return fmt::format("poll gives {:#x}, expected {:#x}", *packed, expected);
  }
  const Model::Outcome expected = predict(model, step);
  const Model::Outcome actual = run(test, step);
  if (const auto* trap = std::get_if<std::string>(&expected)) {
    is_over = true;
    const auto* message = std::get_if<std::string>(&actual);
    if (message == nullptr) return "should trap: " + *trap;
    if (!message->contains(*trap))
      return fmt::format("traps with {}, expected {}", *message, *trap);
    return {};
  }
  if (actual == expected) return {};
  const std::string got = std::holds_alternative<std::string>(actual)
                              ? std::get<std::string>(actual)
                              : fmt::format("{:#x}", std::get<uint64_t>(actual));
  return fmt::format("gives {}, expected {:#x}", got, std::get<uint64_t>(expected));
}

/// A new instance of the component, which is compiled once.
std::unique_ptr<TestInstance> fresh() {
  static const std::shared_ptr<const Prepared> kPrepared =
      TestInstance::create(component_path("copy-builtins")).value()->prepared;
  auto test = std::make_unique<TestInstance>();
  test->prepared = kPrepared;
  test->instance =
      kPrepared->instantiate({.limits = {}, .host = &test->host, .loop = &test->loop}).value();
  return test;
}

/// The trouble of a sequence, if it has any.
std::optional<std::string> replay(const std::vector<Step>& steps) {
  const auto test = fresh();
  Model model;
  bool is_over = false;
  for (const Step& step : steps) {
    if (is_over) break;
    if (auto trouble = check(*test, model, step, is_over)) return to_string(step) + " " + *trouble;
  }
  return {};
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

TEST(AsyncDifferential, CopiesFollowTheModel) {
  size_t traps = 0;
  size_t done = 0;
  for (uint32_t seed = 0; seed < 2000; ++seed) {
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
      FAIL() << "seed " << seed << ": " << to_string(steps.back()) << " " << *trouble << "\n"
             << text;
    }
    traps += is_over ? 1 : 0;
  }
  // Sequences are long, and end in every way.
  EXPECT_GT(done, 20'000U);
  EXPECT_GT(traps, 300U);
}

}  // namespace
}  // namespace wasmcloud::component
