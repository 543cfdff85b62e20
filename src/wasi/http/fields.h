#pragma once

#include "base/ref.h"
#include "http/headers.h"
#include "wasi/budget.h"

#include <string>
#include <string_view>
#include <vector>

namespace wasmcloud::wasi::http {

/// What a guest may put into one set of fields, so that it cannot fill the host with them.
inline constexpr size_t kMaxFieldBytes = size_t{128} << 10;
inline constexpr size_t kMaxFields = 1024;

/// Fields that the host manages and guests neither see nor set: what concerns one connection, and
/// `host`, which a request tells as its authority.
bool is_forbidden_field(std::string_view name);

/// Why a change was refused (wasi:http/types "header-error"), or the guest is to trap.
enum class FieldError : uint8_t { None, InvalidSyntax, Forbidden, Immutable, TooLarge, NoRoom };

/// Headers or trailers, shared by the handles that look at them: a message and its `headers()`.
class FieldMap final : public Counted {
 public:
  /// `budget` is what the instance's fields may take together; null for no such limit.
  explicit FieldMap(Ref<Budget> budget = nullptr) : budget_(budget), share_(std::move(budget)) {}
  /// What a guest may see of received fields, which the server has bounded.
  static Ref<FieldMap> received(const wasmcloud::http::Headers& headers, Ref<Budget> budget);
  /// Null if the budget has no room for it.
  Ref<FieldMap> copy() const;

  const wasmcloud::http::Headers& headers() const { return headers_; }
  /// What the guest is told for `NoRoom`, and for a copy that is null.
  Error no_room() const { return budget_->refusal(); }
  std::vector<std::string_view> get(std::string_view name) const;

  FieldError append(std::string_view name, std::string_view value);
  /// Replaces all values of `name`; none at all deletes them.
  FieldError set(std::string_view name, const std::vector<std::string_view>& values);
  FieldError remove(std::string_view name);

 private:
  bool charge();

  wasmcloud::http::Headers headers_;
  Ref<Budget> budget_;
  Share share_;
};

/// A handle to fields, which the guest may change unless it got them from a message.
class FieldSet {
 public:
  enum class Mode : uint8_t { Mutable, Immutable };

  FieldSet(Ref<FieldMap> map, Mode mode) : map_(std::move(map)), mode_(mode) {}

  const Ref<FieldMap>& map() const { return map_; }
  /// The map to change, or null for immutable fields.
  FieldMap* to_change() const { return mode_ == Mode::Mutable ? map_.get() : nullptr; }

 private:
  Ref<FieldMap> map_;
  Mode mode_ = Mode::Mutable;
};

}  // namespace wasmcloud::wasi::http
