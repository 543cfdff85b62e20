#include "base/digest.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

TEST(Digest, AgreesWithTheStandardsExamples) {
  // FIPS 180-4, examples for SHA-256.
  EXPECT_EQ(to_hex(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, PartsGiveTheSameAsTheWhole) {
  EXPECT_EQ(Sha256().add("ab").add("").add("c").finish(), sha256("abc"));
}

}  // namespace
}  // namespace wasmcloud
