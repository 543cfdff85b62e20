#include "conformance/runner.h"

#include "base/file.h"
#include "component/decoder.h"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

namespace wasmcloud::conformance {
namespace {

namespace json = boost::json;

/// A command's end; an error is a failure.
struct Skip {
  std::string why;
};
using CommandResult = Result<std::optional<Skip>>;

class ScriptRunner {
 public:
  ScriptRunner(const Script& script, Executor* executor) : script_(script), executor_(executor) {
    if (executor_ != nullptr) executor_->begin(script.features);
  }

  CommandResult run(const Command& command);

 private:
  Result<void> validate(const std::string& bytes) const;
  CommandResult instantiate(const std::string& bytes, const std::string& name);
  CommandResult definition(const Command& command);
  CommandResult refused(const Command& command);
  CommandResult call(const Command& command);
  CommandResult not_instantiated(const Command& command);

  const Script& script_;
  Executor* executor_;
  std::map<std::string, std::string>
      definitions_;  // bytes by name; the latest without one under ""
};

std::span<const std::byte> as_bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Result<void> ScriptRunner::validate(const std::string& bytes) const {
  component::DecodedComponent decoded = TRY(component::decode(as_bytes(bytes)));
  TRY(component::validate(std::move(decoded), as_bytes(bytes), script_.features));
  return {};
}

CommandResult ScriptRunner::instantiate(const std::string& bytes, const std::string& name) {
  if (executor_ == nullptr) return Skip{"nothing here runs components"};
  TRY(executor_->instantiate(as_bytes(bytes), name));
  return std::nullopt;
}

CommandResult ScriptRunner::definition(const Command& command) {
  std::string bytes = TRY(read_file(command.file));
  TRY(validate(bytes));
  if (command.type == "module_definition") {
    definitions_.insert_or_assign(command.name, std::move(bytes));
    return std::nullopt;
  }
  // Without an executor, being valid is all that can be asked.
  if (executor_ == nullptr) return std::nullopt;
  return instantiate(bytes, command.name);
}

CommandResult ScriptRunner::refused(const Command& command) {
  if (command.is_text) return Skip{"tests the text format"};
  const std::string bytes = TRY(read_file(command.file));
  if (validate(bytes))
    return fail(Errc::Invalid, "accepted, but should be refused: {}", command.text);
  return std::nullopt;
}

CommandResult ScriptRunner::not_instantiated(const Command& command) {
  const std::string bytes = TRY(read_file(command.file));
  TRY(validate(bytes));
  if (executor_ == nullptr) return Skip{"nothing here runs components"};
  const Result<void> result = executor_->instantiate(as_bytes(bytes), command.name);
  if (result) return fail(Errc::Invalid, "instantiated, but should fail: {}", command.text);
  const bool trapped = result.error().code() == Errc::Trap;
  if (trapped == (command.type == "assert_uninstantiable")) return std::nullopt;
  return fail(Errc::Invalid, "expected \"{}\", got: {}", command.text, result.error().message());
}

CommandResult ScriptRunner::call(const Command& command) {
  if (executor_ == nullptr) return Skip{"nothing here runs components"};
  Result<json::array> results = executor_->invoke(command.field, command.arguments);
  if (command.type == "assert_trap") {
    if (results)
      return fail(Errc::Invalid, "{} returned, but should trap: {}", command.field, command.text);
    if (results.error().code() == Errc::Trap) return std::nullopt;
    return fail(std::move(results).error().within(fmt::format("{} should trap", command.field)));
  }
  const json::array found = TRY(std::move(results));
  if (!command.expected) return std::nullopt;
  const json::array& expected = *command.expected;
  if (std::ranges::equal(expected, found, matches)) return std::nullopt;
  return fail(Errc::Invalid, "{} returned {}, expected {}", command.field, json::serialize(found),
              json::serialize(expected));
}

CommandResult ScriptRunner::run(const Command& command) {
  if (const auto why = script_.superseded(command)) return Skip{*why};
  if (command.type == "module" || command.type == "module_definition") return definition(command);
  if (command.type == "assert_invalid" || command.type == "assert_malformed")
    return refused(command);
  if (command.type == "assert_unlinkable" || command.type == "assert_uninstantiable")
    return not_instantiated(command);
  if (command.type == "assert_return" || command.type == "assert_trap" ||
      command.type == "action") {
    return call(command);
  }
  if (command.type == "module_instance") {
    const auto found = definitions_.find(command.definition);
    if (found == definitions_.end())
      return fail(Errc::NotFound, "no definition \"{}\"", command.definition);
    return instantiate(found->second, command.name);
  }
  return fail(Errc::Unsupported, "unknown command {}", command.type);
}

bool is_float(std::string_view type) { return type == "f32" || type == "f64"; }

/// Floats are decimal numbers of their bits, or words that stand for any NaN.
bool is_nan(std::string_view type, std::string_view text) {
  if (text.starts_with("nan")) return true;
  const uint64_t bits = std::strtoull(std::string(text).c_str(), nullptr, 10);
  return type == "f32" ? (bits & 0x7fffffff) > 0x7f800000
                       : (bits & 0x7fffffffffffffff) > 0x7ff0000000000000;
}

}  // namespace

bool matches(const json::value& expected, const json::value& actual) {
  if (expected.is_array())
    return actual.is_array() &&
           std::ranges::equal(expected.get_array(), actual.get_array(), matches);
  if (!expected.is_object()) return expected == actual;
  if (!actual.is_object()) return false;
  const json::object& wanted = expected.get_object();
  const json::object& found = actual.get_object();
  const auto* type = wanted.if_contains("type");
  const auto* value = wanted.if_contains("value");
  const auto* found_value = found.if_contains("value");
  if (type != nullptr && type->is_string() && value != nullptr && found_value != nullptr) {
    const std::string_view kind = type->get_string();
    const auto* found_type = found.if_contains("type");
    if (found_type == nullptr || *found_type != *type) return false;
    if (is_float(kind) && value->is_string() && found_value->is_string() &&
        is_nan(kind, value->get_string())) {
      return is_nan(kind, found_value->get_string());
    }
    if (kind == "flags" && value->is_array() && found_value->is_array()) {
      const auto set_of = [](const json::array& names) {
        std::set<std::string> set;
        for (const auto& name : names) set.insert(std::string(name.as_string()));
        return set;
      };
      return set_of(value->get_array()) == set_of(found_value->get_array());
    }
    return matches(*value, *found_value);
  }
  if (wanted.size() != found.size()) return false;
  return std::ranges::all_of(wanted, [&](const auto& member) {
    const auto* other = found.if_contains(member.key());
    return other != nullptr && matches(member.value(), *other);
  });
}

Counts run_script(const Script& script, Executor* executor, const Report& report) {
  ScriptRunner runner(script, executor);
  Counts counts;
  for (const Command& command : script.commands) {
    const CommandResult result = runner.run(command);
    if (!result) {
      ++counts.failed;
      report(command, Outcome::Failed, result.error().message());
    } else if (*result) {
      ++counts.skipped;
      report(command, Outcome::Skipped, (*result)->why);
    } else {
      ++counts.passed;
      report(command, Outcome::Passed, "");
    }
  }
  return counts;
}

}  // namespace wasmcloud::conformance
