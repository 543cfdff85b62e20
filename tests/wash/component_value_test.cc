#include "wash/component_value.h"

#include <gtest/gtest.h>

#include <limits>

namespace wasmcloud::wash {
namespace {

using Guest = component::Value;

struct Row {
  const char* name;
  Guest value;
  const char* json;
};

Guest some(Guest value) { return Guest::Option{{std::move(value)}}; }

class ComponentValues : public testing::TestWithParam<Row> {};

TEST_P(ComponentValues, AreWrittenAsJson) {
  EXPECT_EQ(to_json(json_of(GetParam().value)), GetParam().json);
}

INSTANTIATE_TEST_SUITE_P(
    Json, ComponentValues,
    testing::Values(Row{"Bool", true, "true"},
                    Row{"Least", std::numeric_limits<int64_t>::min(), "-9223372036854775808"},
                    Row{"GreatestNumber", uint64_t{9223372036854775807}, "9223372036854775807"},
                    Row{"BeyondNumbers", uint64_t{9223372036854775808U}, "\"9223372036854775808\""},
                    Row{"Float", 0.1F, "0.1"},
                    Row{"NotANumber", std::numeric_limits<double>::quiet_NaN(), "\"nan\""},
                    Row{"Infinite", -std::numeric_limits<float>::infinity(), "\"-inf\""},
                    Row{"Char", char32_t{0x2603}, "\"\xe2\x98\x83\""},
                    Row{"Text", std::string("a\"b"), "\"a\\\"b\""},
                    Row{"None", Guest::Option{}, "null"}, Row{"Some", some(uint8_t{1}), "1"},
                    Row{"SomeNone", some(Guest::Option{}), "{\n  \"some\": null\n}"},
                    Row{"Flags", Guest::Flags{{"a"}}, "[\n  \"a\"\n]"},
                    Row{"Enum", Guest::Enum{"b-c"}, "\"b-c\""},
                    Row{"CasePlain", Guest::Variant{"empty", {}}, "\"empty\""},
                    Row{"Case", Guest::Variant{"body", {uint8_t{1}}}, "{\n  \"body\": 1\n}"},
                    Row{"Ok", Guest::Result{true, {}}, "{\n  \"ok\": null\n}"},
                    Row{"Err", Guest::Result{false, {std::string("x")}}, "{\n  \"err\": \"x\"\n}"},
                    Row{"Record", Guest::Record{{"x"}, {int8_t{-1}}}, "{\n  \"x\": -1\n}"},
                    Row{"Tuple", Guest::Tuple{{uint8_t{1}, true}}, "[\n  1,\n  true\n]"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace wasmcloud::wash
