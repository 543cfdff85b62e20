#include "wash/parse.h"

#include "base/text.h"

#include <CLI/CLI.hpp>

#include <array>
#include <deque>

namespace wasmcloud::wash {
namespace {

using Failed = std::unexpected<ParseFailure>;

/// A flag as CLI11 fills it in.
struct Slot {
  const Flag* flag;
  CLI::Option* option = nullptr;
  std::vector<std::string> values;
};

/// A command with its CLI11 counterpart.
struct Node {
  const Command* command;
  CLI::App* app;
  std::vector<Flag> global_flags = {};
  std::deque<Slot> slots;  // CLI11 keeps references to their values
  std::deque<Node> children;
};

void add_flag(Node& node, const Flag& flag) {
  Slot& slot = node.slots.emplace_back(Slot{.flag = &flag, .values = {}});
  std::string names(flag.name);
  if (!flag.short_name.empty())
    names += fmt::format("{}{}", names.empty() ? "" : ",", flag.short_name);
  if (flag.takes == Takes::Nothing) {
    slot.option = node.app->add_flag(names)->disable_flag_override();
  } else {
    // One value for each occurrence; how often it may occur is checked below, with our own words.
    slot.option =
        node.app->add_option(names, slot.values)->expected(1)->take_all()->allow_extra_args(false);
  }
}

/// Subcommands that no word names are left out: CLI11 takes long over each flag.
void build(Node& node, const std::vector<std::string>& words, bool is_root) {
  // Positionals, help and unknown words are ours: CLI11 leaves all of them in `remaining`.
  node.app->set_help_flag();
  node.app->allow_extras();
  node.global_flags = global_flags_of(*node.command);
  for (const Flag& flag : node.global_flags) add_flag(node, flag);
  for (const Flag& flag : node.command->flags) add_flag(node, flag);
  if (is_root) node.app->require_subcommand(0, 1);
  const auto& positionals = node.command->positionals;
  if (!positionals.empty() && positionals.back().rest) node.app->prefix_command();
  for (const Command* sub : node.command->subcommands) {
    if (std::ranges::none_of(words, [sub](std::string_view word) {
          return word == sub->name || (!sub->alias.empty() && word == sub->alias);
        }))
      continue;
    CLI::App* app = node.app->add_subcommand(std::string(sub->name));
    if (!sub->alias.empty()) app->alias(std::string(sub->alias));
    Node& child =
        node.children.emplace_back(Node{.command = sub, .app = app, .slots = {}, .children = {}});
    build(child, words, false);
  }
}

std::string_view shown(const Flag& flag) { return flag.name.empty() ? flag.short_name : flag.name; }

std::vector<std::string_view> flag_names(const Command& command) {
  std::vector<std::string_view> names;
  const auto add = [&names](const Flag& flag) {
    for (const std::string_view name : flag.names()) names.push_back(name);
  };
  for (const Flag& flag : command.flags) add(flag);
  for (const Flag& flag : global_flags()) add(flag);
  return names;
}

bool has_flag(const Command& command, std::string_view word) {
  return std::ranges::any_of(command.flags, [word](const Flag& flag) {
    return word == flag.name || word == flag.short_name;
  });
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view near = closest(word, candidates);
  return near.empty() ? std::string() : fmt::format("did you mean '{}'?", near);
}

Failed unknown_flag(const CommandPath& path, std::string_view word) {
  const std::string_view name = word.substr(0, word.find('='));
  const Command& root = *path.commands.front();
  if (path.commands.size() > 1 && has_flag(root, name)) {
    return Failed(
        ParseFailure{.path = path,
                     .message = fmt::format("'{}' goes before the command", name),
                     .hint = fmt::format("write 'wash {}{}{}'", name, name == "-C" ? " PATH" : "",
                                         path.text().substr(root.name.size()))});
  }
  for (const Command* other : root.subcommands) {
    if (path.commands.size() == 1 && has_flag(*other, name)) {
      return Failed(ParseFailure{
          .path = path,
          .message = fmt::format("'{}' belongs to 'wash {}'", name, other->name),
          .hint = fmt::format("write it after the command: 'wash {} {}'", other->name, word)});
    }
  }
  return Failed(ParseFailure{.path = path,
                             .message = fmt::format("unknown flag '{}'", name),
                             .hint = did_you_mean(name, flag_names(path.leaf()))});
}

/// Flags of one level, in words of ours where something is wrong.
std::optional<ParseFailure> take_flags(const Node& node, const CommandPath& path,
                                       Arguments& arguments) {
  for (const Slot& slot : node.slots) {
    if (slot.option->count() == 0) continue;
    const Flag& flag = *slot.flag;
    const std::string_view name = shown(flag);
    // A global flag may stand before and after the command's name; twice is twice all the same.
    const bool twice = slot.option->count() > 1 || arguments.has(name);
    if (flag.takes == Takes::One && twice) {
      return ParseFailure{.path = path,
                          .message = fmt::format("'{}' is given twice", name),
                          .hint = "keep one of them"};
    }
    arguments.add(name, flag.takes == Takes::Nothing ? std::vector<std::string>{} : slot.values);
  }
  return std::nullopt;
}

std::optional<ParseFailure> check_positionals(const CommandPath& path, const Arguments& arguments) {
  const Command& command = path.leaf();
  const auto given = arguments.positionals();
  const auto& wanted = command.positionals;
  for (size_t i = given.size(); i < wanted.size(); ++i) {
    if (wanted[i].required) {
      return ParseFailure{
          .path = path, .message = fmt::format("{} is missing", wanted[i].name), .hint = {}};
    }
  }
  const bool rest = !wanted.empty() && wanted.back().rest;
  if (given.size() > wanted.size() && !rest) {
    return ParseFailure{.path = path,
                        .message = fmt::format("unexpected argument '{}'", given[wanted.size()]),
                        .hint = {}};
  }
  return std::nullopt;
}

std::optional<ParseFailure> take_words(const CommandPath& path,
                                       const std::vector<std::string>& words,
                                       Arguments& arguments) {
  const Command& command = path.leaf();
  const bool rest = !command.positionals.empty() && command.positionals.back().rest;
  for (const std::string& word : words) {
    // A lone dash is a name; after the first word of a command that takes the rest, anything is.
    const bool is_flag = word.size() > 1 && word.front() == '-';
    if (is_flag && !(rest && !arguments.positionals().empty()))
      return unknown_flag(path, word).error();
    if (!is_flag && !command.subcommands.empty()) {
      std::vector<std::string_view> names;
      for (const Command* sub : command.subcommands) names.push_back(sub->name);
      return ParseFailure{.path = path,
                          .message = fmt::format("unknown command '{}'", word),
                          .hint = did_you_mean(word, names)};
    }
    arguments.add_positional(word);
  }
  return std::nullopt;
}

/// CLI11's own complaints that are left: a flag without its value, a switch with one.
std::string message_of(const CLI::ParseError& error, const std::vector<std::string>& words) {
  const std::string text = error.what();
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    // The library leaves out the dashes in some of its messages.
    const size_t letters = name.find_first_not_of('-');
    if (!word.starts_with('-') || letters == std::string::npos ||
        !text.contains(name.substr(letters)))
      continue;
    return equals == std::string::npos ? fmt::format("'{}' needs a value", name)
                                       : fmt::format("'{}' takes no value", name);
  }
  return to_lower(text);
}

/// The words before the first "--" and those after it.
std::vector<std::string> take_tail(std::vector<std::string>& words, bool& marked) {
  const auto mark = std::find(words.begin(), words.end(), "--");
  marked = mark != words.end();
  if (!marked) return {};
  std::vector<std::string> tail(mark + 1, words.end());
  words.erase(mark, words.end());
  return tail;
}

}  // namespace

