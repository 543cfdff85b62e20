#include "conformance/runner.h"

#include "component/decoder.h"
#include "component/instance.h"
#include "component/prepared.h"
#include "component/wave.h"
#include "conformance/host_imports.h"
#include "conformance/trap_kinds.h"

#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <list>

namespace wasmcloud::conformance {
namespace {

using component::Component;
using component::Value;

Result<std::vector<std::byte>> read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(Errc::NotFound, "{} cannot be read", path.string());
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  return std::vector<std::byte>(data, data + text.size());
}

Outcome passed() { return {}; }
Outcome failed(std::string why) { return {Outcome::Kind::Failed, std::move(why)}; }
Outcome skipped(std::string why) { return {Outcome::Kind::Skipped, std::move(why)}; }
Outcome of(const Error& error) {
  if (error.code() == Errc::Unsupported) return skipped(error.message());
  return failed(error.message() + error.detail());
}

/// Members in the order in which later ones use earlier ones.
struct Running {
  std::shared_ptr<const component::Prepared> prepared;
  std::unique_ptr<component::Instance> instance;
};

component::Features features_for(const Notes& notes) {
  component::Features features;
  features.async = features.map = features.implements = true;
  features.more_async_builtins = features.async_stackful = features.threading = true;
  features.fixed_length_lists = true;
  features.error_context = notes.requires_features.contains("cm-error-context");
  features.memory64 = notes.requires_features.contains("cm64");
  return features;
}

class ScriptRun {
 public:
  ScriptRun(std::shared_ptr<engine::Engine> engine, const Script& script, const Notes& notes,
            component::PrepareOptions::Shims shims, Runner::Depth depth)
      : engine_(std::move(engine)), script_(script), shims_(shims), depth_(depth) {
    load_options_.features = features_for(notes);
    add_host_imports(linker_, counters_);
  }

  Outcome run(const Command& command) {
    if (command.module_type == "text") return skipped("tests the text format");
    if (depth_ == Runner::Depth::Definitions) return judged(command);
    if (command.type == "module") return module(command);
    if (command.type == "module_definition") return definition(command);
    if (command.type == "module_instance") return instance_of(command);
    if (command.type == "assert_invalid" || command.type == "assert_malformed") {
      return invalid(command);
    }
    if (command.type == "assert_unlinkable" || command.type == "assert_uninstantiable") {
      return does_not_start(command);
    }
    if (!why_no_instance_.empty()) return skipped(why_no_instance_);
    if (command.type == "assert_return" || command.type == "action") return returns(command);
    if (command.type == "assert_trap") return traps(command);
    return failed(fmt::format("unknown command {}", command.type));
  }

 private:
  /// Decodes and validates, and that is all.
  Outcome judged(const Command& command) {
    const bool should_fail = command.type == "assert_invalid" || command.type == "assert_malformed";
    if (command.filename.empty()) return skipped("runs something");
    const auto valid = [&]() -> Result<void> {
      const std::vector<std::byte> bytes = TRY(read_bytes(script_.folder / command.filename));
      TRY(component::validate(TRY(component::decode(bytes)), bytes, load_options_.features));
      return {};
    }();
    // What only the engine refuses is the code of a core module.
    if (should_fail) return valid ? invalid(command) : passed();
    return valid ? passed() : failed(valid.error().message());
  }

  Result<std::shared_ptr<const Component>> load(const Command& command) {
    const std::vector<std::byte> bytes = TRY(read_bytes(script_.folder / command.filename));
    return Component::load(engine_, bytes, load_options_);
  }

  Result<Running> start(std::shared_ptr<const Component> component) {
    Running out;
    out.prepared = TRY(linker_.prepare(std::move(component), {.shims = shims_}));
    out.instance = TRY(out.prepared->instantiate({.limits = {}, .host = &host_, .loop = &loop_}));
    return out;
  }

  /// Makes what was started current; its exports can be imported under `name`.
  Outcome keep(const std::string& name, Result<Running> running) {
    current_ = nullptr;
    if (!running) {
      const Outcome outcome = of(running.error());
      why_no_instance_ =
          outcome.kind == Outcome::Kind::Skipped ? outcome.why : "the instance could not be made";
      return outcome;
    }
    why_no_instance_.clear();
    current_ = &running_.emplace_back(std::move(*running));
    if (!name.empty()) export_to(linker_.instance(name), *current_->prepared);
    return passed();
  }

