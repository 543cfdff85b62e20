#include "component/detail/name_rules.h"

#include <gtest/gtest.h>

namespace wasmcloud::component::detail {
namespace {

TEST(Labels, AreKebabCase) {
  for (const char* good : {"a", "A", "ab-c", "a1-2", "A-b", "is-XML", "x86-64", "a-1b"})
    EXPECT_TRUE(is_label(good)) << good;
  for (const char* bad :
       {"", "-", "a-", "-a", "a--b", "aB", "1a", "a_b", "a.b", "\xc3\xa4", "a b"}) {
    EXPECT_FALSE(is_label(bad)) << bad;
  }
}

TEST(InterfaceNames, HaveNamespacePackageInterfaceAndPerhapsVersion) {
  for (const char* good :
       {"a:b/c", "wasi:http/types@0.2.12", "a-b:c-d/E-f@1.0.0-rc.1+x.y", "a:b/c@0.0.0"}) {
    EXPECT_TRUE(is_interface_name(good)) << good;
  }
  for (const char* bad :
       {"a", "a:b", "a/b", "a:b/", ":b/c", "A:b/c", "a:B/c", "a:b/c@", "a:b/c@1", "a:b/c@1.0",
        "a:b/c@01.0.0", "a:b/c@1.0.0-01", "a:b/c@1.0.0+", "a:b/c/d", "a:b:c/d", "a:b/c@1.0.0.0"}) {
    EXPECT_FALSE(is_interface_name(bad)) << bad;
  }
}

TEST(ExternNames, TellTheirKind) {
  using Kind = ExternNameView::Kind;
  const auto kind_of = [](std::string_view name) {
    const auto view = parse_extern_name(name, Features::all(), 0);
    return view ? std::optional(view->kind) : std::nullopt;
  };
  EXPECT_EQ(kind_of("a-b"), Kind::Label);
  EXPECT_EQ(kind_of("a:b/c"), Kind::Interface);
  EXPECT_EQ(kind_of("[constructor]a"), Kind::Constructor);
  EXPECT_EQ(kind_of("[method]a.b"), Kind::Method);
  EXPECT_EQ(kind_of("[static]a.b"), Kind::Static);
  EXPECT_EQ(kind_of("[get]a"), Kind::Getter);
  EXPECT_EQ(kind_of("[set]a.b"), Kind::Setter);
  for (const char* bad : {"", "[method]a", "[method]a.b.c", "[static].a", "[constructor]a.b",
                          "[constructor]", "[what]a", "[async]a", "a:b/c@x", "url=<x>"}) {
    EXPECT_EQ(kind_of(bad), std::nullopt) << bad;
  }
}

TEST(UniqueForms, AreEqualWhereNamesClash) {
  const auto clash = [](std::string_view a, std::string_view b) {
    return unique_form(a) == unique_form(b);
  };
  EXPECT_TRUE(clash("foo", "FOO"));
  EXPECT_TRUE(clash("foo-bar", "foobar"));
  EXPECT_TRUE(clash("[method]foo.bar", "[static]foo.bar"));
  EXPECT_TRUE(clash("[method]foo.foo", "foo"));
  EXPECT_TRUE(clash("[static]a-b.a-B", "ab"));
  EXPECT_FALSE(clash("[constructor]foo", "foo"));
  EXPECT_FALSE(clash("[set]foo", "[get]foo"));
  EXPECT_FALSE(clash("[method]foo.bar", "bar"));
  EXPECT_FALSE(clash("a:b/c", "abc"));
}

}  // namespace
}  // namespace wasmcloud::component::detail
