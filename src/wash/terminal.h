#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace wasmcloud::wash {

enum class Colour : uint8_t { Plain, Dim, Bold, Red, Green, Yellow, Cyan };
enum class Stream : uint8_t { Out, Err };

/// Whole lines to stdout and stderr, and one line of progress that gives way to them.
///
/// Colours and progress appear only where stderr (or stdout) is a terminal; NO_COLOR and TERM=dumb
/// turn colours off. Thread: any; the mutex is there since lines come from all loops and must not
/// mix.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// How many columns it has now; nothing where the stream is no terminal, or does not say.
  std::optional<size_t> columns(Stream stream) const;
  /// What went wrong with stdout, as an errno; 0: nothing. A reader that is gone had enough.
  int output_error() const { return output_error_; }
  /// Whether there is still somebody who reads stdout, as far as was seen.
  bool is_read() const { return is_read_; }

  bool is_terminal(Stream stream) const {
    return stream == Stream::Out ? out_is_terminal_ : err_is_terminal_;
  }
  /// The text in that colour, or as it is where the stream shows none.
  std::string paint(Stream stream, Colour colour, std::string_view text) const;

  /// Writes the text and a newline.
  void line(Stream stream, std::string_view text);
  /// Writes the text as it is.
  void write(Stream stream, std::string_view text);

  /// As `line`, without waiting for whoever reads: for lines from loops that serve. What is more
  /// than 4 MiB behind is dropped, with a line that says so.
  void line_later(Stream stream, std::string_view text);
  /// Waits until all such lines are written.
  void flush();

  /// Shows what is going on until the next line or progress; a line of its own in no terminal.
  void progress(std::string_view text);
  void end_progress();

 private:
  void clear_progress();

  struct Later;

  const bool out_is_terminal_;
  const bool err_is_terminal_;
  const bool colours_;
  std::mutex mutex_;
  bool progress_shown_ = false;
  std::atomic<int> output_error_ = 0;
  std::atomic<bool> is_read_ = true;
  std::shared_ptr<Later> later_;  // shared with the thread that writes
};

}  // namespace wasmcloud::wash