  Outcome module(const Command& command) {
    Result<std::shared_ptr<const Component>> component = load(command);
    if (!component) return keep({}, fail(std::move(component).error()));
    return keep(command.name, start(std::move(*component)));
  }

  Outcome definition(const Command& command) {
    Result<std::shared_ptr<const Component>> component = load(command);
    if (!component) {
      definitions_.erase(command.name);
      return of(component.error());
    }
    definitions_[command.name] = std::move(*component);
    return passed();
  }

  Outcome instance_of(const Command& command) {
    const auto found = definitions_.find(command.module);
    if (found == definitions_.end()) {
      return keep({}, fail(Errc::Unsupported, "its definition could not be loaded"));
    }
    return keep(command.name, start(found->second));
  }

  Outcome invalid(const Command& command) {
    Result<std::shared_ptr<const Component>> component = load(command);
    if (component) return failed(fmt::format("is accepted; expected \"{}\"", command.text));
    return passed();
  }

  Outcome does_not_start(const Command& command) {
    Result<std::shared_ptr<const Component>> component = load(command);
    if (!component) return of(component.error());
    Result<Running> running = start(std::move(*component));
    if (running) return failed(fmt::format("starts; expected \"{}\"", command.text));
    const Error& error = running.error();
    if (error.code() == Errc::Unsupported) return skipped(error.message());
    if (command.type == "assert_uninstantiable") {
      if (error.code() != Errc::Trap) return failed("does not trap: " + error.message());
      if (!is_kind(command.text, error.message())) return wrong_kind(command, error);
    } else if (error.code() == Errc::Trap) {
      return failed("traps: " + error.message());
    }
    return passed();
  }

  Result<std::vector<Value>> call(const Invoke& invoke) {
    const component::ExportedFunction function = TRY(current_->prepared->find("", invoke.field));
    Result<std::vector<Value>> done =
        run_to_end(loop_, current_->instance->call_async(function, invoke.arguments));
    if (done) return done;
    // What an instance is after that says nothing.
    if (done.error().code() == Errc::Unsupported) why_no_instance_ = done.error().message();
    return fail(std::move(done).error());
  }

  Outcome returns(const Command& command) {
    Result<std::vector<Value>> values = call(*command.action);
    if (!values) return of(values.error());
    if (command.type == "action") return passed();
    if (values->size() != command.expected.size()) {
      return failed(fmt::format("returns {} values", values->size()));
    }
    for (size_t i = 0; i < values->size(); ++i) {
      if (is_same((*values)[i], command.expected[i])) continue;
      return failed(fmt::format("returns {}, expected {}", component::write_wave((*values)[i]),
                                component::write_wave(command.expected[i])));
    }
    return passed();
  }

  static Outcome wrong_kind(const Command& command, const Error& error) {
    return failed(fmt::format("traps with \"{}\", expected \"{}\"", error.message(), command.text));
  }

  Outcome traps(const Command& command) {
    Result<std::vector<Value>> values = call(*command.action);
    if (values) return failed(fmt::format("does not trap; expected \"{}\"", command.text));
    if (values.error().code() == Errc::Unsupported) return skipped(values.error().message());
    if (values.error().code() != Errc::Trap) return failed(values.error().message());
    if (!is_kind(command.text, values.error().message())) {
      return wrong_kind(command, values.error());
    }
    return passed();
  }

