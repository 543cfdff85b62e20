#include "oci/signing_key.h"

#include "base/process.h"
#include "oci/detail/secretbox.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <numeric>

namespace wasmcloud::oci {
namespace {

// Made for this test by libsodium's secret box and Python's scrypt, in the form of cosign's files.
constexpr std::string_view kSealed = R"(-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----
eyJrZGYiOiB7Im5hbWUiOiAic2NyeXB0IiwgInBhcmFtcyI6IHsiTiI6IDQwOTYs
ICJyIjogOCwgInAiOiAxfSwgInNhbHQiOiAiQUFFQ0F3UUZCZ2NJQ1FvTERBME9E
eEFSRWhNVUZSWVhHQmthR3h3ZEhoOD0ifSwgImNpcGhlciI6IHsibmFtZSI6ICJu
YWNsL3NlY3JldGJveCIsICJub25jZSI6ICJBQUVDQXdRRkJnY0lDUW9MREEwT0R4
QVJFaE1VRlJZWCJ9LCAiY2lwaGVydGV4dCI6ICJibWNhU2x5dGhUSFpKcUduYmlY
b3I1c1I3dlprWnFqV24yZU5MRnZKMSthMG9CUDEzMDBRcDcvdEdpMDZMNGpjRnQ5
Y3phTGgzbVFNSlN1dUVKV3MzaG9xOFNOazUyU3YvNE4wdE9Pa01BM3RtM1M2TWdq
OTBiVjFVNTBJSXMrL0hHZkJvOEVtbWlhQmppTnZnMkIxbEdWOFpVMnV0SXIvVU1y
a1FyVEQ0dDhwalg1eExRQVFlbVk1Qkh5YWRlV0w2UFJSWVg1VWxqazJ4QT09In0=
-----END ENCRYPTED SIGSTORE PRIVATE KEY-----
)";
constexpr std::string_view kPublic = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEi17ROYYXOZ1dYLDDuBtVidPBQLXm
1yFocWwB5Bn8PjPUip4yfnJjapZEknWZOZZB8UbN0KdNXzbZ/nCDvQlSeA==
-----END PUBLIC KEY-----
)";

Secret secret(std::string_view text) { return Secret(std::string(text)); }

std::string counted(char first, size_t size) {
  std::string out(size, '\0');
  std::iota(out.begin(), out.end(), first);
  return out;
}

TEST(SecretBox, IsThatOfOthers) {
  constexpr std::string_view kPlain =
      "the quick brown fox jumps over the lazy dog, twice, and then once more for good measure";
  const std::string key = counted(0, 32);
  const std::string nonce = counted(100, 24);
  const auto box = detail::seal_box(kPlain, key, nonce);
  ASSERT_TRUE(box.has_value()) << box.error().message();
  // What libsodium makes of the same.
  std::string hex;
  for (const char c : *box) hex += fmt::format("{:02x}", static_cast<uint8_t>(c));
  EXPECT_EQ(hex,
            "3b2d597fcdd8e19191697a5213d136cf76d1fce94bc3a78adbdd41e658f3cd3858c540878ed3266bd52c2d"
            "e26ff9e9fcc00ad4742e4de2c49179704e2067aa0ca2f5823873e85d7f7789366afbddf00726ab2102ba59"
            "68ecd6fd3f952fac89b339f2ec74d28d1e");
  EXPECT_EQ(detail::open_box(*box, key, nonce)->reveal(), kPlain);
  for (const size_t at : {size_t{0}, size_t{15}, size_t{16}, box->size() - 1}) {
    std::string changed = *box;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(detail::open_box(changed, key, nonce).error().code(), Errc::Denied) << at;
  }
  EXPECT_FALSE(detail::open_box("short", key, nonce).has_value());
  EXPECT_EQ(detail::open_box(*detail::seal_box("", key, nonce), key, nonce)->reveal(), "");
}

TEST(SigningKey, OfCosignIsReadWithItsPassword) {
  const auto key = SigningKey::parse(secret(kSealed), secret("tiger"));
  ASSERT_TRUE(key.has_value()) << key.error().message();
  EXPECT_EQ(key->public_pem(), kPublic);
  EXPECT_EQ(SigningKey::parse(secret(kSealed), secret("lion")).error().code(), Errc::Denied);
}

TEST(SigningKey, IsWrittenAndReadAgain) {
  for (const std::string_view password : {"", "word"}) {
    const auto key = SigningKey::generate();
    const auto pem = key->to_pem(secret(password));
    ASSERT_TRUE(pem.has_value()) << pem.error().message();
    EXPECT_EQ(SigningKey::parse(*pem, secret(password))->public_pem().value(),
              key->public_pem().value());
    EXPECT_FALSE(SigningKey::parse(*pem, secret("other")).has_value());
  }
}

