#pragma once

#include "component/resource_type.h"

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace wasmcloud::component {

class SharedCopy;

/// A component-level value of any type, for tests and tools. Programs use typed bindings. Its text
/// form is in wave.h.
///
/// Fields, cases and labels go by name. What is optional is a vector of no or one value.
class Value {
 public:
  using Payload = std::vector<Value>;

  struct List {
    std::vector<Value> items;
    friend bool operator==(const List&, const List&) = default;
  };
  struct Tuple {
    std::vector<Value> items;
    friend bool operator==(const Tuple&, const Tuple&) = default;
  };
  struct Record {
    std::vector<std::string> names;
    std::vector<Value> values;  ///< one for each name
    friend bool operator==(const Record&, const Record&) = default;
  };
  struct Variant {
    std::string name;
    Payload payload;
    friend bool operator==(const Variant&, const Variant&) = default;
  };
  struct Enum {
    std::string name;
    friend bool operator==(const Enum&, const Enum&) = default;
  };
  struct Flags {
    std::vector<std::string> names;  ///< in the type's order
    friend bool operator==(const Flags&, const Flags&) = default;
  };
  struct Option {
    Payload payload;
    friend bool operator==(const Option&, const Option&) = default;
  };
  struct Result {
    bool is_ok = true;
    Payload payload;
    friend bool operator==(const Result&, const Result&) = default;
  };
  /// A handle of a resource that a guest implements, outside of any table. Letting go of it runs no
  /// destructor.
  struct Resource {
    ResourceType type;
    uint32_t representation = 0;
    friend bool operator==(const Resource&, const Resource&) = default;
  };

  /// A readable end of a stream or future, outside of any table.
  struct Readable {
    std::shared_ptr<SharedCopy> shared;
    friend bool operator==(const Readable&, const Readable&) = default;
  };

  using Any = std::variant<bool, int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t,
                           uint64_t, float, double, char32_t, std::string, List, Tuple, Record,
                           Variant, Enum, Flags, Option, Result, Resource, Readable>;

  Value() = default;
  template <class T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Value>)
  Value(T&& value) : any_(std::forward<T>(value)) {}

  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&any_);
  }
  const Any& any() const { return any_; }
  friend bool operator==(const Value&, const Value&) = default;

 private:
  Any any_;
};

}  // namespace wasmcloud::component
