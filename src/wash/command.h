#pragma once

#include "wash/outcome.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmcloud::wash {

struct Invocation;

enum class Takes : uint8_t {
  Nothing,  ///< a switch
  One,      ///< one value; given twice is an error
  Many,     ///< may be repeated
};

/// One flag of the table. Names are with their dashes.
struct Flag {
  std::string_view name = {};
  std::string_view short_name = {};
  /// The value's name in help, such as "ADDRESS"; what may be written there if it is a choice.
  std::string_view value = {};
  Takes takes = Takes::Nothing;
  std::string_view help;
  std::string_view default_value = {};  ///< shown in help only
  /// The words that may be written there with "|" between them, if help does not show them as
  /// `value`; for completion.
  std::string_view choices = {};

  /// Its name and its short name, as far as it has them.
  std::vector<std::string_view> names() const;
};

struct Positional {
  std::string_view name;
  std::string_view help;
  bool required = true;
  /// Takes all that follows, flags too.
  bool rest = false;
  /// The words that may be written there, if it is one of a few.
  std::vector<std::string_view> choices = {};
};

struct Example {
  std::string_view command;
  std::string_view what;
};

/// One command: what the parser, help and completion are made from.
struct Command {
  std::string_view name;
  std::string_view summary;      ///< one line, for the list of commands
  std::string_view description;  ///< what help says beneath the summary
  std::vector<Flag> flags = {};
  std::vector<Positional> positionals = {};
  std::vector<Example> examples = {};
  std::vector<const Command*> subcommands = {};
  Outcome (*run)(const Invocation&) = nullptr;
  std::string_view alias = {};  ///< a second name; empty: none
};

/// Flags that every command accepts, before and after its name.
std::span<const Flag> global_flags();
/// The same for one command: a short name that it has for a flag of its own means that there.
std::vector<Flag> global_flags_of(const Command& command);

/// `wash` itself with all its commands. Made once, by main.
const Command& root_command();

/// What was typed, against the table.
class Arguments {
 public:
  bool has(std::string_view flag) const { return find(flag) != nullptr; }
  /// The flag's value; empty if it was not given.
  std::string_view value(std::string_view flag) const;
  std::span<const std::string> values(std::string_view flag) const;
  std::span<const std::string> positionals() const { return positionals_; }

  void add(std::string_view flag, std::vector<std::string> values);
  void add_positional(std::string value) { positionals_.push_back(std::move(value)); }

 private:
  const std::vector<std::string>* find(std::string_view flag) const;

  std::vector<std::pair<std::string_view, std::vector<std::string>>> flags_;
  std::vector<std::string> positionals_;
};

/// The names from the root down to a command: "wash dev".
struct CommandPath {
  std::vector<const Command*> commands;

  const Command& leaf() const { return *commands.back(); }
  std::string text() const;
};

}  // namespace wasmcloud::wash
