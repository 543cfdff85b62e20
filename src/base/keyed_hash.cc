#include "base/keyed_hash.h"

#include <bit>
#include <cstring>
#include <random>

namespace wasmcloud {
namespace {

struct Key {
  uint64_t first;
  uint64_t second;
  uint64_t seed;
};

const Key& key() {
  static const Key kKey = [] {
    std::random_device random;
    const auto word = [&] { return uint64_t{random()} << 32 | random(); };
    return Key{.first = word(), .second = word(), .seed = word()};
  }();
  return kKey;
}

/// SipHash (Aumasson, Bernstein): one round a word, three at the end.
class SipHash13 {
 public:
  SipHash13()
      : v0_(key().first ^ 0x736f6d6570736575),
        v1_(key().second ^ 0x646f72616e646f6d),
        v2_(key().first ^ 0x6c7967656e657261),
        v3_(key().second ^ 0x7465646279746573) {}

  void word(uint64_t value) {
    v3_ ^= value;
    round();
    v0_ ^= value;
  }
  uint64_t finish() {
    v2_ ^= 0xff;
    round();
    round();
    round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

 private:
  void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }

  uint64_t v0_;
  uint64_t v1_;
  uint64_t v2_;
  uint64_t v3_;
};

}  // namespace

size_t KeyedHash::operator()(std::string_view text) const {
  SipHash13 hash;
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    hash.word(word);
  }
  uint64_t last = uint64_t{text.size()} << 56;
  if (const size_t rest = text.size() - at; rest != 0) {
    uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, rest);
    last |= bytes;
  }
  hash.word(last);
  return hash.finish();
}

size_t KeyedHash::operator()(uint64_t number) const {
  // Keys are whatever an attacker likes, but of the result nothing is ever seen: a keyed
  // multiplication whose high half is folded in is enough.
  const auto product = static_cast<unsigned __int128>(number ^ key().first) * (key().second | 1);
  return static_cast<size_t>(product) ^ static_cast<size_t>(product >> 64);
}

uint64_t hash_seed() { return key().seed; }

}  // namespace wasmcloud
