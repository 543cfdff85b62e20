#include "host/call.h"

#include "component/decoder.h"
#include "component/exported_functions.h"
#include "component/value_reader.h"
#include "component/wave.h"
#include "wash/build/wasm_file.h"
#include "wash/call_result.h"
#include "wash/commands/commands.h"
#include "wash/commands/guest.h"
#include "wash/commands/guest_flags.h"
#include "wash/component_value.h"
#include "wash/run_until_signal.h"

namespace wasmcloud::wash {
namespace {

using component::NamedFunction;
using component::TypeTable;

/// A component's functions, known without running or linking it.
struct Exports {
  component::ValidatedComponent component;
  std::vector<NamedFunction> functions;

  const TypeTable& types() const { return component.types; }
  /// Whether it may be called with values that are written down.
  Result<void> check(const NamedFunction& function, const component::TypeNames& names) const {
    auto callable = component::check_wave(types(), types()[function.type]);
    if (callable) return callable;
    return fail(callable.error().code(), "{}", names.named(callable.error().message()));
  }
  /// "add: func(a: u32, b: u32) -> u32"
  std::string describe(const NamedFunction& function) const {
    return fmt::format("{}: {}", function.full_name(),
                       component::TypeNames(component).text(function.type));
  }
};

Result<Exports> exports_of(const Invocation& invocation, const GuestComponent& component) {
  host::HostOptions options;
  TRY(enable_proposals(invocation.arguments, {}, options));
  const auto raw = component.bytes.span();
  const auto load = [&]() -> Result<Exports> {
    Exports out{
        .component = TRY(component::validate(TRY(component::decode(raw)), raw, options.features)),
        .functions = {}};
    out.functions = component::exported_functions(out.component);
    return out;
  };
  auto exports = load();
  if (!exports) return fail(explain_load(std::move(exports).error(), component.shown));
  return exports;
}

Outcome list(const Exports& exports, const std::string& shown) {
  std::string text;
  Value::List functions;
  const component::TypeNames names(exports.component);
  for (const NamedFunction& function : exports.functions) {
    const auto callable = exports.check(function, names);
    const std::string type = names.text(function.type);
    text += fmt::format("\n  {}: {}", function.full_name(), type);
    if (!callable) text += fmt::format("\n    cannot be called: {}", callable.error().message());
    functions.push_back(Value::Map{
        {.key = "name", .value = function.full_name()},
        {.key = "type", .value = type},
        {.key = "callable", .value = callable.has_value()},
        {.key = "reason", .value = callable ? Value() : Value(callable.error().message())}});
  }
  return Outcome::ok(exports.functions.empty() ? fmt::format("{} exports no functions", shown)
                                               : fmt::format("{} exports:{}", shown, text),
                     Value::Map{{.key = "functions", .value = std::move(functions)}});
}

/// What is to be called, checked before anything runs.
struct Call {
  const NamedFunction* function;
  std::vector<component::Value> arguments;
};

Result<Call> read_call(const Exports& exports, const std::string& text) {
  const component::WaveCall written = component::split_wave_call(text);
  const NamedFunction* const function =
      TRY(component::find_function(exports.functions, written.function));
  const component::FunctionType& type = exports.types()[function->type];
  if (auto callable = exports.check(*function, component::TypeNames(exports.component));
      !callable) {
    return fail(std::move(callable).error().within(
        fmt::format("{} cannot be called from a command line", function->full_name())));
  }
  auto arguments =
      component::read_wave_arguments(exports.types(), type, text, written.arguments_begin);
  if (!arguments) {
    return fail(arguments.error().code(), "{}\nThe function is {}", arguments.error().message(),
                exports.describe(*function));
  }
  return Call{.function = function, .arguments = std::move(*arguments)};
}

/// The end of a guest that ended its process.
Outcome exited(const std::string& function, int status) {
  return Outcome{.message = fmt::format("{} ended the process with status {}", function, status),
                 .success = false,
                 .data = Value::Map{{.key = "function", .value = function},
                                    {.key = "exit_code", .value = int64_t{status}}},
                 .exit_code = status == 0 ? kExitFailed : status,
                 .to_stderr = true};
}

/// Reads what there is to read in the result. What was not written while it came is in `whole`.
Task<void> use_result(Loop& loop, const Invocation& invocation,
                      std::vector<component::Value> values,
                      std::optional<component::Value>& whole) {
  if (values.empty()) co_return Result<void>();
  const bool has_streams = !component::readables_of(values.front()).empty();
  if (!has_streams) {
    whole = std::move(values.front());
  } else if (invocation.format == OutputFormat::Json) {
    whole = CO_TRY(co_await complete_result(loop, std::move(values.front())));
  } else {
    CO_TRY(co_await print_result(loop, invocation.terminal, std::move(values.front())));
  }
  co_return Result<void>();
}

Result<Outcome> call(const Invocation& invocation) {
  const auto given = invocation.arguments.positionals();
  TRY(guest_settings(invocation));
  const GuestComponent component = TRY(fetch_guest(invocation));
  const Exports exports = TRY(exports_of(invocation, component));
  if (given.size() == 1) return list(exports, component.shown);
  auto wanted = read_call(exports, given[1]);
  if (!wanted) {
    Outcome outcome = Outcome::failed(wanted.error());
    // The words are wrong, not the component.
    if (wanted.error().code() == Errc::Malformed) outcome.exit_code = kExitUsage;
    return outcome;
  }
  const std::string name = wanted->function->full_name();

  // The result has the standard output to itself where a program reads it.
  const auto output =
      invocation.format == OutputFormat::Json ? GuestOutput::Stderr : GuestOutput::Stdout;
  const Guest guest = TRY(load_guest(invocation, component, {given.front()}, output));
  const component::ExportedFunction function =
      TRY(guest.workload->prepared().find(wanted->function->interface, wanted->function->name));
  Loop loop;
  std::optional<component::Value> result;
  auto ended = run_until_signal(
      loop,
      host::call_function(loop, guest.workload, function, std::move(wanted->arguments),
                          [&](std::vector<component::Value> values) {
                            return use_result(loop, invocation, std::move(values), result);
                          }),
      "the call was interrupted");
  if (!ended && invocation.terminal.is_read()) {
    if (ended.error().code() == Errc::Exit) return exited(name, ended.error().number());
    return fail(explain_run(std::move(ended).error(), component.shown));
  }
  return Outcome{
      .message = result ? component::write_wave(*result) : std::string("()"),
      .data = Value::Map{{.key = "function", .value = name},
                         {.key = "result", .value = result ? json_of(*result) : Value()}},
      .quiet = !result};
}

Outcome run_call(const Invocation& invocation) {
  Result<Outcome> outcome = call(invocation);
  Outcome ended = outcome ? std::move(*outcome) : Outcome::failed(outcome.error());
  // The standard output is the guest's and the result's.
  if (!ended.success) ended.to_stderr = true;
  return ended;
}

}  // namespace

const Command& call_command() {
  static const Command kCommand = {
      .name = "call",
      .summary = "Call a function that a component exports",
      .description =
          "Calls FUNCTION(ARGUMENTS) in a fresh instance of the component and prints its result. "
          "The function is one of the component's own, or INTERFACE#FUNCTION of an interface, "
          "whose version, package and namespace may be left out where that leaves one only. "
          "Arguments and result are written in WAVE: 1, -2.5, true, 'x', \"text\", [1, 2], "
          "(1, \"a\"), {x: 1, y: 2}, case(1), {flag-a, flag-b}, some(1), none, ok(1), "
          "err(\"why\"). A stream in the result is written as a list, as it comes, and a future as "
          "its "
          "value. Without FUNCTION, the functions are listed. The component sees no files "
          "and no environment but what --dir and --env give it.",
      .flags = guest_flags(),
      .positionals = {{.name = "COMPONENT", .help = "A file, or HOST[:PORT]/NAME[:TAG][@DIGEST]"},
                      {.name = "FUNCTION",
                       .help = "What is called, with its arguments between parentheses",
                       .required = false}},
      .examples = {{.command = "wash call math.wasm 'add(1, 2)'",
                    .what = "Call a function of the component itself"},
                   {.command = "wash call shop.wasm 'shop:api/orders#total([{sku: \"a\", n: 2}])'",
                    .what = "Call one of an interface"},
                   {.command = "wash call math.wasm", .what = "See what can be called"}},
      .run = run_call,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
