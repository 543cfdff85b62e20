#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace wasmcloud::bindgen {

/// Text of a generated file, line by line.
class Writer {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    put(fmt::vformat(format, fmt::make_format_args(args...)));
  }
  void line() { text_.push_back('\n'); }
  template <class... Args>
  void open(fmt::format_string<Args...> format, Args&&... args) {
    put(fmt::vformat(format, fmt::make_format_args(args...)));
    indent_ += 2;
  }
  void close(std::string_view text = "}") {
    indent_ -= 2;
    put(text);
  }
  /// `public:` and the like
  void label(std::string_view text) {
    text_.append(indent_ - 1, ' ');
    text_.append(text);
    text_.push_back('\n');
  }
  void docs(std::string_view text) {
    while (!text.empty()) {
      const std::string_view words = text.substr(0, text.find('\n'));
      // A backslash at its end would make the next line part of the comment.
      const std::string_view safe = words.substr(0, words.find_last_not_of('\\') + 1);
      put(safe.empty() ? std::string("///") : fmt::format("/// {}", safe));
      text.remove_prefix(words.size() < text.size() ? words.size() + 1 : words.size());
    }
  }
  std::string take() { return std::move(text_); }

 private:
  void put(std::string_view text) {
    text_.append(indent_, ' ');
    text_.append(text);
    text_.push_back('\n');
  }
  std::string text_;
  size_t indent_ = 0;
};

}  // namespace wasmcloud::bindgen
