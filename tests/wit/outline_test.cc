#include "wit/outline.h"

#include "support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmcloud::wit {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> names_of(const std::vector<PackageName>& names) {
  std::vector<std::string> texts;
  for (const PackageName& name : names) texts.push_back(name.str());
  return texts;
}

TEST(Outline, FindsWhatIsMissingAndWhatNothingNeeds) {
  const testing::TemporaryFolder folder;
  folder.write("world.wit",
               "package my:app;\n"
               "use a:top/types as t;\n"
               "world app {\n"
               "  import here:one/x@1.0.0;\n"
               "  import named: b:named/y;\n"
               "  import inside: interface { use c:inside/z@0.1.0.{r}; }\n"
               "  include d:worlds/w;\n"
               "  export inner;\n"
               "}\n");
  folder.write("more.wit", "interface inner { use e:more/m.{n}; }\n");
  folder.write("deps/one/one.wit", "package here:one@1.0.0;\ninterface x { use f:deep/g.{h}; }\n");
  folder.write("deps/left.wit", "package left:over;\ninterface l { use g:unseen/u.{v}; }\n");
  folder.write("deps/nested.wit", "package d:worlds { world w {} }\npackage i:brace {}\n");
  const auto packages = outline(folder.path());
  ASSERT_TRUE(packages) << packages.error().message();
  EXPECT_EQ(packages->front().name.str(), "my:app");
  EXPECT_THAT(
      names_of(missing_packages(*packages)),
      ::testing::UnorderedElementsAre("a:top", "b:named", "c:inside@0.1.0", "e:more", "f:deep"));
  std::vector<std::string> unused;
  for (const size_t index : unused_packages(*packages))
    unused.push_back((*packages)[index].name.str());
  EXPECT_THAT(unused, ElementsAre("left:over", "i:brace"));
}

TEST(Outline, NeedsAPackage) {
  const testing::TemporaryFolder folder;
  folder.write("world.wit", "world app {}\n");
  const auto packages = outline(folder.path());
  ASSERT_FALSE(packages);
  EXPECT_THAT(packages.error().message(), ::testing::HasSubstr("no package is declared"));
}

}  // namespace
}  // namespace wasmcloud::wit
