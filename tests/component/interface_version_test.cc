#include "component/interface_version.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace wasmcloud::component {
namespace {

struct Row {
  const char* name;
  const char* offered;
  const char* wanted;
  bool serves;
};

class InterfaceVersion : public testing::TestWithParam<Row> {};

TEST_P(InterfaceVersion, ServesTheSameTrack) {
  EXPECT_EQ(serves(GetParam().offered, GetParam().wanted), GetParam().serves);
}

INSTANTIATE_TEST_SUITE_P(
    , InterfaceVersion,
    testing::Values(Row{"Same", "a:b/c@0.2.0", "a:b/c@0.2.0", true},
                    Row{"NewerPatch", "a:b/c@0.2.12", "a:b/c@0.2.0", true},
                    Row{"OlderPatch", "a:b/c@0.2.0", "a:b/c@0.2.12", true},
                    Row{"OtherMinorBelowOne", "a:b/c@0.3.0", "a:b/c@0.2.0", false},
                    Row{"OtherMinorFromOne", "a:b/c@1.4.0", "a:b/c@1.2.3", true},
                    Row{"OtherMajor", "a:b/c@2.0.0", "a:b/c@1.0.0", false},
                    Row{"ZeroZeroIsExact", "a:b/c@0.0.2", "a:b/c@0.0.1", false},
                    Row{"PreReleaseIsExact", "a:b/c@0.2.0", "a:b/c@0.2.0-rc.1", false},
                    Row{"BuildMetadataIsIgnored", "a:b/c@0.2.0+x", "a:b/c@0.2.0+y", true},
                    Row{"OtherInterface", "a:b/d@0.2.0", "a:b/c@0.2.0", false},
                    Row{"NoVersion", "a:b/c", "a:b/c", true},
                    Row{"OnlyOneHasAVersion", "a:b/c@0.2.0", "a:b/c", false}),
    [](const auto& row) { return row.param.name; });

TEST(FindVersion, TakesTheHighestVersionOfTheTrack) {
  const std::map<std::string, int, std::less<>> items{
      {"a:b/c@0.2.3", 1}, {"a:b/c@0.2.12", 2}, {"a:b/c@0.2.4", 3}, {"a:b/c@0.3.0", 4}};
  EXPECT_EQ(find_version(items, "a:b/c@0.2.0")->second, 2);
  EXPECT_EQ(find_version(items, "a:b/c@0.2.3")->second, 1);
  EXPECT_EQ(find_version(items, "a:b/c@0.3.7")->second, 4);
  EXPECT_EQ(find_version(items, "a:b/c@0.4.0"), items.end());
}

}  // namespace
}  // namespace wasmcloud::component
