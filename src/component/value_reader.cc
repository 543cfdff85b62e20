#include "component/value_reader.h"

#include "component/detail/dynamic_values.h"

#include <functional>
#include <utility>

namespace wasmcloud::component {
namespace {

struct Loading {
  const RuntimeType* element;
  std::vector<Value>& into;
};

Result<void> load(void* self, CanonicalContext& context, uint32_t at, uint32_t count) {
  const auto& loading = *static_cast<Loading*>(self);
  for (uint32_t i = 0; i < count; ++i) {
    if (loading.element == nullptr) {
      loading.into.push_back(Value(Value::Tuple{}));
    } else {
      loading.into.push_back(
          TRY(lift_memory(context, *loading.element, at + i * loading.element->size)));
    }
  }
  return {};
}

bool is_bytes(const RuntimeType* element) {
  return element != nullptr && element->kind == TypeKind::U8;
}

using Replace = std::function<Value(const Value::Readable&)>;

/// A value of the same form, with what `replace` makes of each stream and future in it.
struct Replacing {
  const Replace& replace;

  Value of(const Value& value) const { return std::visit(*this, value.any()); }
  std::vector<Value> all(const std::vector<Value>& values) const {
    std::vector<Value> out;
    for (const Value& value : values) out.push_back(of(value));
    return out;
  }
  Value operator()(const Value::List& list) const { return Value::List{all(list.items)}; }
  Value operator()(const Value::Tuple& tuple) const { return Value::Tuple{all(tuple.items)}; }
  Value operator()(const Value::Record& record) const {
    return Value::Record{record.names, all(record.values)};
  }
  Value operator()(const Value::Variant& variant) const {
    return Value::Variant{variant.name, all(variant.payload)};
  }
  Value operator()(const Value::Option& option) const { return Value::Option{all(option.payload)}; }
  Value operator()(const Value::Result& result) const {
    return Value::Result{result.is_ok, all(result.payload)};
  }
  Value operator()(const Value::Readable& readable) const { return replace(readable); }
  template <class T>
  Value operator()(const T& plain) const {
    return plain;
  }
};

}  // namespace

std::vector<Value::Readable> readables_of(const Value& value) {
  std::vector<Value::Readable> out;
  const Replace collect = [&](const Value::Readable& readable) -> Value {
    out.push_back(readable);
    return {};
  };
  Replacing{collect}.of(value);
  return out;
}

Value with_readables(const Value& value, std::span<Value> contents) {
  size_t next = 0;
  const Replace take = [&](const Value::Readable&) { return std::move(contents[next++]); };
  return Replacing{take}.of(value);
}

Task<size_t> ValueReader::read(std::vector<Value>& into, size_t most) {
  SharedCopy& shared = port_->shared();
  while (true) {
    if (is_read_) co_return size_t{0};
    if (shared.queue != nullptr || port_->other() != nullptr) {
      // Only the host knows what it keeps there, but for bytes.
      if (shared.is_future() || !is_bytes(shared.element().type())) {
        co_return fail(Errc::Unsupported, "the {} comes from the host itself and cannot be shown",
                       shared.is_future() ? "future" : "stream");
      }
      auto& queue = detail::Queue<uint8_t>::of(shared);
      const std::span<uint8_t> bytes = queue.items();
      const size_t count = std::min(bytes.size(), most);
      for (const uint8_t byte : bytes.first(count)) into.push_back(Value(byte));
      if (count != 0) {
        queue.taken(count);
        if (HostPort* const writer = port_->other()) writer->peer_changed();
        co_return count;
      }
    }
    const auto count = static_cast<uint32_t>(std::min<size_t>(shared.offered(Side::Reader), most));
    if (count != 0) {
      is_read_ = shared.is_future();
      Loading loading{.element = shared.element().type(), .into = into};
      CO_TRY(shared.move_offered(count, load, &loading));
      co_return size_t{count};
    }
    if (shared.is_dropped()) {
      if (shared.is_future()) {
        co_return fail(Errc::Closed, "who should have written the future is gone");
      }
      co_return size_t{0};
    }
    CO_TRY(co_await port_->wait());
  }
}

}  // namespace wasmcloud::component
