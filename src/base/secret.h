#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace wasmcloud {

/// Text that must not be shown: a password, a token, a key. It cannot be formatted, printed or
/// copied by accident, is compared in constant time, and is wiped when it goes.
class Secret {
 public:
  Secret() = default;
  /// Wipes what `text` leaves behind.
  explicit Secret(std::string text);
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;

  Secret copy() const { return Secret(std::string(text_)); }
  bool empty() const { return text_.empty(); }
  /// For the one place that uses it; what is made of it is to be a Secret, or wiped, too.
  std::string_view reveal() const { return text_; }

  /// In a time that depends on the lengths alone.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  std::string text_;
};

/// The same for settings, which are copied: one secret that all copies hold, wiped with the last.
class SharedSecret {
 public:
  /// Wipes what `text` leaves behind.
  explicit SharedSecret(std::string text)
      : secret_(std::make_shared<const Secret>(std::move(text))) {}

  std::string_view reveal() const { return secret_->reveal(); }
  friend bool operator==(const SharedSecret& a, const SharedSecret& b) {
    return *a.secret_ == *b.secret_;
  }

 private:
  std::shared_ptr<const Secret> secret_;  // shared by copies
};

/// Overwrites the text, so that no later reader of this memory finds it, and empties it.
void wipe(std::string& text);

}  // namespace wasmcloud
