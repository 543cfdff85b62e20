#include "wasi/filesystem/bindings_0_3.h"

#include "bindings/wasi/filesystem_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/filesystem/temp_tree.h"
#include "wasi/io/guest_streams.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

namespace wasmcloud::wasi::filesystem::v0_3 {
namespace {

using wit::types::Descriptor;
using wit::types::DescriptorFlags;
using wit::types::DescriptorType;
using wit::types::ErrorCode;
using wit::types::OpenFlags;
using Tag = ErrorCode::Tag;

class Bindings03 : public testing::Test {
 protected:
  Bindings03() {
    tree.put("root/file", "some text");
    environment.preopens.push_back({.directory = tree.root(), .guest_path = "/data"});
    context = std::make_unique<Context>(loop, environment);
    auto directories = PreopensInterface(*context).get_directories();
    EXPECT_EQ(std::get<1>(directories->front()), "/data");
    root = std::move(std::get<0>(directories->front()));
  }
  ~Bindings03() override {
    root.reset();
    EXPECT_TRUE(run_to_end(loop, context->finish()));
  }
  auto open(std::string path, uint32_t bits = DescriptorFlags::kRead, uint32_t how = 0) {
    return *run_to_end(loop, root->open_at({}, std::move(path), {.bits = how}, {.bits = bits}));
  }
  auto create(std::string path) {
    return *open(std::move(path), DescriptorFlags::kRead | DescriptorFlags::kWrite,
                 OpenFlags::kCreate);
  }
  template <class T>
  T await(component::FutureReader<T> future) {
    return run_to_end(loop, future.read()).value();
  }
  /// The text of a file from `offset` on, or why it cannot be read.
  std::expected<std::string, Tag> read(Descriptor& file, uint64_t offset = 0) {
    auto [stream, ended] = file.read_via_stream(offset).value();
    std::string text = read_all(loop, stream);
    const auto end = await(std::move(ended));
    if (!end) return std::unexpected(end.error().tag());
    return text;
  }
  /// Hands a stream that carries `text` to `sink`, and tells how that ended.
  template <class Write>
  std::expected<void, Tag> write(std::string text, Write write_via_stream) {
    auto [writer, reader] = component::make_stream<uint8_t>(loop);
    TaskGroup writes(loop);
    size_t written = 0;
    writes.spawn(write_all, std::move(writer), std::move(text), &written);
    const auto end = await(write_via_stream(std::move(reader)).value());
    loop.run_until([&] { return writes.size() == 0; });
    if (!end) return std::unexpected(end.error().tag());
    return {};
  }

  TempTree tree;
  Loop loop;
  Environment environment;
  std::unique_ptr<Context> context;
  std::unique_ptr<Descriptor> root;
};

TEST_F(Bindings03, TellTheInterfacesOwnErrors) {
  EXPECT_EQ(open("none").error().tag(), Tag::NoEntry);
  EXPECT_EQ(open("../outside").error().tag(), Tag::NotPermitted);
  EXPECT_EQ(open("file/x").error().tag(), Tag::NotDirectory);
  EXPECT_EQ(read(*root).error(), Tag::IsDirectory);
  const auto file = *open("file");
  EXPECT_EQ(
      write("x", [&](auto from) { return file->write_via_stream(std::move(from), 0); }).error(),
      Tag::BadDescriptor);
}

TEST_F(Bindings03, FilesAreReadFromAnOffset) {
  std::string text(300'000, ' ');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
  tree.put("root/big", text);
  EXPECT_EQ(read(**open("big"), 7), text.substr(7));
  EXPECT_EQ(read(**open("file"), 99), "");
}

TEST_F(Bindings03, FilesAreWrittenAtAnOffsetAndAtTheirEnd) {
  const auto file = create("new");
  const std::string text(200'000, 'x');
  EXPECT_TRUE(write(text, [&](auto from) { return file->write_via_stream(std::move(from), 2); }));
  EXPECT_TRUE(write("end", [&](auto from) { return file->append_via_stream(std::move(from)); }));
  EXPECT_EQ(tree.get("root/new"), std::string(2, '\0') + text + "end");
  EXPECT_EQ(
      write("x",
            [&](auto from) { return file->write_via_stream(std::move(from), ~uint64_t{0} - 1); })
          .error(),
      Tag::FileTooLarge);
}

TEST_F(Bindings03, AStreamOutlivesItsDescriptor) {
  auto file = *open("file");
  auto [stream, ended] = file->read_via_stream(0).value();
  file.reset();
  EXPECT_EQ(read_all(loop, stream), "some text");
  EXPECT_TRUE(await(std::move(ended)));
}

TEST_F(Bindings03, DirectoriesAreListedThroughAStream) {
  std::set<std::string> names{"file", "folder", "link"};
  for (int i = 0; i < 300; ++i) tree.put("root/" + *names.insert(fmt::format("n{}", i)).first, "");
  tree.put("root/folder/below", "");
  tree.link("file", "root/link");
  auto [stream, ended] = root->read_directory().value();
  std::set<std::string> seen;
  while (true) {
    std::vector<wit::types::DirectoryEntry> some(7);
    const size_t count = run_to_end(loop, stream.read(some)).value();
    if (count == 0) break;
    for (size_t i = 0; i < count; ++i) {
      seen.insert(some[i].name);
      const auto want = some[i].name == "folder" ? DescriptorType::Tag::Directory
                        : some[i].name == "link" ? DescriptorType::Tag::SymbolicLink
                                                 : DescriptorType::Tag::RegularFile;
      EXPECT_EQ(some[i].type.tag(), want) << some[i].name;
    }
  }
  EXPECT_EQ(seen, names);
  EXPECT_TRUE(await(std::move(ended)));
}

TEST_F(Bindings03, ListingAFileSaysThatItIsNone) {
  const auto file = *open("file");
  auto [stream, ended] = file->read_directory().value();
  std::vector<wit::types::DirectoryEntry> some(7);
  EXPECT_EQ(run_to_end(loop, stream.read(some)).value(), 0U);
  EXPECT_EQ(await(std::move(ended)).error().tag(), Tag::NotDirectory);
}

TEST_F(Bindings03, TimesBeforeTheEpochAreTold) {
  const timespec times[] = {{.tv_sec = -3, .tv_nsec = 9}, {.tv_sec = 5, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, tree.path("root/file").c_str(), times, 0), 0);
  const auto stat = **run_to_end(loop, root->stat_at({}, "file"));
  EXPECT_EQ(stat.data_access_timestamp->seconds, -3);
  EXPECT_EQ(stat.data_access_timestamp->nanoseconds, 9U);
  EXPECT_EQ(stat.data_modification_timestamp->seconds, 5);
  EXPECT_EQ(stat.size, 9U);
  EXPECT_EQ(stat.type.tag(), DescriptorType::Tag::RegularFile);
}

TEST_F(Bindings03, OpenFilesAreBoundedAndStreamsCount) {
  std::vector<std::unique_ptr<Descriptor>> held;
  while (true) {
    auto file = open("file");
    if (!file) {
      EXPECT_EQ(file.error().tag(), Tag::InsufficientMemory);
      break;
    }
    held.push_back(std::move(*file));
    ASSERT_LE(held.size(), Quotas().open_files);
  }
  EXPECT_EQ(read(*held.front()).error(), Tag::InsufficientMemory);
  held.pop_back();
  EXPECT_EQ(read(*held.front()), "some text");
  loop.run_until([&] { return context->is_idle(); });
  EXPECT_TRUE(open("file"));
}

}  // namespace
}  // namespace wasmcloud::wasi::filesystem::v0_3
