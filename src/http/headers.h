#pragma once

#include "base/error.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::http {

/// field-name = token (RFC 9110, section 5.1).
bool is_valid_name(std::string_view name);
/// field-value without CR, LF, NUL and other control characters, tabs apart (section 5.5).
bool is_valid_value(std::string_view value);
/// Equal without regard to the case of ASCII letters.
bool names_equal(std::string_view a, std::string_view b);
/// True if the comma-separated list in `value` has `token`, in any case.
bool list_contains(std::string_view value, std::string_view token);

/// One field of a `Headers`, valid until that is changed.
struct FieldView {
  std::string_view name;
  std::string_view value;
};

/// Fields in order, several of one name allowed. Names are compared without case and kept as they
/// were given. What is in here is valid: it can be sent as it is.
class Headers {
 public:
  class Iterator {
   public:
    using value_type = FieldView;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(const Headers* headers, size_t index) : headers_(headers), index_(index) {}
    FieldView operator*() const { return (*headers_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++index_;
      return before;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Headers* headers_ = nullptr;
    size_t index_ = 0;
  };

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  FieldView operator[](size_t index) const;
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, entries_.size()}; }
  /// What the names and values take, all together.
  size_t text_bytes() const { return text_.size() - unused_; }

  /// The first value of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name).has_value(); }

  /// Adds a field at the end. Errors: Errc::Invalid for a name or value that may not be sent.
  Result<void> append(std::string_view name, std::string_view value);
  /// Replaces all fields of that name by this one. Errors: as `append`.
  Result<void> set(std::string_view name, std::string_view value);
  /// Returns how many there were.
  size_t remove(std::string_view name);
  /// Keeps the memory for the next use.
  void clear();

  /// `append` for a field that was checked already.
  void append_valid(std::string_view name, std::string_view value);

 private:
  struct Entry {
    uint32_t offset;  ///< of the name in `text_`; the value follows it
    uint32_t name_size;
    uint32_t value_size;
  };

  void compact();

  std::string text_;
  std::vector<Entry> entries_;
  size_t unused_ = 0;  ///< bytes of removed fields in `text_`
};

}  // namespace wasmcloud::http
