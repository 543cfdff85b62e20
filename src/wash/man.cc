#include "wash/man.h"

#include "base/file.h"
#include "base/text.h"
#include "wash/help.h"
#include "wash/version.h"

#include <filesystem>

namespace wasmcloud::wash {
namespace {

/// Text that roff takes as it is: no escapes, no requests, and hyphens that can be copied.
std::string plain(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out = "\\&";
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      out += c;
    }
  }
  return out;
}

/// "wash-config-init"
std::string page_name(const CommandPath& path) {
  std::string out;
  for (const Command* command : path.commands)
    out += (out.empty() ? "" : "-") + std::string(command->name);
  return out;
}

void entry(std::string& out, std::string_view head, std::string_view text) {
  out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", plain(trim(head)), plain(text));
}

void flags(std::string& out, std::string_view title, std::span<const Flag> list) {
  if (list.empty()) return;
  out += fmt::format(".SH {}\n", title);
  for (const Flag& flag : list) entry(out, flag_head(flag), flag_help(flag));
}

Result<size_t> write_pages(const CommandPath& path, const std::string& folder) {
  TRY(write_file(fmt::format("{}/{}.1", folder, page_name(path)), man_page_of(path)));
  size_t pages = 1;
  for (const Command* sub : path.leaf().subcommands) {
    CommandPath below = path;
    below.commands.push_back(sub);
    pages += TRY(write_pages(below, folder));
  }
  return pages;
}

}  // namespace

std::string man_page_of(const CommandPath& path) {
  const Command& command = path.leaf();
  const std::string name = page_name(path);
  const std::string usage = usage_of(path);
  std::string out = fmt::format(".TH {} 1 \"\" \"wash {}\" \"wash manual\"\n",
                                plain(to_upper(name)), plain(version()));
  out += fmt::format(".SH NAME\n{} \\- {}\n", plain(name), plain(command.summary));
  const size_t shown_name = std::string_view("Usage: ").size() + path.text().size();
  out += fmt::format(".SH SYNOPSIS\n\\fB{}\\fR{}\n", plain(path.text()),
                     plain(std::string_view(usage).substr(shown_name)));
  if (!command.description.empty())
    out += fmt::format(".SH DESCRIPTION\n{}\n", plain(command.description));
  if (!command.positionals.empty()) out += ".SH ARGUMENTS\n";
  for (const Positional& positional : command.positionals)
    entry(out, shown(positional), positional.help);
  if (!command.subcommands.empty()) out += ".SH COMMANDS\n";
  for (const Command* sub : command.subcommands)
    entry(out, fmt::format("{}-{}(1)", name, sub->name), sub->summary);
  flags(out, "OPTIONS", command.flags);
  flags(out, "GLOBAL OPTIONS", global_flags_of(command));
  if (!command.examples.empty()) out += ".SH EXAMPLES\n";
  for (const Example& example : command.examples) {
    out += fmt::format("{}:\n.PP\n.nf\n.RS 4\n{}\n.RE\n.fi\n.PP\n", plain(example.what),
                       plain(example.command));
  }
  if (path.commands.size() > 1) {
    CommandPath above = path;
    above.commands.pop_back();
    out += fmt::format(".SH SEE ALSO\n\\fB{}\\fR(1)\n", plain(page_name(above)));
  }
  return out;
}

Result<size_t> write_man_pages(const Command& root, const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Errc::Io, "the folder {} cannot be made: {}", folder, error.message());
  return write_pages(CommandPath{.commands = {&root}}, folder);
}

}  // namespace wasmcloud::wash
