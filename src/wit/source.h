#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wit {

/// A range of bytes in one file of a `Sources`.
struct Span {
  uint32_t file = 0;
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// The texts that a model came from, for messages.
class Sources {
 public:
  /// No WIT file is larger.
  static constexpr size_t kMaxFileBytes = size_t{1} << 24;

  /// Errors: Errc::Limit, or Errc::Malformed with a position if `text` is not UTF-8 or holds
  /// characters that WIT forbids.
  Result<uint32_t> add(std::string path, std::string text);

  uint32_t size() const { return static_cast<uint32_t>(files_.size()); }
  std::string_view text(uint32_t file) const { return files_[file].text; }
  const std::string& path(uint32_t file) const { return files_[file].path; }
  std::string_view text(Span span) const {
    return text(span.file).substr(span.begin, span.end - span.begin);
  }
  /// "path:line:column", both from 1; columns count characters.
  std::string where(Span span) const;

  template <class... Args>
  std::unexpected<Error> error(Errc code, Span at, fmt::format_string<Args...> format,
                               Args&&... args) const {
    return fail(code, "{}: {}", where(at), fmt::vformat(format, fmt::make_format_args(args...)));
  }

 private:
  struct File {
    std::string path;
    std::string text;
  };
  std::vector<File> files_;
};

}  // namespace wasmcloud::wit
