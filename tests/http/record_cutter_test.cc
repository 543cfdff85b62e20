#include "http/detail/record_cutter.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace wasmcloud::http::detail {
namespace {

std::vector<iovec> parts_of(std::vector<std::string>& texts) {
  std::vector<iovec> parts;
  for (std::string& text : texts)
    parts.push_back({.iov_base = text.empty() ? nullptr : text.data(), .iov_len = text.size()});
  return parts;
}

TEST(RecordCutter, PutsSmallPartsTogetherAndCopiesNoLargeOnes) {
  std::vector<std::string> texts = {"head", "", "5\r\n", std::string(40'000, 'x'), "\r\n", ""};
  const auto parts = parts_of(texts);
  RecordCutter cutter(parts);
  const auto first = cutter.next();
  EXPECT_EQ(first.size(), RecordCutter::kRecord);
  const auto second = cutter.next();
  EXPECT_EQ(reinterpret_cast<const char*>(second.data()),
            texts[3].data() + RecordCutter::kRecord - 7);
  EXPECT_EQ(second.size(), RecordCutter::kRecord);
  EXPECT_EQ(cutter.next().size(), 40'009 - 2 * RecordCutter::kRecord);
  EXPECT_TRUE(cutter.next().empty());
}

TEST(RecordCutter, GivesEveryByteOnceInOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> texts(random() % 12);
    std::string all;
    for (std::string& text : texts) {
      const size_t most = random() % 3 == 0 ? 50'000 : 300;
      for (size_t size = random() % most; size > 0; --size) text += static_cast<char>(random());
      if (random() % 8 == 0) text.clear();
      all += text;
    }
    const auto parts = parts_of(texts);
    RecordCutter cutter(parts);
    const size_t skipped = all.empty() ? 0 : random() % (all.size() + 1);
    cutter.skip(skipped);
    std::string got;
    for (auto record = cutter.next(); !record.empty(); record = cutter.next()) {
      EXPECT_LE(record.size(), RecordCutter::kRecord);
      got.append(reinterpret_cast<const char*>(record.data()), record.size());
      if (got.size() < all.size() - skipped) EXPECT_EQ(record.size(), RecordCutter::kRecord);
    }
    EXPECT_TRUE(got == all.substr(skipped)) << round;
  }
}

}  // namespace
}  // namespace wasmcloud::http::detail
