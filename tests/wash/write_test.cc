#include "wash/config/write.h"

#include "wash/config/read.h"

#include <gtest/gtest.h>

#include <array>

namespace wasmcloud::wash {
namespace {

using Read = Result<Value> (*)(std::string_view, const SourceName&);

Value sample() {
  return Value::Map{
      {.key = "text", .value = "plain"},
      {.key = "words", .value = "no: comment # here"},
      {.key = "like a number", .value = "012"},
      {.key = "like a boolean", .value = "true"},
      {.key = "like nothing", .value = "~"},
      {.key = "empty", .value = ""},
      {.key = "spaces", .value = "  both sides  "},
      {.key = "lines", .value = "one\n  two\n"},
      {.key = "quotes", .value = "\"a\" and 'b' and \\ \t"},
      {.key = "control", .value = std::string("\x01\x7f", 2)},
      {.key = "letters", .value = "ä 你 😀"},
      {.key = "flag", .value = false},
      {.key = "integer", .value = int64_t{-9223372036854775807}},
      {.key = "real", .value = 0.1},
      {.key = "list", .value = Value::List{"a", int64_t{1}, Value::List{}, Value::Map{}}},
      {.key = "map",
       .value = Value::Map{{.key = "deep.er", .value = Value::Map{{.key = "1", .value = "x"}}}}}};
}

// Whatever is in a configuration, reading gives back what was written.
TEST(Write, IsReadBack) {
  const std::array<std::pair<std::string_view, Read>, 3> formats = {
      {{"yaml", read_yaml}, {"json", read_json}, {"toml", read_toml}}};
  for (const auto& [format, read] : formats) {
    const auto text = write_config(sample(), format);
    ASSERT_TRUE(text.has_value());
    const auto back = read(*text, std::make_shared<std::string>("written"));
    ASSERT_TRUE(back.has_value()) << format << ": " << back.error().message() << "\n" << *text;
    // TOML has no order among tables: compared key by key.
    for (const Member& member : *sample().map()) {
      const Value* found = back->find(member.key);
      ASSERT_NE(found, nullptr) << format << ": " << member.key << "\n" << *text;
      EXPECT_EQ(to_json(*found), to_json(member.value)) << format << ": " << member.key;
    }
    EXPECT_EQ(back->map()->size(), sample().map()->size());
  }
  EXPECT_EQ(write_config(sample(), "ini").error().code(), Errc::Usage);
}

TEST(Write, MasksWhatMustNotBeShown) {
  const auto config = [](std::string_view text) {
    return *read_yaml(text, std::make_shared<std::string>("test"));
  };
  struct Row {
    std::string_view written;
    std::string_view shown;
  };
  constexpr std::array<Row, 10> kRows = {{
      {"secrets: {a: {inline: {K: v, N: 7}}}",
       "secrets: {a: {inline: {K: '********', N: '********'}}}"},
      {"secrets: {a: {inline: v}}", "secrets: {a: {inline: '********'}}"},
      {"secrets: {a: {file: x, fromEnv: [T]}}", "secrets: {a: {file: x, fromEnv: [T]}}"},
      {"configs: {a: {inline: {K: v}}}", "configs: {a: {inline: {K: v}}}"},
      {"wit: {registries: [{url: a, token: t}]}",
       "wit: {registries: [{url: a, token: '********'}]}"},
      {"dev: {postgres_url: 'postgres://u:p:q@h/d'}",
       "dev: {postgres_url: 'postgres://u:********@h/d'}"},
      {"dev: {data_nats_url: 'nats://token@h:4222'}",
       "dev: {data_nats_url: 'nats://********@h:4222'}"},
      {"dev: {data_nats_url: 'nats://h:4222'}", "dev: {data_nats_url: 'nats://h:4222'}"},
      {"a: ['http://h/x@y:z']", "a: ['http://h/x@y:z']"},
      {"secrets: no map", "secrets: no map"},
  }};
  for (const Row& row : kRows)
    EXPECT_EQ(to_json(mask_secrets(config(row.written))), to_json(config(row.shown)));
}

}  // namespace
}  // namespace wasmcloud::wash
