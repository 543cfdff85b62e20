#pragma once

#include "base/loop.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud {

enum class FileKind : uint8_t { File, Directory };

/// Tells which files below a folder were written, made, moved or removed.
///
/// Folders that appear later are watched too, and the files already in them are reported. Symbolic
/// links are not followed. Thread: owning loop.
class FileWatch {
 public:
  /// True for what shall not be reported, or descended into. Paths are relative to the root, with
  /// '/' between their parts.
  using Filter = std::function<bool(std::string_view path, FileKind kind)>;

  /// Everything below `root`. Blocks while it walks the tree.
  /// Errors: Errc::NotFound, Errc::Denied, Errc::Io; Errc::Limit where the system allows no more
  /// watches, with what to raise.
  static Result<std::unique_ptr<FileWatch>> tree(Loop& loop, std::string root, Filter skip);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  /// Tells of these, too: files, and folders of which each file is told, wherever they are and
  /// whatever the filter says of them; absolute, normal paths. They take the place of those given
  /// before. What lies outside of the root is told by its absolute path. Folders that are not there
  /// are left out. Errors: Errc::Limit, Errc::Io.
  Result<void> also(const std::vector<std::string>& paths);

  /// Waits for changes, then until none came for `quiet` (at most ten times that), and gives the
  /// changed paths, relative to the root, sorted, each once; not those made and gone in between. An
  /// empty path stands for "events were lost; anything may have changed". Errors: Errc::Cancelled;
  /// Errc::NotFound once the root itself is gone.
  Task<std::vector<std::string>> next(Clock::duration quiet);
  /// What has changed by now, without waiting.
  std::vector<std::string> pending();

 private:
  struct Impl;
  explicit FileWatch(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace wasmcloud
