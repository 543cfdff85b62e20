#include "wash/terminal.h"

#include <fmt/core.h>

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace wasmcloud::wash {
namespace {

// NOLINTBEGIN(concurrency-mt-unsafe): read once at start, before there are threads
bool wants_colours() {
  const char* no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) != "dumb";
}
// NOLINTEND(concurrency-mt-unsafe)

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::Plain:
      return "0";
    case Colour::Dim:
      return "2";
    case Colour::Bold:
      return "1";
    case Colour::Red:
      return "31";
    case Colour::Green:
      return "32";
    case Colour::Yellow:
      return "33";
    case Colour::Cyan:
      return "36";
  }
  return "0";
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // the reader is gone; there is nobody to tell
    text.remove_prefix(static_cast<size_t>(written));
  }
}

int descriptor_of(Stream stream) { return stream == Stream::Out ? STDOUT_FILENO : STDERR_FILENO; }

}  // namespace

Terminal::Terminal()
    : out_is_terminal_(::isatty(STDOUT_FILENO) != 0),
      err_is_terminal_(::isatty(STDERR_FILENO) != 0),
      colours_(wants_colours()) {}

Terminal::~Terminal() { end_progress(); }

std::string Terminal::paint(Stream stream, Colour colour, std::string_view text) const {
  if (!colours_ || !is_terminal(stream) || colour == Colour::Plain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(colour), text);
}

void Terminal::line(Stream stream, std::string_view text) {
  const std::string whole = fmt::format("{}\n", text);
  write(stream, whole);
}

void Terminal::write(Stream stream, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  clear_progress();
  write_all(descriptor_of(stream), text);
}

void Terminal::progress(std::string_view text) {
  if (!err_is_terminal_) {
    line(Stream::Err, text);
    return;
  }
  const std::scoped_lock lock(mutex_);
  write_all(STDERR_FILENO, fmt::format("\r\x1b[2K{}", text));
  progress_shown_ = true;
}

void Terminal::end_progress() {
  const std::scoped_lock lock(mutex_);
  clear_progress();
}

void Terminal::clear_progress() {
  if (progress_shown_) write_all(STDERR_FILENO, "\r\x1b[2K");
  progress_shown_ = false;
}

}  // namespace wasmcloud::wash
