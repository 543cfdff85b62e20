#pragma once

#include "base/secret.h"
#include "wash/config/check.h"
#include "wash/config/config.h"

#include <string>
#include <utility>
#include <vector>

namespace wasmcloud::wash {

using SecretMap = std::vector<std::pair<std::string, SharedSecret>>;

/// An environment whose secret values are kept apart. A name is in one of the two.
struct ResolvedEnvironment {
  StringMap plain;
  SecretMap secret;

  void set(const std::string& name, std::string value);
  void set(const std::string& name, SharedSecret value);
  bool operator==(const ResolvedEnvironment&) const = default;
};

/// Reads what `configs` and `secrets` refer to. Blocks.
///
/// Files: relative paths are of the project and may not leave it, also not by links; absolute ones
/// and those below `~` may be anywhere. A secret's file must be its owner's alone (mode 0600 or
/// 0400) and, within a repository, ignored by version control.
class Sources {
 public:
  /// `config` and `project` (absolute) outlive it. `variables` are those of wash itself.
  Sources(const Config& config, const std::string& project,
          std::vector<std::pair<std::string, std::string>> variables)
      : config_(config), project_(project), variables_(std::move(variables)) {}

  /// Puts a layer over what is there: its values, its configs, its secrets. `owner` is who refers
  /// to them: "workload". Errors name the owner, the source and its place, and what to do.
  Result<void> apply(const EnvironmentLayer& layer, std::string_view owner,
                     ResolvedEnvironment& onto) const;

  /// Files and folders that `configs` and `secrets` name, absolute: each as it is written, and
  /// where links lead.
  std::vector<std::string> places() const;

  /// Everything that is wrong with those files and folders, and which variables are not set here.
  Findings look() const;

 private:
  enum class Block : uint8_t { Configs, Secrets };

  Result<SecretMap> read(const SourceSection& section, Block block) const;
  Result<void> read_file_of(const SourceSection& section, Block block, SecretMap& onto) const;
  Result<void> read_dir_of(const SourceSection& section, Block block, SecretMap& onto) const;
  Result<SharedSecret> read_value_file(const std::string& path, Block block) const;
  Result<void> check_ignored(const std::string& path) const;
  Result<std::string> full_path(const std::string& path) const;
  Result<std::string> place(const std::string& path) const;

  const Config& config_;
  const std::string& project_;
  std::vector<std::pair<std::string, std::string>> variables_;
};

}  // namespace wasmcloud::wash
