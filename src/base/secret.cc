#include "base/secret.h"

#include <string.h>

#include <utility>

namespace wasmcloud {

void wipe(std::string& text) {
  // What was longer before may still be behind the end.
  text.resize(text.capacity());
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

Secret::Secret(std::string text) : text_(std::move(text)) { wipe(text); }

// A short text is copied by a move, not taken.
Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe(text_);
  text_ = std::move(other.text_);
  wipe(other.text_);
  return *this;
}

Secret::~Secret() { wipe(text_); }

bool operator==(const Secret& a, const Secret& b) {
  if (a.text_.size() != b.text_.size()) return false;
  unsigned char different = 0;
  for (size_t i = 0; i < a.text_.size(); ++i)
    different |= static_cast<unsigned char>(a.text_[i] ^ b.text_[i]);
  return different == 0;
}

}  // namespace wasmcloud