  std::shared_ptr<engine::Engine> engine_;
  const Script& script_;
  component::PrepareOptions::Shims shims_;
  Runner::Depth depth_;
  component::LoadOptions load_options_;
  Loop loop_;
  HostCounters counters_;
  component::HostState host_;
  component::Linker linker_;
  std::map<std::string, std::shared_ptr<const Component>> definitions_;
  std::list<Running> running_;
  Running* current_ = nullptr;
  std::string why_no_instance_ = "there is no instance";
};

/// What an outcome means to a script with exceptions; takes the command's own out of them.
Outcome judged_by(Exceptions& exceptions, const Command& command, Outcome outcome) {
  using Kind = Outcome::Kind;
  const auto found = exceptions.commands.find(command.line);
  if (found == exceptions.commands.end()) {
    if (outcome.kind != Kind::Skipped) return outcome;
    if (exceptions.script) return skipped(exceptions.script->why + ": " + outcome.why);
    return failed("is not supported, and no exception says so: " + outcome.why);
  }
  const Exception exception = std::move(found->second);
  exceptions.commands.erase(found);
  if (outcome.kind == Kind::Passed) {
    return failed("its exception is stale: passes, though the table says: " + exception.why);
  }
  if (exception.kind == Exception::Kind::Skip) return skipped(exception.why);
  if (outcome.kind == Kind::Failed)
    return {Kind::Passed, "as later rules have it: " + exception.why};
  return failed("is not supported, but must come out otherwise: " + outcome.why);
}

/// The same where nothing runs: then only a binary that must be judged otherwise counts.
Outcome definition_judged_by(const Exceptions& exceptions, const Command& command,
                             Outcome outcome) {
  const auto found = exceptions.commands.find(command.line);
  if (found == exceptions.commands.end() || found->second.kind != Exception::Kind::Opposite ||
      outcome.kind != Outcome::Kind::Failed) {
    return outcome;
  }
  return {Outcome::Kind::Passed, "as later rules have it: " + found->second.why};
}

}  // namespace

Counts Runner::run(const std::filesystem::path& wast, const std::filesystem::path& scratch) {
  Counts counts;
  std::filesystem::create_directories(scratch);
  const std::filesystem::path converted = scratch / "script.json";
  const std::string command = fmt::format("wasm-tools json-from-wast '{}' --wasm-dir '{}' -o '{}'",
                                          wast.string(), scratch.string(), converted.string());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the only thread that starts programs
  if (std::system(command.c_str()) != 0) {
    fmt::print("{}: wasm-tools could not convert it\n", wast.string());
    ++counts.failed;
    return counts;
  }
  const Result<Script> script = read_script(converted);
  const Result<Notes> notes = read_notes(wast);
  if (!script || !notes) {
    fmt::print("{}: {}\n", wast.string(),
               script ? notes.error().message() : script.error().message());
    ++counts.failed;
    return counts;
  }
  ScriptRun run(engine_, *script, *notes, shims_, depth_);
  Exceptions exceptions = exceptions_of(table_, wast);
  const bool has_script_exception = exceptions.script.has_value();
  for (const Command& it : script->commands) {
    Outcome outcome = run.run(it);
    outcome = depth_ == Depth::All ? judged_by(exceptions, it, std::move(outcome))
                                   : definition_judged_by(exceptions, it, std::move(outcome));
    count(wast, it, outcome, counts);
  }
  if (depth_ != Depth::All) return counts;
  // A table that says more than is true would hide what works.
  if (has_script_exception && counts.skipped == 0) {
    fmt::print("{}: FAILED: its exception is stale: nothing in it is skipped\n", wast.string());
    ++counts.failed;
  }
  for (const auto& [line, exception] : exceptions.commands) {
    fmt::print("{}:{}: FAILED: its exception is stale: there is no such command\n", wast.string(),
               line);
    ++counts.failed;
  }
  return counts;
}

void Runner::count(const std::filesystem::path& wast, const Command& command,
                   const Outcome& outcome, Counts& counts) const {
  const char* word = "ok";
  bool print = print_ == Print::All;
  switch (outcome.kind) {
    case Outcome::Kind::Passed:
      ++counts.passed;
      break;
    case Outcome::Kind::Failed:
      ++counts.failed;
      word = "FAILED";
      print = true;
      break;
    case Outcome::Kind::Skipped:
      ++counts.skipped;
      word = "skipped";
      print |= print_ == Print::Skips;
      break;
  }
  if (print) {
    fmt::print("{}:{}: {} {}{}{}\n", wast.string(), command.line, command.type, word,
               outcome.why.empty() ? "" : ": ", outcome.why);
  }
}

}  // namespace wasmcloud::conformance
