#include "base/recycled.h"

#include "base/ref.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <set>
#include <thread>
#include <vector>

namespace wasmcloud {
namespace {

TEST(Recycled, MemoryIsAsLargeAsItWasAskedForAndNobodyElses) {
  for (int round = 0; round < 3; ++round) {
    std::vector<std::pair<void*, size_t>> taken;
    for (size_t bytes = 0; bytes < 3000; bytes += 13) {
      for (int i = 0; i < 3; ++i) {
        taken.emplace_back(take_memory(bytes), bytes);
        std::memset(taken.back().first, static_cast<int>(taken.size() % 251), bytes);
      }
    }
    size_t count = 0;
    for (const auto& [memory, bytes] : taken) {
      ++count;
      const auto* const at = static_cast<const unsigned char*>(memory);
      for (size_t i = 0; i < bytes; ++i) ASSERT_EQ(at[i], count % 251);
      give_memory(memory, bytes);
    }
  }
}

TEST(Recycled, MoreThanIsKeptGoesBack) {
  std::vector<void*> taken;
  for (int i = 0; i < 1000; ++i) taken.push_back(take_memory(100));
  EXPECT_EQ(std::set<void*>(taken.begin(), taken.end()).size(), taken.size());
  for (void* const memory : taken) give_memory(memory, 100);
}

TEST(Recycled, AnotherThreadMayGiveItBackAndEndsWithIt) {
  std::vector<void*> taken;
  for (int i = 0; i < 40; ++i) taken.push_back(take_memory(100));
  std::thread([&] {
    for (void* const memory : taken) give_memory(memory, 100);
    void* const again = take_memory(120);
    std::memset(again, 1, 120);
    give_memory(again, 120);
  }).join();
}

struct Base : Recycled {
  virtual ~Base() = default;
};
struct Small final : Base, Counted {};
struct Large final : Base {
  unsigned char bytes[5000] = {};
};

TEST(Recycled, ObjectsComeAndGoThroughTheirBase) {
  std::vector<std::unique_ptr<Base>> objects;
  for (int i = 0; i < 50; ++i) {
    objects.push_back(std::make_unique<Small>());
    objects.push_back(std::make_unique<Large>());
    if (i % 3 == 0) objects.erase(objects.begin());
  }
  objects.clear();
  const auto shared = std::allocate_shared<Large>(RecyclingAllocator<Large>());
  EXPECT_EQ(shared->bytes[4999], 0);
}

}  // namespace
}  // namespace wasmcloud
