#include "wash/config/sources.h"

#include "base/descriptor.h"
#include "base/text.h"
#include "base/utf8.h"
#include "wash/dev/gitignore.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

namespace wasmcloud::wash {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFileBytes = size_t{1} << 20;
constexpr size_t kMaxKeys = 10'000;

template <class Map>
auto find_name(Map& map, std::string_view name) {
  return std::ranges::find(map, name, [](const auto& each) -> const auto& { return each.first; });
}

void put(SecretMap& map, std::string name, SharedSecret value) {
  const auto same = find_name(map, name);
  if (same == map.end()) {
    map.emplace_back(std::move(name), std::move(value));
  } else {
    same->second = std::move(value);
  }
}

/// A variable's name, wherever it is used.
bool is_key(std::string_view key) {
  return !key.empty() && !key.contains('=') && !key.contains('\0');
}

/// Text that is wiped behind its use.
struct WipedText {
  WipedText() = default;
  ~WipedText() { wipe(text); }
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  std::string text;
};

/// Whether `path` lies in `folder` or is it; both are canonical.
bool is_within(const std::string& path, const std::string& folder) {
  return path == folder || folder == "/" ||
         (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

Result<std::string> canonical(const std::string& path) {
  std::error_code error;
  fs::path real = fs::canonical(path, error);
  if (error) return fail(Errc::NotFound, "cannot be read: {}: {}", path, error.message());
  return real.string();
}

/// The folder above `path` that holds a repository; empty if there is none.
std::string repository_of(const std::string& path) {
  std::error_code ignored;
  for (fs::path folder = fs::path(path).parent_path();; folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", ignored)) return folder.string();
    if (folder == folder.parent_path()) return {};
  }
}

/// Reads a file that is no link, after `mode` was looked at on what was opened.
Result<void> read_whole(const std::string& path, bool is_secret, std::string& into) {
  // What the path leads to has been resolved already: a link now is one that was put there since.
  const OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) return fail_errno(errno, "opening " + path);
  struct stat status = {};
  if (::fstat(file.get(), &status) != 0) return fail_errno(errno, "reading " + path);
  if (!S_ISREG(status.st_mode)) return fail(Errc::Invalid, "{} is no regular file", path);
  const auto mode = static_cast<unsigned>(status.st_mode & 07777U);
  if (is_secret && mode != 0600 && mode != 0400) {
    return fail(Errc::Denied,
                "{} has the mode {:04o}, so it may be open to others; a secret's file must be its "
                "owner's alone: run 'chmod 600 {}'",
                path, mode, path);
  }
  if (static_cast<uint64_t>(status.st_size) > kMaxFileBytes)
    return fail(Errc::Limit, "{} has {} bytes; at most {} are read", path, status.st_size,
                kMaxFileBytes);
  // Room for all of it at once: a buffer that grows leaves copies behind.
  into.resize(kMaxFileBytes + 1);
  size_t size = 0;
  for (;;) {
    const ssize_t got = ::read(file.get(), into.data() + size, into.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(errno, "reading " + path);
    if (got == 0) break;
    size += static_cast<size_t>(got);
    if (size > kMaxFileBytes)
      return fail(Errc::Limit, "{} grew beyond {} bytes", path, kMaxFileBytes);
  }
  into.resize(size);
  return {};
}

}  // namespace

void ResolvedEnvironment::set(const std::string& name, std::string value) {
  std::erase_if(secret, [&](const auto& each) { return each.first == name; });
  const auto same = find_name(plain, name);
  if (same == plain.end()) {
    plain.emplace_back(name, std::move(value));
  } else {
    same->second = std::move(value);
  }
}

void ResolvedEnvironment::set(const std::string& name, SharedSecret value) {
  std::erase_if(plain, [&](const auto& each) { return each.first == name; });
  put(secret, name, std::move(value));
}

Result<void> Sources::apply(const EnvironmentLayer& layer, std::string_view owner,
                            ResolvedEnvironment& onto) const {
  for (const auto& [name, value] : layer.config) onto.set(name, value);
  const auto each = [&](const SourceRef& ref, Block block) -> Result<void> {
    const bool is_secret = block == Block::Secrets;
    const auto& sections = is_secret ? config_.secrets : config_.configs;
    const std::string field =
        fmt::format("{}.environment.{}", owner, is_secret ? "secretFrom" : "configFrom");
    const auto section = std::ranges::find(sections, ref.name, &SourceSection::name);
    if (section == sections.end())
      return fail(Errc::Invalid, "{}: {}: there is no '{}' in {}", ref.origin.describe(), field,
                  ref.name, is_secret ? "secrets" : "configs");
    auto values = read(*section, block);
    if (!values)
      return fail(
          std::move(values).error().within(fmt::format("{}: {}", ref.origin.describe(), field)));
    for (auto& [name, value] : *values) {
      if (is_secret) {
        onto.set(name, std::move(value));
      } else {
        onto.set(name, std::string(value.reveal()));
      }
    }
    return {};
  };
  for (const SourceRef& ref : layer.config_from) TRY(each(ref, Block::Configs));
  for (const SourceRef& ref : layer.secret_from) TRY(each(ref, Block::Secrets));
  return {};
}

Result<SecretMap> Sources::read(const SourceSection& section, Block block) const {
  const std::string name =
      fmt::format("{}.{}", block == Block::Secrets ? "secrets" : "configs", section.name);
  SecretMap out = section.inlined;
  const auto of = [&](std::string_view member, Result<void> result) -> Result<void> {
    if (result) return {};
    return fail(std::move(result).error().within(fmt::format("{}.{}", name, member)));
  };
  if (section.file) TRY(of("file", read_file_of(section, block, out)));
  if (section.dir) TRY(of("dir", read_dir_of(section, block, out)));
  for (const std::string& variable : section.from_environment) {
    const auto found = find_name(variables_, variable);
    if (found == variables_.end())
      return fail(Errc::NotFound,
                  "{}.fromEnv: the environment variable {} is not set; set it before wash is "
                  "started, or leave it out",
                  name, variable);
    put(out, variable, SharedSecret(found->second));
  }
  for (const auto& [key, value] : out) {
    if (!is_key(key)) return fail(Errc::Invalid, "{}: a key may not be empty or hold '='", name);
  }
  return out;
}

std::vector<std::string> Sources::places() const {
  std::vector<std::string> out;
  for (const auto* sections : {&config_.configs, &config_.secrets}) {
    for (const SourceSection& section : *sections) {
      for (const auto& given : {section.file, section.dir}) {
        if (!given) continue;
        const auto full = full_path(*given);
        const auto real = place(*given);
        if (full) out.push_back(fs::path(*full).lexically_normal());
        if (real && *real != out.back()) out.push_back(*real);
      }
    }
  }
  return out;
}

Findings Sources::look() const {
  Findings out;
  const auto note = [&](const SourceSection& section, const std::string& field,
                        const Result<void>& result) {
    if (!result) out.error(section.origin, field, result.error().message());
  };
  for (const Block block : {Block::Configs, Block::Secrets}) {
    const bool is_secret = block == Block::Secrets;
    for (const SourceSection& section : is_secret ? config_.secrets : config_.configs) {
      const std::string name = field_of(is_secret ? "secrets" : "configs", section.name);
      SecretMap values;
      if (section.file) note(section, name + ".file", read_file_of(section, block, values));
      if (section.dir) note(section, name + ".dir", read_dir_of(section, block, values));
      for (const std::string& variable : section.from_environment) {
        if (find_name(variables_, variable) != variables_.end()) continue;
        out.warn(
            section.origin,
            fmt::format("{}.fromEnv: the environment variable {} is not set here", name, variable));
      }
    }
  }
  return out;
}

Result<std::string> Sources::full_path(const std::string& path) const {
  std::string full = path;
  if (path == "~" || path.starts_with("~/")) {
    const auto home = find_name(variables_, "HOME");
    if (home == variables_.end() || home->second.empty())
      return fail(Errc::NotFound, "{}: there is no home folder; set HOME", path);
    full = home->second + path.substr(1);
  } else if (!path.starts_with('/')) {
    full = fmt::format("{}/{}", project_, path);
  }
  return full;
}

Result<std::string> Sources::place(const std::string& path) const {
  std::string real = TRY(canonical(TRY(full_path(path))));
  const bool is_home = path == "~" || path.starts_with("~/");
  if (is_home || path.starts_with('/')) return real;
  const std::string project = TRY(canonical(project_));
  if (!is_within(real, project))
    return fail(Errc::Denied,
                "{} leads out of the project, to {}; put it inside, or write an absolute path",
                path, real);
  return real;
}

Result<void> Sources::check_ignored(const std::string& path) const {
  const std::string project = TRY(canonical(project_));
  if (!is_within(path, project) || repository_of(path).empty()) return {};
  IgnoreRules rules(project);
  const std::string relative = path.substr(project.size() + 1);
  // What is in a folder that is ignored, is too.
  for (size_t slash = relative.find('/'); slash != relative.npos;
       slash = relative.find('/', slash + 1)) {
    if (rules.ignores(relative.substr(0, slash), FileKind::Directory)) return {};
  }
  if (rules.ignores(relative, FileKind::File)) return {};
  return fail(Errc::Denied,
              "{} holds secrets, and version control does not ignore it; add the line '/{}' to "
              "{}/.gitignore",
              path, relative, project);
}

Result<void> Sources::read_file_of(const SourceSection& section, Block block,
                                   SecretMap& onto) const {
  const std::string path = TRY(place(*section.file));
  if (block == Block::Secrets) TRY(check_ignored(path));
  WipedText content;
  TRY(read_whole(path, block == Block::Secrets, content.text));
  size_t number = 0;
  for (const std::string_view line : split(content.text, '\n')) {
    ++number;
    const std::string_view text = trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    const size_t equals = text.find('=');
    const std::string_view key = trim(text.substr(0, equals));
    if (equals == text.npos || !is_key(key))
      return fail(Errc::Malformed, "{}:{}: expected KEY=VALUE, or a comment that begins with #",
                  path, number);
    if (!is_utf8(text)) return fail(Errc::Malformed, "{}:{}: it is not in UTF-8", path, number);
    if (onto.size() >= kMaxKeys)
      return fail(Errc::Limit, "{} holds more than {} keys", path, kMaxKeys);
    put(onto, std::string(key), SharedSecret(std::string(trim(text.substr(equals + 1)))));
  }
  return {};
}

Result<SharedSecret> Sources::read_value_file(const std::string& path, Block block) const {
  if (block == Block::Secrets) TRY(check_ignored(path));
  WipedText content;
  TRY(read_whole(path, block == Block::Secrets, content.text));
  if (!is_utf8(content.text)) return fail(Errc::Malformed, "{} is not in UTF-8", path);
  return SharedSecret(content.text);
}

Result<void> Sources::read_dir_of(const SourceSection& section, Block block,
                                  SecretMap& onto) const {
  const std::string folder = TRY(place(*section.dir));
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    if (name.starts_with('.')) continue;
    names.push_back(std::move(name));
    if (names.size() > kMaxKeys)
      return fail(Errc::Limit, "{} holds more than {} files", folder, kMaxKeys);
  }
  if (error) return fail(Errc::Io, "reading the folder {}: {}", folder, error.message());
  std::ranges::sort(names);
  for (std::string& name : names) {
    const std::string real = TRY(canonical(fmt::format("{}/{}", folder, name)));
    if (!is_within(real, folder))
      return fail(Errc::Denied, "{}/{} leads out of the folder, to {}; put the file itself there",
                  folder, name, real);
    if (fs::is_directory(real, error)) continue;
    put(onto, std::move(name), TRY(read_value_file(real, block)));
  }
  return {};
}

}  // namespace wasmcloud::wash
