#include "wash/build/wasm_file.h"

#include "base/file.h"
#include "base/text.h"

#include <array>

namespace wasmcloud::wash {
namespace {

constexpr std::string_view kMagic{"\0asm", 4};

/// Just enough of the core binary format to walk its sections.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  bool at_end() const { return rest_.empty(); }

  Result<uint8_t> byte() {
    if (rest_.empty()) return fail(Errc::Malformed, "the module ends in the middle of a section");
    const auto value = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  /// u32 ::= LEB128 of at most five bytes
  Result<uint32_t> number() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const uint8_t part = TRY(byte());
      value |= static_cast<uint64_t>(part & 0x7f) << shift;
      if ((part & 0x80) == 0 && value <= 0xffff'ffff) return static_cast<uint32_t>(value);
    }
    return fail(Errc::Malformed, "a number of the module is longer than 32 bits");
  }

  std::string_view rest() const { return rest_; }

  Result<std::string_view> bytes(size_t size) {
    if (size > rest_.size())
      return fail(Errc::Malformed, "the module ends in the middle of a section");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

 private:
  std::string_view rest_;
};

}  // namespace

FileShape shape_of(std::string_view bytes) {
  if (bytes.empty()) return FileShape::Empty;
  if (bytes.size() >= 8 && bytes.starts_with(kMagic)) {
    const uint8_t layer = static_cast<uint8_t>(bytes[6]);
    const uint8_t high = static_cast<uint8_t>(bytes[7]);
    if (high == 0 && layer == 1) return FileShape::Component;
    if (high == 0 && layer == 0) return FileShape::CoreModule;
    return FileShape::Other;
  }
  // Comments and blanks may stand before "(module" or "(component".
  std::string_view text = bytes;
  for (;;) {
    const size_t start = text.find_first_not_of(" \t\r\n");
    text.remove_prefix(std::min(start, text.size()));
    if (!text.starts_with(";;")) break;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  if (text.starts_with("(module") || text.starts_with("(component") || text.starts_with("(;"))
    return FileShape::Text;
  return FileShape::Other;
}

Result<void> require_component(std::string_view bytes, std::string_view path) {
  switch (shape_of(bytes)) {
    case FileShape::Component:
      return {};
    case FileShape::CoreModule:
      return fail(Errc::Invalid,
                  "{} is a core module, and a component is needed; build for wasm32-wasip2, let "
                  "'wash build' wrap it, "
                  "or run 'wasm-tools component new {} --adapt wasi_snapshot_preview1=ADAPTER.wasm "
                  "-o COMPONENT.wasm'",
                  path, path);
    case FileShape::Text:
      return fail(Errc::Invalid,
                  "{} is WebAssembly text, and a binary component is needed; translate it with "
                  "'wasm-tools parse {} -o COMPONENT.wasm'",
                  path, path);
    case FileShape::Empty:
      return fail(Errc::Invalid, "{} is empty; expected a WebAssembly component", path);
    case FileShape::Other:
      return fail(
          Errc::Invalid,
          "{} is no WebAssembly file: it does not begin with \"\\0asm\"; expected a component",
          path);
  }
  return fail(Errc::Internal, "{}: unknown shape", path);
}

Result<std::string> read_component(const std::string& path) {
  Result<std::string> bytes = read_file(path);
  if (!bytes && bytes.error().code() == Errc::NotFound)
    return fail(Errc::NotFound,
                "there is no file {}; give the path of a component, or build it first", path);
  if (bytes) TRY(require_component(*bytes, path));
  return bytes;
}

namespace {

/// The proposal that a component was refused for, or nothing.
std::string missing_proposal(std::string_view message) {
  constexpr std::string_view kNeeds = "the proposal ";
  if (const size_t at = message.find(kNeeds); at != message.npos) {
    const std::string_view name = message.substr(at + kNeeds.size());
    return std::string(
        name.substr(0, name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-")));
  }
  // The engine's words for its own.
  if (message.contains("wide arithmetic support is not enabled")) return "wide-arithmetic";
  if (message.contains("gc proposal") || message.contains("gc support is not enabled") ||
      message.contains("the gc feature"))
    return "gc";
  return {};
}

}  // namespace

Error explain_load(Error error, std::string_view path) {
  if (error.code() == Errc::Denied) {
    return Error(
        Errc::Denied,
        fmt::format("{} cannot be linked:\n{}\nlist it under dev.host_interfaces, or grant "
                    "it with --interface [NAME=]PACKAGE/INTERFACE",
                    path, error.message()));
  }
  if (const std::string proposal = missing_proposal(error.message()); !proposal.empty()) {
    return Error(error.code(), fmt::format("{}: {}; allow it with --wasm-proposal {}", path,
                                           error.message(), proposal));
  }
  if (error.code() != Errc::NotFound) return std::move(error).within(path);
  return Error(
      Errc::NotFound,
      fmt::format("{} cannot be linked:\n{}\nthis version of wash offers WASI 0.2: cli, "
                  "clocks, filesystem, http, io, random and sockets; WASI 0.3: cli, "
                  "clocks, filesystem, http, random and sockets; and wasi:blobstore, wasi:config, "
                  "wasi:keyvalue, wasi:logging and wasi:tls; build the component without the rest",
                  path, error.message()));
}

Result<std::vector<std::string>> core_exports(std::string_view bytes) {
  constexpr uint8_t kExportSection = 7;
  if (shape_of(bytes) != FileShape::CoreModule)
    return fail(Errc::Malformed, "it is no core module");
  std::vector<std::string> names;
  Cursor sections(bytes.substr(8));
  while (!sections.at_end()) {
    const uint8_t id = TRY(sections.byte());
    Cursor section(TRY(sections.bytes(TRY(sections.number()))));
    if (id != kExportSection) continue;
    // export ::= name:name kind:byte index:u32
    const uint32_t count = TRY(section.number());
    for (uint32_t i = 0; i < count; ++i) {
      names.emplace_back(TRY(section.bytes(TRY(section.number()))));
      TRY(section.byte());
      TRY(section.number());
    }
  }
  return names;
}

}  // namespace wasmcloud::wash
