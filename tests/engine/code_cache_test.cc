#include "engine/code_cache.h"

#include "engine_fixture.h"
#include "support/temporary_folder.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace wasmcloud::engine {
namespace {

namespace fs = std::filesystem;

std::vector<std::byte> answer_module(int32_t answer) {
  WasmBuilder b;
  b.func(b.type({}, {Wasm::I32}), Code().i32(answer), "answer");
  return b.build();
}

int32_t answer_of(const std::shared_ptr<const Module>& module) {
  const auto store = Store::create(shared_engine(), {});
  const auto instance = store->instantiate(*module, {}).value();
  RawValue values[1] = {};
  EXPECT_TRUE(store->call(store->export_named(instance, "answer").value().func, values));
  return values[0].i32;
}

class CodeCacheTest : public ::testing::Test {
 protected:
  std::unique_ptr<CodeCache> open(uint64_t max_bytes = uint64_t{1} << 30) {
    return CodeCache::open({.folder = folder_.path("code"), .max_bytes = max_bytes}).value();
  }
  std::vector<fs::path> entries() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_.path("code"))) {
      found.push_back(entry.path());
    }
    return found;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(CodeCacheTest, GivesBackWhatWasCompiled) {
  const auto cache = open();
  const auto wasm = answer_module(41);
  EXPECT_EQ(cache->load(shared_engine(), wasm), nullptr);
  EXPECT_EQ(answer_of(cache->load_or_compile(shared_engine(), wasm).value()), 41);
  ASSERT_EQ(entries().size(), 1U);
  EXPECT_EQ(fs::status(entries()[0]).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto loaded = open()->load(shared_engine(), wasm);
  ASSERT_NE(loaded, nullptr);
  EXPECT_EQ(answer_of(loaded), 41);
}

TEST_F(CodeCacheTest, OtherSettingsDoNotShareAnEntry) {
  const auto cache = open();
  const auto wasm = answer_module(41);
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), wasm));
  EngineOptions options;
  options.slots = 0;
  options.optimise = Optimise::Speed;
  const auto other = Engine::create(options).value();
  EXPECT_EQ(cache->load(other, wasm), nullptr);
}

TEST_F(CodeCacheTest, ACorruptEntryCostsARecompilation) {
  const auto cache = open();
  const auto wasm = answer_module(41);
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), wasm));
  const fs::path entry = entries().at(0);
  const auto size = fs::file_size(entry);
  // One byte anywhere: in the magic line, the digest, the code; then cut short; then empty.
  for (const auto at : {uint64_t{0}, uint64_t{30}, size / 2, size - 1}) {
    std::fstream file(entry, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const auto before = static_cast<char>(file.get());
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(before ^ 1));
    file.close();
    EXPECT_EQ(cache->load(shared_engine(), wasm), nullptr) << at;
    EXPECT_EQ(answer_of(cache->load_or_compile(shared_engine(), wasm).value()), 41);
    EXPECT_NE(cache->load(shared_engine(), wasm), nullptr);
  }
  for (const auto bytes : {size / 2, uint64_t{10}, uint64_t{0}}) {
    fs::resize_file(entry, bytes);
    EXPECT_EQ(cache->load(shared_engine(), wasm), nullptr);
  }
}

TEST_F(CodeCacheTest, AnEntryCannotStandInForAnother) {
  const auto cache = open();
  const auto one = answer_module(1);
  const auto two = answer_module(2);
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), one));
  const fs::path first = entries().at(0);
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), two));
  for (const auto& entry : entries()) {
    if (entry != first) fs::copy_file(entry, first, fs::copy_options::overwrite_existing);
  }
  EXPECT_EQ(cache->load(shared_engine(), one), nullptr);
  EXPECT_EQ(answer_of(cache->load_or_compile(shared_engine(), one).value()), 1);
}

TEST_F(CodeCacheTest, ReadsNoLinkAndNothingOthersMayWrite) {
  const auto cache = open();
  const auto wasm = answer_module(41);
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), wasm));
  const fs::path entry = entries().at(0);
  ::chmod(entry.c_str(), 0622);
  EXPECT_EQ(cache->load(shared_engine(), wasm), nullptr);
  ::chmod(entry.c_str(), 0600);
  ASSERT_NE(cache->load(shared_engine(), wasm), nullptr);
  fs::rename(entry, folder_.path("elsewhere"));
  fs::create_symlink(folder_.path("elsewhere"), entry);
  EXPECT_EQ(cache->load(shared_engine(), wasm), nullptr);
}

TEST_F(CodeCacheTest, RefusesAFolderOthersCanReach) {
  fs::create_directory(folder_.path("open"));
  ::chmod(folder_.path("open").c_str(), 0755);
  const auto open_to_others = CodeCache::open({.folder = folder_.path("open")});
  ASSERT_FALSE(open_to_others);
  EXPECT_EQ(open_to_others.error().code(), Errc::Denied);

  ASSERT_TRUE(CodeCache::open({.folder = folder_.path("mine")}));
  fs::create_directory_symlink(folder_.path("mine"), folder_.path("link"));
  const auto link = CodeCache::open({.folder = folder_.path("link")});
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().code(), Errc::Denied);

  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(folder_.path("mine").c_str(), 65534, 65534), 0);
    const auto foreign = CodeCache::open({.folder = folder_.path("mine")});
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code(), Errc::Denied);
  }
}

TEST_F(CodeCacheTest, TheOldestEntriesGoWhenItIsFull) {
  const auto wasm = [](int i) { return answer_module(i); };
  ASSERT_TRUE(open()->load_or_compile(shared_engine(), wasm(0)));
  const auto one = fs::file_size(entries().at(0));
  const auto cache = open(one * 3 + one / 2);
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), wasm(1)));
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), wasm(2)));
  ASSERT_NE(cache->load(shared_engine(), wasm(0)), nullptr);  // used last
  ASSERT_TRUE(cache->load_or_compile(shared_engine(), wasm(3)));
  EXPECT_EQ(entries().size(), 3U);
  EXPECT_NE(cache->load(shared_engine(), wasm(0)), nullptr);
  EXPECT_EQ(cache->load(shared_engine(), wasm(1)), nullptr);
  EXPECT_NE(cache->load(shared_engine(), wasm(3)), nullptr);
}

TEST_F(CodeCacheTest, SeveralWritersDoNotDisturbEachOther) {
  const auto wasm = answer_module(41);
  std::vector<std::jthread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      const auto cache = open();
      for (int round = 0; round < 20; ++round) {
        auto module = Module::compile(shared_engine(), wasm).value();
        EXPECT_TRUE(cache->store(*module, wasm));
        const auto loaded = cache->load(shared_engine(), wasm);
        ASSERT_NE(loaded, nullptr);
        EXPECT_EQ(answer_of(loaded), 41);
      }
    });
  }
  writers.clear();
  EXPECT_EQ(entries().size(), 1U);
}

}  // namespace
}  // namespace wasmcloud::engine
