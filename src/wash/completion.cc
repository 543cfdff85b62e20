#include "wash/completion.h"

#include "base/check.h"
#include "base/text.h"

#include <algorithm>

namespace wasmcloud::wash {
namespace {

/// One word that may come next, and what it is.
struct Word {
  std::string_view text;
  std::string_view help;
};

/// What may follow one command.
struct Place {
  std::string path;  ///< "wash config init"
  std::vector<Word> commands;
  std::vector<Word> words;  ///< the commands, and what may be written for an argument
  std::vector<Word> flags;
};

void add_flags(std::vector<Word>& out, std::span<const Flag> flags) {
  for (const Flag& flag : flags) {
    for (const std::string_view name : flag.names())
      out.push_back({.text = name, .help = flag.help});
  }
}

void visit(std::vector<Place>& out, const Command& command, const std::string& above) {
  Place place{
      .path = above.empty() ? std::string(command.name) : fmt::format("{} {}", above, command.name),
      .commands = {},
      .words = {},
      .flags = {}};
  for (const Command* sub : command.subcommands)
    place.commands.push_back({.text = sub->name, .help = sub->summary});
  place.words = place.commands;
  for (const Positional& positional : command.positionals) {
    for (const std::string_view choice : positional.choices)
      place.words.push_back({.text = choice, .help = positional.name});
  }
  add_flags(place.flags, command.flags);
  add_flags(place.flags, global_flags_of(command));
  const std::string path = place.path;
  out.push_back(std::move(place));
  for (const Command* sub : command.subcommands) visit(out, *sub, path);
}

/// Flags that take one of a few words, with those; each flag once.
struct Choice {
  std::vector<std::string_view> flags;
  std::vector<std::string_view> values;
};

void find_choices(std::vector<Choice>& out, std::span<const Flag> flags) {
  for (const Flag& flag : flags) {
    const std::string_view choices = flag.choices.empty() ? flag.value : flag.choices;
    if (!choices.contains('|')) continue;
    Choice choice{.flags = flag.names(), .values = split(choices, '|')};
    if (std::ranges::find(out, choice.flags, &Choice::flags) == out.end())
      out.push_back(std::move(choice));
  }
}

/// Flags of one command that a global one shares its short name with: "wash compose -o". What the
/// global one takes is not to be written there.
void find_others(std::vector<std::string>& out, const Command& command, const std::string& above) {
  const std::string path = above + std::string(command.name);
  for (const Flag& flag : command.flags) {
    const auto shares = [&](const Flag& global) { return global.short_name == flag.short_name; };
    if (!flag.short_name.empty() && std::ranges::any_of(global_flags(), shares))
      out.push_back(fmt::format("{} {}", path, flag.short_name));
  }
  for (const Command* sub : command.subcommands) find_others(out, *sub, path + " ");
}

void find_choices(std::vector<Choice>& out, const Command& command) {
  find_choices(out, command.flags);
  for (const Command* sub : command.subcommands) find_choices(out, *sub);
}

/// Between single quotes, which end within the text by `escape`.
std::string quoted(std::string_view text, std::string_view escape) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string texts(const std::vector<Word>& words) {
  std::vector<std::string> all;
  for (const Word& word : words) all.emplace_back(word.text);
  return join(all, " ");
}

std::string spaced(const std::vector<std::string_view>& words, std::string_view separator) {
  return join(std::vector<std::string>(words.begin(), words.end()), separator);
}

struct Words {
  std::vector<Place> places;
  std::vector<Choice> choices;
  std::vector<std::string> others;