TEST(SigningKey, SignsWhatOnlyItsOtherHalfVerifies) {
  const auto key = SigningKey::parse(secret(kSealed), secret("tiger"));
  const std::string signature = key->sign("message").value();
  const auto verifying = VerifyingKey::parse(kPublic);
  EXPECT_TRUE(verifying->verifies("message", signature));
  EXPECT_FALSE(verifying->verifies("Message", signature));
  EXPECT_FALSE(verifying->verifies("message", signature.substr(1)));
  EXPECT_FALSE(verifying->verifies("message", ""));
  const auto other = VerifyingKey::parse(SigningKey::generate()->public_pem().value());
  EXPECT_FALSE(other->verifies("message", signature));
}

/// What openssl prints; a failure is one of the test.
void openssl(const testing::TemporaryFolder& folder, const std::string& arguments) {
  Loop loop;
  ProcessOptions options;
  options.command = {"sh", "-c", fmt::format("openssl {}", arguments)};
  options.directory = folder.path();
  options.output = Output::Capture;
  options.errors = Output::Capture;
  const auto finished = run_to_end(loop, run_process(loop, std::move(options)));
  ASSERT_TRUE(finished.has_value()) << finished.error().message();
  EXPECT_TRUE(finished->status.ok()) << finished->errors;
}

TEST(SigningKey, IsReadInTheFormsOfOpenssl) {
  const testing::TemporaryFolder folder;
  openssl(folder, "ecparam -name prime256v1 -genkey -noout -out sec1.pem");
  openssl(folder, "pkcs8 -topk8 -nocrypt -in sec1.pem -out pkcs8.pem");
  openssl(folder, "pkcs8 -topk8 -in sec1.pem -passout pass:tiger -out encrypted.pem");
  openssl(folder, "pkey -in sec1.pem -pubout -out public.pem");
  for (const std::string_view file : {"sec1.pem", "pkcs8.pem", "encrypted.pem"}) {
    const auto key = SigningKey::parse(Secret(folder.read(file)), secret("tiger"));
    ASSERT_TRUE(key.has_value()) << file << ": " << key.error().message();
    EXPECT_EQ(key->public_pem(), folder.read("public.pem"));
  }
  EXPECT_EQ(SigningKey::parse(Secret(folder.read("encrypted.pem")), secret("lion")).error().code(),
            Errc::Denied);
  // And openssl verifies what we sign.
  const auto key = SigningKey::parse(Secret(folder.read("sec1.pem")), Secret());
  folder.write("message", "text");
  folder.write("signature", key->sign("text").value());
  openssl(folder, "dgst -sha256 -verify public.pem -signature signature message");
}

TEST(SigningKey, OfAnotherKindIsRefused) {
  const testing::TemporaryFolder folder;
  openssl(folder, "genpkey -algorithm ED25519 -out ed25519.pem");
  openssl(folder, "ecparam -name secp384r1 -genkey -noout -out p384.pem");
  openssl(folder, "pkey -in p384.pem -pubout -out p384.pub");
  for (const std::string_view file : {"ed25519.pem", "p384.pem"})
    EXPECT_EQ(SigningKey::parse(Secret(folder.read(file)), Secret()).error().code(),
              Errc::Unsupported);
  EXPECT_EQ(VerifyingKey::parse(folder.read("p384.pub")).error().code(), Errc::Unsupported);
  for (const std::string_view text :
       {"", "text",
        "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED "
        "SIGSTORE PRIVATE KEY-----\n"})
    EXPECT_EQ(SigningKey::parse(secret(text), Secret()).error().code(), Errc::Malformed) << text;
  EXPECT_EQ(VerifyingKey::parse(kSealed).error().code(), Errc::Malformed);
}

TEST(SigningKey, ThatAsksForTooMuchMemoryIsRefused) {
  // {"kdf":{"name":"scrypt","params":{"N":1073741824,"r":8,"p":1},"salt":""},"cipher":{"name":
  // "nacl/secretbox","nonce":"24 zeros"},"ciphertext":"AAAA"}
  constexpr std::string_view kGreedy =
      "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
      "eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjoxMDczNzQxODI0LCJyIjo4LCJwIjoxfSwic2FsdCI6"
      "IiJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94Iiwibm9uY2UiOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
      "QUFBQUFBQUFBQSJ9LCJjaXBoZXJ0ZXh0IjoiQUFBQSJ9\n"
      "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n";
  EXPECT_EQ(SigningKey::parse(secret(kGreedy), Secret()).error().code(), Errc::Limit);
}

}  // namespace
}  // namespace wasmcloud::oci
