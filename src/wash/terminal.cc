#include "wash/terminal.h"

#include "base/descriptor.h"
#include "base/loop.h"

#include <fmt/core.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
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

/// As much of the text as fits, without half a character.
std::string_view cut(std::string_view text, size_t columns) {
  if (text.size() <= columns) return text;
  while (columns > 0 && (static_cast<uint8_t>(text[columns]) & 0xc0) == 0x80) --columns;
  return text.substr(0, columns);
}

int descriptor_of(Stream stream) { return stream == Stream::Out ? STDOUT_FILENO : STDERR_FILENO; }

}  // namespace

Terminal::Terminal()
    : out_is_terminal_(::isatty(STDOUT_FILENO) != 0),
      err_is_terminal_(::isatty(STDERR_FILENO) != 0),
      colours_(wants_colours()),
      later_(std::make_shared<Later>()) {}

/// Lines that wait for a thread of the blocking pool to write them, in order.
struct Terminal::Later {
  struct Piece {
    Stream stream;
    std::string text;
  };
  static constexpr size_t kMostWaiting = size_t{4} << 20;

  // The lines come from all loops, and the writer is on none.
  std::mutex mutex;
  std::condition_variable idle;
  std::vector<Piece> pieces;
  size_t waiting_bytes = 0;
  size_t dropped = 0;
  bool writing = false;
};

Terminal::~Terminal() {
  flush();
  end_progress();
}

void Terminal::line_later(Stream stream, std::string_view text) {
  const std::scoped_lock lock(later_->mutex);
  if (later_->waiting_bytes + text.size() > Later::kMostWaiting) {
    ++later_->dropped;
    return;
  }
  // Neighbours of one stream become one write.
  if (later_->pieces.empty() || later_->pieces.back().stream != stream)
    later_->pieces.push_back({stream, {}});
  later_->pieces.back().text.append(text).push_back('\n');
  later_->waiting_bytes += text.size() + 1;
  if (std::exchange(later_->writing, true)) return;
  // `flush` keeps this object until the writer is done.
  run_blocking([this] {
    std::unique_lock held(later_->mutex);
    while (!later_->pieces.empty()) {
      const std::vector<Later::Piece> pieces = std::exchange(later_->pieces, {});
      const size_t dropped = std::exchange(later_->dropped, 0);
      later_->waiting_bytes = 0;
      held.unlock();
      for (const Later::Piece& piece : pieces) write(piece.stream, piece.text);
      if (dropped != 0) line(Stream::Err, fmt::format("({} lines were dropped)", dropped));
      held.lock();
    }
    later_->writing = false;
    later_->idle.notify_all();
  });
}

void Terminal::flush() {
  std::unique_lock held(later_->mutex);
  later_->idle.wait(held, [this] { return !later_->writing; });
}

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
  const int error = write_all(descriptor_of(stream), text);
  if (stream != Stream::Out || error == 0) return;
  if (error == EPIPE) {
    is_read_ = false;
  } else {
    output_error_ = error;
  }
}

std::optional<size_t> Terminal::columns(Stream stream) const {
  winsize size{};
  if (!is_terminal(stream) || ::ioctl(descriptor_of(stream), TIOCGWINSZ, &size) != 0 ||
      size.ws_col == 0)
    return std::nullopt;
  return size.ws_col;
}

void Terminal::progress(std::string_view text) {
  if (!err_is_terminal_) {
    line(Stream::Err, text);
    return;
  }
  const std::scoped_lock lock(mutex_);
  // A line that wraps cannot be taken back.
  const size_t room = columns(Stream::Err).value_or(SIZE_MAX) - 1;
  write_all(STDERR_FILENO, fmt::format("\r\x1b[2K{}", cut(text, room)));
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
