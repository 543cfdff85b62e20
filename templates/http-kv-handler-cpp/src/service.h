#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// The bucket that holds the values.
constexpr std::string_view kBucket = "in_memory";

/// Where values are kept: the host's store, or what a test has in its place. An error is a text for a person.
class Store {
 public:
  virtual ~Store() = default;
  virtual std::expected<std::optional<std::string>, std::string> get(std::string_view key) const = 0;
  virtual std::expected<void, std::string> set(std::string_view key, std::string_view value) = 0;
};

/// What a request is answered with: the status and the text.
struct Answer {
  uint16_t status;
  std::string text;
  bool operator==(const Answer&) const = default;
};

/// The whole service. `method` is GET, POST or anything else; `query` is what stands behind the question mark.
Answer route(Store& store, std::string_view method, std::string_view query, std::string_view body);
