#include "wash/help.h"

#include <algorithm>

namespace wasmcloud::wash {
namespace {

/// Words up to `width`, with later lines indented.
std::string wrap(std::string_view text, size_t indent, size_t width) {
  std::string out;
  size_t column = indent;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column + word.size() + 1 > width && column > indent) {
      out += fmt::format("\n{:{}}", "", indent);
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out;
}

using Rows = std::vector<std::pair<std::string, std::string>>;

void section(std::string& out, std::string_view title, const Rows& rows, size_t width) {
  // With fewer columns for the text it stands below, further in than names of flags.
  constexpr size_t kLeastText = 24;
  constexpr size_t kBelow = 10;
  if (rows.empty()) return;
  size_t widest = 0;
  for (const auto& [head, text] : rows) widest = std::max(widest, head.size());
  out += fmt::format("\n{}:\n", title);
  for (const auto& [head, text] : rows) {
    if (widest + 4 + kLeastText <= width)
      out += fmt::format("  {:{}}  {}\n", head, widest, wrap(text, widest + 4, width));
    else
      out += fmt::format("  {}\n{:{}}{}\n", head, "", kBelow, wrap(text, kBelow, width));
  }
}

Rows flag_rows(std::span<const Flag> flags) {
  Rows rows;
  for (const Flag& flag : flags) rows.emplace_back(flag_head(flag), flag_help(flag));
  return rows;
}

void markdown(std::string& out, const CommandPath& path) {
  const Command& command = path.leaf();
  out += fmt::format("\n## `{}`\n\n{}.\n\n", path.text(), command.summary);
  if (!command.description.empty()) out += fmt::format("{}\n\n", command.description);
  out += fmt::format("    {}\n", usage_of(path).substr(std::string_view("Usage: ").size()));
  for (const Positional& positional : command.positionals)
    out += fmt::format("\n- `{}`: {}", shown(positional), positional.help);
  for (const Flag& flag : command.flags) {
    const std::string head = flag_head(flag);
    out += fmt::format("\n- `{}`: {}", head.substr(head.find_first_not_of(' ')), flag_help(flag));
  }
  if (!command.positionals.empty() || !command.flags.empty()) out += '\n';
  for (const Example& example : command.examples)
    out += fmt::format("\n{}:\n\n    {}\n", example.what, example.command);
  for (const Command* sub : command.subcommands) {
    CommandPath below = path;
    below.commands.push_back(sub);
    markdown(out, below);
  }
}

}  // namespace

std::string flag_head(const Flag& flag) {
  std::string out = flag.short_name.empty() ? "    " : std::string(flag.short_name);
  if (!flag.name.empty())
    out += fmt::format("{}{}", flag.short_name.empty() ? "" : ", ", flag.name);
  if (flag.takes != Takes::Nothing) out += fmt::format(" <{}>", flag.value);
  return out;
}

std::string flag_help(const Flag& flag) {
  std::string out(flag.help);
  if (!flag.default_value.empty()) out += fmt::format(" [default: {}]", flag.default_value);
  return out;
}

std::string shown(const Positional& positional) {
  const std::string name = fmt::format("{}{}", positional.name, positional.rest ? "..." : "");
  return positional.required ? fmt::format("<{}>", name) : fmt::format("[{}]", name);
}

std::string usage_of(const CommandPath& path) {
  const Command& command = path.leaf();
  std::string out = fmt::format("Usage: {} [OPTIONS]", path.text());
  if (!command.subcommands.empty()) out += " <COMMAND>";
  for (const Positional& positional : command.positionals)
    out += fmt::format(" {}", shown(positional));
  return out;
}

size_t help_width(const Terminal& terminal, Stream stream) {
  constexpr size_t kLeast = 40;
  constexpr size_t kMost = 100;
  return std::clamp(terminal.columns(stream).value_or(kMost), kLeast, kMost);
}

std::string help_of(const CommandPath& path, size_t width) {
  const Command& command = path.leaf();
  std::string out = fmt::format("{}\n\n", command.summary);
  if (!command.description.empty())
    out += fmt::format("{}\n\n", wrap(command.description, 0, width));
  out += usage_of(path) + "\n";

  Rows rows;
  for (const Command* sub : command.subcommands) {
    rows.emplace_back(
        sub->alias.empty() ? std::string(sub->name) : fmt::format("{}, {}", sub->name, sub->alias),
        sub->summary);
  }
  section(out, "Commands", rows, width);
  rows.clear();
  for (const Positional& positional : command.positionals)
    rows.emplace_back(shown(positional), positional.help);
  section(out, "Arguments", rows, width);
  section(out, "Options", flag_rows(command.flags), width);
  section(out, "Global options", flag_rows(global_flags_of(command)), width);

  if (!command.examples.empty()) out += "\nExamples:\n";
  for (const Example& example : command.examples)
    out += fmt::format("  # {}\n  {}\n", example.what, example.command);
  return out;
}

std::string markdown_of(const Command& root) {
  std::string out =
      "# Command line of `wash`\n\nThese are accepted by every command, before and after its "
      "name:\n";
  for (const Flag& flag : global_flags()) {
    const std::string head = flag_head(flag);
    out += fmt::format("\n- `{}`: {}", head.substr(head.find_first_not_of(' ')), flag_help(flag));
  }
  out += '\n';
  markdown(out, CommandPath{.commands = {&root}});
  return out;
}

}  // namespace wasmcloud::wash