  bool is_other(const Place& place, const Word& flag) const {
    return std::ranges::find(others, fmt::format("{} {}", place.path, flag.text)) != others.end();
  }
  /// All of `others` between quotes.
  std::string quoted_others(std::string_view quote, std::string_view separator) const {
    std::vector<std::string> all;
    for (const std::string& each : others) all.push_back(fmt::format("{0}{1}{0}", quote, each));
    return join(all, separator);
  }
};

/// The lines that follow the words before the cursor down the table, for shells with `case`.
std::string follow(const Words& words, std::string_view indent) {
  std::string out;
  for (const Place& place : words.places) {
    for (const Word& command : place.commands)
      out += fmt::format("{0}\"{1} {2}\") at=\"{1} {2}\" ;;\n", indent, place.path, command.text);
  }
  return out;
}

std::string bash(const Words& words) {
  std::string out =
      "# wash completion for bash: source this file, or put it into\n"
      "# ~/.local/share/bash-completion/completions/wash\n"
      "_wash() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at=wash i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"$at ${COMP_WORDS[i]}\" in\n";
  out += follow(words, "      ");
  out += "    esac\n  done\n  COMPREPLY=()\n";
  if (!words.others.empty()) {
    out += fmt::format("  case \"$at $previous\" in {}) return ;; esac\n",
                       words.quoted_others("\"", "|"));
  }
  out += "  case \"$previous\" in\n";
  for (const Choice& choice : words.choices)
    out += fmt::format("    {}) COMPREPLY=($(compgen -W \"{}\" -- \"$current\")); return ;;\n",
                       spaced(choice.flags, "|"), spaced(choice.values, " "));
  out += "  esac\n  local commands= flags=\n  case \"$at\" in\n";
  for (const Place& place : words.places)
    out += fmt::format("    \"{}\") commands=\"{}\" flags=\"{}\" ;;\n", place.path,
                       texts(place.words), texts(place.flags));
  out +=
      "  esac\n"
      "  if [[ $current == -* ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$flags\" -- \"$current\"))\n"
      "  elif [[ -n $commands ]]; then\n"
      "    COMPREPLY=($(compgen -W \"$commands\" -- \"$current\"))\n"
      "  fi\n"
      "}\n"
      "complete -o bashdefault -o default -F _wash wash\n";
  return out;
}

std::string described(const std::vector<Word>& words) {
  std::string out;
  for (const Word& word : words)
    out += fmt::format(" {}", quoted(fmt::format("{}:{}", word.text, word.help), "'\\''"));
  return out;
}

std::string zsh(const Words& words) {
  std::string out =
      "#compdef wash\n"
      "# wash completion for zsh: put this file as _wash into a folder of $fpath\n"
      "_wash() {\n"
      "  local at=wash i\n"
      "  local -a commands flags\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    case \"$at ${words[i]}\" in\n";
  out += follow(words, "      ");
  out += "    esac\n  done\n";
  if (!words.others.empty()) {
    out += fmt::format("  case \"$at ${{words[CURRENT-1]}}\" in {}) _files; return ;; esac\n",
                       words.quoted_others("\"", "|"));
  }
  out += "  case \"${words[CURRENT-1]}\" in\n";
  for (const Choice& choice : words.choices)
    out += fmt::format("    {}) compadd -- {}; return ;;\n", spaced(choice.flags, "|"),
                       spaced(choice.values, " "));
  out += "  esac\n  case \"$at\" in\n";
  for (const Place& place : words.places)
    out += fmt::format("    \"{}\") commands=({} ) flags=({} ) ;;\n", place.path,
                       described(place.words), described(place.flags));
  out +=
      "  esac\n"
      "  if [[ ${words[CURRENT]} == -* ]]; then\n"
      "    _describe -o flag flags\n"
      "  elif (( $#commands )); then\n"
      "    _describe command commands\n"
      "  else\n"
      "    _files\n"
      "  fi\n"
      "}\n"
      "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _wash \"$@\"; else compdef _wash wash; "
      "fi\n";
  return out;
}

std::string fish(const Words& words) {
  std::string out =
      "# wash completion for fish: put this file into ~/.config/fish/completions/wash.fish\n"
      "function __wash_at\n"
      "  set -l at wash\n"
      "  for word in (commandline -opc)[2..]\n"
      "    switch \"$at $word\"\n"
      "      case";
  for (const Place& place : words.places) {
    for (const Word& command : place.commands)
      out += fmt::format(" '{} {}'", place.path, command.text);
  }
  out +=
      "\n        set at \"$at $word\"\n"
      "    end\n"
      "  end\n"
      "  test \"$at\" = \"$argv\"\n"
      "end\n";
  for (const Place& place : words.places) {
    const std::string where = fmt::format("complete -c wash -n '__wash_at {}'", place.path);
    for (const Word& word : place.words)
      out += fmt::format("{} -f -a {} -d {}\n", where, word.text, quoted(word.help, "\\'"));
    for (const Word& flag : place.flags) {
      const bool is_long = flag.text.starts_with("--");
      out +=
          fmt::format("{} -{} {}", where, is_long ? 'l' : 's', flag.text.substr(is_long ? 2 : 1));
      const auto choice = std::ranges::find_if(words.choices, [&](const Choice& each) {
        return std::ranges::find(each.flags, flag.text) != each.flags.end();
      });
      if (choice != words.choices.end() && !words.is_other(place, flag))
        out += fmt::format(" -x -a '{}'", spaced(choice->values, " "));
      out += fmt::format(" -d {}\n", quoted(flag.help, "\\'"));
    }
  }
  return out;
}

std::string powershell(const Words& words) {
  std::string out =
      "# wash completion for PowerShell: add this to $PROFILE\n"
      "Register-ArgumentCompleter -Native -CommandName wash -ScriptBlock {\n"
      "  param($wordToComplete, $commandAst, $cursorPosition)\n"
      "  $words = @{\n";
  for (const Place& place : words.places) {
    out += fmt::format("    '{}' = @(\n", place.path);
    for (const auto* list : {&place.words, &place.flags}) {
      for (const Word& word : *list)
        out += fmt::format("      @('{}', {})\n", word.text, quoted(word.help, "''"));
    }
    out += "    )\n";
  }
  out += "  }\n  $choices = @{\n";
  for (const Choice& choice : words.choices) {
    for (const std::string_view flag : choice.flags)
      out += fmt::format("    '{}' = @('{}')\n", flag, spaced(choice.values, "', '"));
  }
  out += fmt::format("  }}\n  $others = @({})\n", words.quoted_others("'", ", "));
  out +=
      "  $at = 'wash'\n"
      "  $previous = ''\n"
      "  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {\n"
      "    if ($element.Extent.EndOffset -ge $cursorPosition) { break }\n"
      "    $previous = $element.ToString()\n"
      "    if ($words.ContainsKey(\"$at $previous\")) { $at = \"$at $previous\" }\n"
      "  }\n"
      "  if ($choices.ContainsKey($previous) -and \"$at $previous\" -notin $others) {\n"
      "    $choices[$previous] | Where-Object { $_ -like \"$wordToComplete*\" }\n"
      "    return\n"
      "  }\n"
      "  $words[$at] | Where-Object { $_[0] -like \"$wordToComplete*\" } | ForEach-Object {\n"
      "    [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', "
      "$_[1])\n"
      "  }\n"
      "}\n";
  return out;
}

std::string elvish(const Words& words) {
  std::string out =
      "# wash completion for elvish: add this to ~/.config/elvish/rc.elv\n"
      "set edit:completion:arg-completer[wash] = {|@typed|\n"
      "  var words = [\n";
  for (const Place& place : words.places) {
    out += fmt::format("    &'{}'=[", place.path);
    for (const auto* list : {&place.words, &place.flags}) {
      for (const Word& word : *list)
        out += fmt::format(" [{} {}]", quoted(word.text, "''"), quoted(word.help, "''"));
    }
    out += " ]\n";
  }
  out += "  ]\n  var choices = [\n";
  for (const Choice& choice : words.choices) {
    for (const std::string_view flag : choice.flags)
      out += fmt::format("    &{}=['{}']\n", quoted(flag, "''"), spaced(choice.values, "' '"));
  }
  out += fmt::format("  ]\n  var others = [{}]\n", words.quoted_others("'", " "));
  out +=
      "  var at = 'wash'\n"
      "  var previous = ''\n"
      "  for word $typed[1..-1] {\n"
      "    set previous = $word\n"
      "    if (has-key $words $at' '$word) { set at = $at' '$word }\n"
      "  }\n"
      "  if (and (has-key $choices $previous) (not (has-value $others $at' '$previous))) {\n"
      "    all $choices[$previous]\n"
      "  } else {\n"
      "    for word $words[$at] { edit:complex-candidate $word[0] &display=$word[0]' '$word[1] }\n"
      "  }\n"
      "}\n";
  return out;
}

}  // namespace

std::string completion_of(const Command& root, std::string_view shell) {
  Words words;
  visit(words.places, root, {});
  find_choices(words.choices, global_flags());
  find_choices(words.choices, root);
  find_others(words.others, root, {});
  if (shell == "bash") return bash(words);
  if (shell == "zsh") return zsh(words);
  if (shell == "fish") return fish(words);
  if (shell == "powershell") return powershell(words);
  CHECK(shell == "elvish");
  return elvish(words);
}

}  // namespace wasmcloud::wash
