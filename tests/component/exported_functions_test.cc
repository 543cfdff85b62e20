#include "component/exported_functions.h"

#include <gtest/gtest.h>

namespace wasmcloud::component {
namespace {

struct Row {
  const char* name;
  const char* wanted;
  const char* found;  ///< the full name, or the error's message
};

const std::vector<NamedFunction>& functions() {
  static const std::vector<NamedFunction> kFunctions = {
      {.interface = "", .name = "add", .type = {}},
      {.interface = "a:math/ops@1.2.0", .name = "add", .type = {}},
      {.interface = "a:math/ops@1.2.0", .name = "square", .type = {}},
      {.interface = "a:math/ops@2.0.0", .name = "square", .type = {}},
      {.interface = "a:math/trig", .name = "sine", .type = {}},
      {.interface = "b:other/trig", .name = "cosine", .type = {}},
      {.interface = "b:other/things@0.1.0", .name = "[method]thing.get", .type = {}}};
  return kFunctions;
}

class FindFunction : public testing::TestWithParam<Row> {};

TEST_P(FindFunction, ByWhatAPersonWrites) {
  const auto found = find_function(functions(), GetParam().wanted);
  EXPECT_EQ(found ? (*found)->full_name() : found.error().message(), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    ExportedFunctions, FindFunction,
    testing::Values(
        Row{"AtTheRoot", "add", "add"},
        Row{"Exactly", "a:math/ops@1.2.0#add", "a:math/ops@1.2.0#add"},
        Row{"ByAnotherVersionOfTheTrack", "a:math/ops@1.0.0#square", "a:math/ops@1.2.0#square"},
        Row{"WithoutVersion", "a:math/ops#add", "a:math/ops@1.2.0#add"},
        Row{"ByTheInterfacesName", "ops#add", "a:math/ops@1.2.0#add"},
        Row{"ByItsNameAlone", "sine", "a:math/trig#sine"},
        Row{"Escaped", "trig#%cosine", "b:other/trig#cosine"},
        Row{"OfAResource", "things#thing.get", "b:other/things@0.1.0#[method]thing.get"},
        Row{"Ambiguous", "ops#square",
            "'ops#square' may be any of a:math/ops@1.2.0#square, a:math/ops@2.0.0#square; write "
            "more of its name"},
        Row{"Misspelt", "a:math/trig#sin",
            "there is no exported function 'a:math/trig#sin'; did you mean 'a:math/trig#sine'?"},
        Row{"MisspeltShort", "cosin",
            "there is no exported function 'cosin'; did you mean 'b:other/trig#cosine'?"},
        Row{"OfAnotherTrack", "a:math/ops@3.0.0#add",
            "there is no exported function 'a:math/ops@3.0.0#add'; did you mean "
            "'a:math/ops@1.2.0#add'?"},
        Row{"Unknown", "frobnicate",
            "there is no exported function 'frobnicate'; there is add, a:math/ops@1.2.0#add, "
            "a:math/ops@1.2.0#square, a:math/ops@2.0.0#square, a:math/trig#sine, "
            "b:other/trig#cosine, b:other/things@0.1.0#[method]thing.get"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace wasmcloud::component
