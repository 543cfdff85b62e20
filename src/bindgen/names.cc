#include "bindgen/names.h"

#include <algorithm>
#include <array>

namespace wasmcloud::bindgen {

namespace {

// Sorted. C++ keywords, namespaces that generated code names, and macros of the C library and the
// compiler that are spelled in lower case.
constexpr auto kReserved = std::to_array<std::string_view>({
    "abi",
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "assert",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "component",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "errno",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "fmt",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "linux",
    "long",
    "major",
    "makedev",
    "minor",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "offsetof",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "return",
    "short",
    "signed",
    "sizeof",
    "st_atime",
    "st_ctime",
    "st_mtime",
    "static",
    "static_assert",
    "static_cast",
    "std",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unix",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wasmcloud",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
});
static_assert(std::is_sorted(kReserved.begin(), kReserved.end()));

constexpr auto kOwnTypes = std::to_array<std::string_view>({"Bits", "Guest", "Interface", "Tag"});

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::string snake_case(std::string_view name) {
  std::string text;
  for (const char c : name) text.push_back(c == '-' ? '_' : lower(c));
  if (std::binary_search(kReserved.begin(), kReserved.end(), text)) text.push_back('_');
  return text;
}

std::string pascal_case(std::string_view name) {
  std::string text;
  bool begins = true;
  for (const char c : name) {
    if (c == '-') {
      begins = true;
      continue;
    }
    text.push_back(begins ? upper(c) : lower(c));
    begins = false;
  }
  return text;
}

std::string type_name(std::string_view name) {
  std::string text = pascal_case(name);
  if (std::binary_search(kOwnTypes.begin(), kOwnTypes.end(), text)) text.push_back('_');
  return text;
}

}  // namespace wasmcloud::bindgen
