#include "component/detail/core_reader.h"
#include "component/detail/decoding.h"
#include "component/limits.h"

namespace wasmcloud::component::detail {
namespace {

/// What follows an opcode, in the order of reading.
enum class Immediates : uint8_t {
  None,
  Type,           ///< typeidx
  TypeOptions,    ///< typeidx, opts
  TypeAsync,      ///< typeidx, async?
  Async,          ///< async?
  ResultOptions,  ///< resultlist, opts
  Slot,           ///< core valtype, u32
  Zero,           ///< a byte that was a flag once
  Options,        ///< opts
  ZeroMemory,     ///< such a byte, memidx
  CoreTypeTable,  ///< core typeidx, core tableidx
  Shared,         ///< shared?
  SharedType,     ///< shared?, core typeidx
  SharedTypeTable,
};

struct Builtin {
  CanonKind kind;
  Immediates immediates;
};

std::optional<Builtin> builtin(uint8_t code) {
  using K = CanonKind;
  using I = Immediates;
  switch (code) {
    case 0x02:
      return Builtin{K::ResourceNew, I::Type};
    case 0x03:
      return Builtin{K::ResourceDrop, I::Type};
    case 0x04:
      return Builtin{K::ResourceRep, I::Type};
    case 0x05:
      return Builtin{K::TaskCancel, I::None};
    case 0x06:
      return Builtin{K::SubtaskCancel, I::Async};
    case 0x09:
      return Builtin{K::TaskReturn, I::ResultOptions};
    case 0x0a:
      return Builtin{K::ContextGet, I::Slot};
    case 0x0b:
      return Builtin{K::ContextSet, I::Slot};
    case 0x0c:
      return Builtin{K::ThreadYield, I::Zero};
    case 0x0d:
      return Builtin{K::SubtaskDrop, I::None};
    case 0x0e:
      return Builtin{K::StreamNew, I::Type};
    case 0x0f:
      return Builtin{K::StreamRead, I::TypeOptions};
    case 0x10:
      return Builtin{K::StreamWrite, I::TypeOptions};
    case 0x11:
      return Builtin{K::StreamCancelRead, I::TypeAsync};
    case 0x12:
      return Builtin{K::StreamCancelWrite, I::TypeAsync};
    case 0x13:
      return Builtin{K::StreamDropReadable, I::Type};
    case 0x14:
      return Builtin{K::StreamDropWritable, I::Type};
    case 0x15:
      return Builtin{K::FutureNew, I::Type};
    case 0x16:
      return Builtin{K::FutureRead, I::TypeOptions};
    case 0x17:
      return Builtin{K::FutureWrite, I::TypeOptions};
    case 0x18:
      return Builtin{K::FutureCancelRead, I::TypeAsync};
    case 0x19:
      return Builtin{K::FutureCancelWrite, I::TypeAsync};
    case 0x1a:
      return Builtin{K::FutureDropReadable, I::Type};
    case 0x1b:
      return Builtin{K::FutureDropWritable, I::Type};
    case 0x1c:
      return Builtin{K::ErrorContextNew, I::Options};
    case 0x1d:
      return Builtin{K::ErrorContextDebugMessage, I::Options};
    case 0x1e:
      return Builtin{K::ErrorContextDrop, I::None};
    case 0x1f:
      return Builtin{K::WaitableSetNew, I::None};
    case 0x20:
      return Builtin{K::WaitableSetWait, I::ZeroMemory};
    case 0x21:
      return Builtin{K::WaitableSetPoll, I::ZeroMemory};
    case 0x22:
      return Builtin{K::WaitableSetDrop, I::None};
    case 0x23:
      return Builtin{K::WaitableJoin, I::None};
    case 0x24:
      return Builtin{K::BackpressureInc, I::None};
    case 0x25:
      return Builtin{K::BackpressureDec, I::None};
    case 0x26:
      return Builtin{K::ThreadIndex, I::None};
    case 0x27:
      return Builtin{K::ThreadNewIndirect, I::CoreTypeTable};
    case 0x28:
      return Builtin{K::ThreadResumeLater, I::None};
    case 0x29:
      return Builtin{K::ThreadSuspend, I::Zero};
    case 0x2a:
      return Builtin{K::ThreadSuspendThenResume, I::Zero};
    case 0x2b:
      return Builtin{K::ThreadYieldThenResume, I::Zero};
    case 0x2c:
      return Builtin{K::ThreadSuspendThenPromote, I::Zero};
    case 0x2d:
      return Builtin{K::ThreadYieldThenPromote, I::Zero};
    case 0x2e:
      return Builtin{K::StreamForward, I::Type};
    case 0x2f:
      return Builtin{K::FutureForward, I::Type};
    case 0x40:
      return Builtin{K::ThreadSpawnRef, I::SharedType};
    case 0x41:
      return Builtin{K::ThreadSpawnIndirect, I::SharedTypeTable};
    case 0x42:
      return Builtin{K::ThreadAvailableParallelism, I::Shared};
    default:
      return std::nullopt;
  }
}

template <class T>
Result<void> set_once(std::optional<T>& option, T value, std::string_view name, size_t at) {
  if (option) {
    return fail(Errc::Invalid,
                "canonical option \"{}\" at offset {:#x} is specified more than once", name, at);
  }
  option = value;
  return {};
}

Result<void> set_once(bool& option, std::string_view name, size_t at) {
  if (option) {
    return fail(Errc::Invalid,
                "canonical option \"{}\" at offset {:#x} is specified more than once", name, at);
  }
  option = true;
  return {};
}

/// opts ::= vec(canonopt)
/// canonopt ::= 0x00 | 0x01 | 0x02 (string encodings) | 0x03 m (memory) | 0x04 f (realloc) | 0x05 f
/// (post-return) |
///              0x06 (async) | 0x07 f (callback) | 0x08 t (core-type) | 0x09 (gc)
Result<CanonOptions> read_options(ReaderView& reader) {
  CanonOptions options;
  std::optional<StringEncoding> encoding;
  const uint32_t count = TRY(reader.count(kMaxCanonOptions, "canonical options"));
  for (uint32_t i = 0; i < count; ++i) {
    const size_t at = reader.offset();
    const uint8_t code = TRY(reader.byte());
    switch (code) {
      case 0x00:
      case 0x01:
      case 0x02: {
        const auto found = static_cast<StringEncoding>(code);
        if (encoding) {
          return fail(
              Errc::Invalid,
              "canonical encoding option \"{}\" at offset {:#x} conflicts with option \"{}\"",
              name_of(found), at, name_of(*encoding));
        }
        encoding = found;
        break;
      }
      case 0x03:
        TRY(set_once(options.memory, CoreMemoryIndex{TRY(reader.u32())}, "memory", at));
        break;
      case 0x04:
        TRY(set_once(options.realloc, CoreFunctionIndex{TRY(reader.u32())}, "realloc", at));
        break;
      case 0x05:
        TRY(set_once(options.post_return, CoreFunctionIndex{TRY(reader.u32())}, "post-return", at));
        break;
      case 0x06:
        TRY(set_once(options.is_async, "async", at));
        break;
      case 0x07:
        TRY(set_once(options.callback, CoreFunctionIndex{TRY(reader.u32())}, "callback", at));
        break;
      case 0x08:
        TRY(set_once(options.core_type, CoreTypeIndex{TRY(reader.u32())}, "core-type", at));
        break;
      case 0x09:
        TRY(set_once(options.gc, "gc", at));
        break;
      default:
        return fail(Errc::Malformed,
                    "canonical option {:#04x} at offset {:#x}; expected 0x00 to 0x09", code, at);
    }
  }
  options.encoding = encoding.value_or(StringEncoding::Utf8);
  return options;
}

Result<void> read_zero(ReaderView& reader) { return reader.expect(0x00, "reserved immediate"); }

Result<void> read_immediates(ReaderView& reader, Immediates immediates, Canon& canon) {
  switch (immediates) {
    case Immediates::None:
      return {};
    case Immediates::Type:
      canon.type = TypeIndex{TRY(reader.u32())};
      return {};
    case Immediates::TypeOptions:
      canon.type = TypeIndex{TRY(reader.u32())};
      canon.options = TRY(read_options(reader));
      return {};
    case Immediates::TypeAsync:
      canon.type = TypeIndex{TRY(reader.u32())};
      canon.is_async = TRY(reader.flag("async"));
      return {};
    case Immediates::Async:
      canon.is_async = TRY(reader.flag("async"));
      return {};
    case Immediates::ResultOptions:
      canon.result = TRY(read_result_list(reader));
      canon.options = TRY(read_options(reader));
      return {};
    case Immediates::Slot:
      canon.slot_type = TRY(read_core_value_type(reader));
      canon.slot = TRY(reader.u32());
      return {};
    case Immediates::Zero:
      return read_zero(reader);
    case Immediates::Options:
      canon.options = TRY(read_options(reader));
      return {};
    case Immediates::ZeroMemory:
      TRY(read_zero(reader));
      canon.memory = CoreMemoryIndex{TRY(reader.u32())};
      return {};
    case Immediates::CoreTypeTable:
      canon.core_type = CoreTypeIndex{TRY(reader.u32())};
      canon.table = CoreTableIndex{TRY(reader.u32())};
      return {};
    case Immediates::Shared:
      canon.is_async = TRY(reader.flag("shared"));
      return {};
    case Immediates::SharedType:
      canon.is_async = TRY(reader.flag("shared"));
      canon.core_type = CoreTypeIndex{TRY(reader.u32())};
      return {};
    case Immediates::SharedTypeTable:
      canon.is_async = TRY(reader.flag("shared"));
      canon.core_type = CoreTypeIndex{TRY(reader.u32())};
      canon.table = CoreTableIndex{TRY(reader.u32())};
      return {};
  }
  return {};
}

}  // namespace

/// canon ::= 0x00 0x00 f opts ft (lift) | 0x01 0x00 f opts (lower) | built-ins
Result<Canon> read_canon(ReaderView& reader) {
  const size_t at = reader.offset();
  const uint8_t code = TRY(reader.byte());
  Canon canon;
  if (code == 0x00) {
    canon.kind = CanonKind::Lift;
    TRY(reader.expect(0x00, "sort of a lift"));
    canon.core_function = CoreFunctionIndex{TRY(reader.u32())};
    canon.options = TRY(read_options(reader));
    canon.type = TypeIndex{TRY(reader.u32())};
    return canon;
  }
  if (code == 0x01) {
    canon.kind = CanonKind::Lower;
    TRY(reader.expect(0x00, "sort of a lower"));
    canon.function = FunctionIndex{TRY(reader.u32())};
    canon.options = TRY(read_options(reader));
    return canon;
  }
  const auto found = builtin(code);
  if (!found) {
    return fail(Errc::Malformed, "canonical definition {:#04x} at offset {:#x} is unknown", code,
                at);
  }
  canon.kind = found->kind;
  TRY(read_immediates(reader, found->immediates, canon));
  return canon;
}

}  // namespace wasmcloud::component::detail