std::expected<Parsed, ParseFailure> parse(const Command& root, std::vector<std::string> words) {
  CLI::App app;
  Node tree{.command = &root, .app = &app, .slots = {}, .children = {}};
  build(tree, words, true);

  bool marked = false;
  const std::vector<std::string> tail = take_tail(words, marked);
  Parsed parsed;
  parsed.path.commands.push_back(&root);
  std::string failure;
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    failure = message_of(error, words);
  }

  Node* node = &tree;
  for (;;) {
    if (failure.empty()) {
      if (auto wrong = take_flags(*node, parsed.path, parsed.arguments))
        return Failed(std::move(*wrong));
    }
    const auto child =
        std::ranges::find_if(node->children, [](const Node& n) { return n.app->count() != 0; });
    if (child == node->children.end()) break;
    // Words that a level did not understand before it came to its subcommand.
    if (failure.empty()) {
      if (auto wrong = take_words(parsed.path, node->app->remaining(), parsed.arguments))
        return Failed(std::move(*wrong));
    }
    node = &*child;
    parsed.path.commands.push_back(node->command);
  }
  if (!failure.empty())
    return Failed(ParseFailure{.path = parsed.path, .message = std::move(failure), .hint = {}});
  if (auto wrong = take_words(parsed.path, node->app->remaining(), parsed.arguments))
    return Failed(std::move(*wrong));

  const auto& positionals = parsed.path.leaf().positionals;
  // "--" behind the first word of a command that takes the rest is part of the rest.
  if (marked && !positionals.empty() && positionals.back().rest &&
      !parsed.arguments.positionals().empty())
    parsed.arguments.add_positional("--");
  for (const std::string& word : tail) parsed.arguments.add_positional(word);

  const bool asks = parsed.arguments.has("--help") || parsed.arguments.has("--version");
  if (!asks) {
    if (auto wrong = check_positionals(parsed.path, parsed.arguments))
      return Failed(std::move(*wrong));
  }
  return parsed;
}

}  // namespace wasmcloud::wash
