#include "component/detail/shim_modules.h"

#include "base/error.h"
#include "component/detail/reader.h"

namespace wasmcloud::component {
namespace {

using detail::ReaderView;

constexpr uint32_t kMaxItems = 100'000;

enum Section : uint8_t {
  kCustom,
  kType,
  kImport,
  kFunction,
  kTable,
  kMemory,
  kGlobal,
  kExport,
  kStart,
  kElement,
  kCode,
};

std::unexpected<Error> not_this() { return fail(Errc::Unsupported, "another kind of module"); }

struct Type {
  std::vector<uint8_t> params;
  std::vector<uint8_t> results;
  friend bool operator==(const Type&, const Type&) = default;
};

Result<uint8_t> read_number_type(ReaderView& reader) {
  const uint8_t type = TRY(reader.byte());
  if (type < 0x7c || type > 0x7f) return not_this();
  return type;
}

Result<std::vector<Type>> read_types(ReaderView& reader) {
  return detail::read_vector<Type>(reader, kMaxItems, "types", [&]() -> Result<Type> {
    if (TRY(reader.byte()) != 0x60) return not_this();
    auto number = [&] { return read_number_type(reader); };
    Type type;
    type.params = TRY(detail::read_vector<uint8_t>(reader, 1000, "parameters", number));
    type.results = TRY(detail::read_vector<uint8_t>(reader, 1000, "results", number));
    return type;
  });
}

/// A table of functions; its minimum.
Result<uint32_t> read_table(ReaderView& reader) {
  if (TRY(reader.byte()) != 0x70) return not_this();
  const uint8_t limits = TRY(reader.byte());
  if (limits > 1) return not_this();
  const uint32_t min = TRY(reader.u32());
  if (limits == 1) TRY(reader.u32());
  return min;
}

/// i32.const; only numbers that fit in a table.
Result<uint32_t> read_constant(ReaderView& reader) {
  if (TRY(reader.byte()) != 0x41) return not_this();
  const int64_t value = TRY(reader.s33());
  if (value < 0 || value > kMaxItems) return not_this();
  return static_cast<uint32_t>(value);
}

/// Calls `read(id, reader)` for each section but custom ones.
template <class F>
Result<void> for_each_section(std::span<const std::byte> bytes, F&& read) {
  ReaderView reader(bytes, 0);
  TRY(reader.skip(8));
  while (!reader.at_end()) {
    const uint8_t id = TRY(reader.byte());
    ReaderView section = TRY(reader.part(TRY(reader.u32())));
    if (id == kCustom) continue;
    TRY(read(id, section));
  }
  return {};
}

/// The slot that a function of this type calls, if it does nothing else.
Result<uint32_t> read_trampoline(ReaderView body, const std::vector<Type>& types,
                                 uint32_t own_type) {
  if (TRY(body.u32()) != 0) return not_this();  // locals
  if (own_type >= types.size()) return not_this();
  const Type& type = types[own_type];
  for (uint32_t i = 0; i < type.params.size(); ++i) {
    if (TRY(body.byte()) != 0x20 || TRY(body.u32()) != i) return not_this();
  }
  const uint32_t slot = TRY(read_constant(body));
  if (TRY(body.byte()) != 0x11) return not_this();  // call_indirect
  const uint32_t called = TRY(body.u32());
  if (called >= types.size() || types[called] != type) return not_this();
  if (TRY(body.u32()) != 0) return not_this();      // the table
  if (TRY(body.byte()) != 0x0b) return not_this();  // end
  TRY(body.finish("code"));
  return slot;
}

Result<ShimModule> read_shim(std::span<const std::byte> bytes) {
  ShimModule out;
  std::vector<Type> types;
  std::vector<uint32_t> functions;
  std::vector<uint32_t> slots;
  bool has_table = false;
  struct Export {
    std::string name;
    uint8_t kind;
    uint32_t index;
  };
  std::vector<Export> exports;
  TRY(for_each_section(bytes, [&](uint8_t id, ReaderView& reader) -> Result<void> {
    switch (id) {
      case kType:
        types = TRY(read_types(reader));
        return {};
      case kFunction:
        functions = TRY(detail::read_vector<uint32_t>(reader, kMaxItems, "functions",
                                                      [&] { return reader.u32(); }));
        return {};
      case kTable:
        if (TRY(reader.u32()) != 1) return not_this();
        out.size = TRY(read_table(reader));
        has_table = true;
        return {};
      case kExport:
        exports =
            TRY(detail::read_vector<Export>(reader, kMaxItems, "exports", [&]() -> Result<Export> {
              Export item;
              item.name = TRY(reader.name());
              item.kind = TRY(reader.byte());
              item.index = TRY(reader.u32());
              return item;
            }));
        return {};
      case kCode: {
        const uint32_t count = TRY(reader.count(kMaxItems, "code"));
        if (count != functions.size()) return not_this();
        for (uint32_t i = 0; i < count; ++i) {
          const ReaderView body = TRY(reader.part(TRY(reader.u32())));
          slots.push_back(TRY(read_trampoline(body, types, functions[i])));
        }
        return {};
      }
      default:
        return not_this();
    }
  }));
  if (!has_table) return not_this();
  for (Export& item : exports) {
    if (item.kind == 0 && item.index < slots.size()) {
      out.trampolines.emplace_back(std::move(item.name), slots[item.index]);
    } else if (item.kind == 1 && out.table.empty()) {
      out.table = std::move(item.name);
    } else {
      return not_this();
    }
  }
  return out;
}

Result<FixupModule> read_fixup(std::span<const std::byte> bytes) {
  FixupModule out;
  std::vector<size_t> functions;  // positions among the imports
  std::optional<size_t> table;
  size_t position = 0;
  std::optional<uint32_t> start;
  struct Write {
    uint32_t slot;
    uint32_t function;
  };
  std::vector<Write> writes;
  TRY(for_each_section(bytes, [&](uint8_t id, ReaderView& reader) -> Result<void> {
    switch (id) {
      case kType:
        return {};
      case kImport: {
        const uint32_t count = TRY(reader.count(kMaxItems, "imports"));
        for (; position < count; ++position) {
          TRY(reader.name());
          TRY(reader.name());
          const uint8_t kind = TRY(reader.byte());
          if (kind == 0) {
            TRY(reader.u32());
            functions.push_back(position);
          } else if (kind == 1 && !table) {
            TRY(read_table(reader));
            table = position;
          } else {
            return not_this();
          }
        }
        return {};
      }
      case kStart:
        start = TRY(reader.u32());
        return {};
      case kElement: {
        const uint32_t count = TRY(reader.count(kMaxItems, "elements"));
        for (uint32_t i = 0; i < count; ++i) {
          const uint32_t form = TRY(reader.u32());
          if (form != 0 && form != 2) return not_this();
          if (form == 2 && TRY(reader.u32()) != 0) return not_this();
          const uint32_t at = TRY(read_constant(reader));
          if (TRY(reader.byte()) != 0x0b) return not_this();
          if (form == 2 && TRY(reader.byte()) != 0) return not_this();
          const uint32_t size = TRY(reader.count(kMaxItems, "functions"));
          for (uint32_t j = 0; j < size; ++j) writes.push_back({at + j, TRY(reader.u32())});
        }
        return {};
      }
      default:
        return not_this();
    }
  }));
  if (!table) return not_this();
  out.table = *table;
  for (const Write& write : writes) {
    if (write.function >= functions.size()) return not_this();
    out.writes.emplace_back(write.slot, functions[write.function]);
  }
  if (start) {
    if (*start >= functions.size()) return not_this();
    out.start = functions[*start];
  }
  return out;
}

template <class T>
std::optional<T> optional(Result<T> result) {
  return result ? std::optional<T>(std::move(*result)) : std::nullopt;
}

}  // namespace

// The bytes are those of a valid module, so indices are in range.
std::optional<ShimModule> read_shim_module(std::span<const std::byte> bytes) {
  return optional(read_shim(bytes));
}

std::optional<FixupModule> read_fixup_module(std::span<const std::byte> bytes) {
  return optional(read_fixup(bytes));
}

}  // namespace wasmcloud::component
