#include "wasi/context.h"
#include "wasi/filesystem/bindings_0_2.h"
#include "wasi/filesystem/temp_tree.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::filesystem::v0_2 {
namespace {

using wit::types::Descriptor;
using wit::types::DescriptorFlags;
using wit::types::ErrorCode;

class Bindings : public testing::Test {
 protected:
  Bindings() {
    tree.put("root/file", "some text");
    environment.preopens.push_back({.directory = tree.root(), .guest_path = "/data"});
    context = std::make_unique<Context>(loop, environment);
    auto directories = PreopensInterface(*context).get_directories();
    root = std::move(std::get<0>(directories->front()));
  }
  ~Bindings() override {
    root.reset();
    EXPECT_TRUE(run_to_end(loop, context->finish()));
  }
  auto open(std::string path, uint8_t bits = DescriptorFlags::kRead) {
    DescriptorFlags flags{};
    flags.bits = static_cast<decltype(flags.bits)>(bits);
    return *run_to_end(loop, root->open_at({}, std::move(path), {}, flags));
  }

  TempTree tree;
  Loop loop;
  Environment environment;
  std::unique_ptr<Context> context;
  std::unique_ptr<Descriptor> root;
};

TEST_F(Bindings, TellTheInterfacesOwnErrors) {
  EXPECT_EQ(open("none").error(), ErrorCode::NoEntry);
  EXPECT_EQ(open("../outside").error(), ErrorCode::NotPermitted);
  EXPECT_EQ(open("/file").error(), ErrorCode::NotPermitted);
  EXPECT_EQ(open("file/x").error(), ErrorCode::NotDirectory);
  EXPECT_EQ(root->read_via_stream(0)->error(), ErrorCode::IsDirectory);
  EXPECT_EQ((*open("file"))->write_via_stream(0)->error(), ErrorCode::BadDescriptor);
}

TEST_F(Bindings, AFailureOfAStreamTellsItsErrorCode) {
  const auto file = *open("file", DescriptorFlags::kRead | DescriptorFlags::kWrite);
  auto stream = std::move(**file->write_via_stream(~uint64_t{0} - 1));
  auto written = *run_to_end(loop, stream->blocking_write_and_flush(Bytes::copy_of("too far")));
  ASSERT_FALSE(written);
  ASSERT_FALSE(written.error().is_closed());
  const auto code =
      TypesInterface().filesystem_error_code(*written.error().get_last_operation_failed());
  EXPECT_EQ(**code, ErrorCode::FileTooLarge);
  EXPECT_TRUE(stream->check_write()->error().is_closed());
}

TEST_F(Bindings, OpenFilesAreBoundedAndGivenBack) {
  std::vector<std::unique_ptr<Descriptor>> held;
  while (true) {
    auto file = open("file");
    if (!file) {
      EXPECT_EQ(file.error(), ErrorCode::InsufficientMemory);
      break;
    }
    held.push_back(std::move(*file));
    ASSERT_LE(held.size(), Quotas().open_files);
  }
  EXPECT_EQ(held.size(), Quotas().open_files);
  EXPECT_EQ(held.front()->read_via_stream(0)->error(), ErrorCode::InsufficientMemory);
  held.clear();
  EXPECT_TRUE(open("file"));
}

TEST_F(Bindings, AFileHasTheSameHashByEveryName) {
  tree.link("file", "root/link");
  wit::types::PathFlags follow{};
  follow.bits |= wit::types::PathFlags::kSymlinkFollow;
  const auto file = *open("file");
  const auto one = **run_to_end(loop, file->metadata_hash());
  const auto two = **run_to_end(loop, root->metadata_hash_at(follow, "link"));
  const auto other = **run_to_end(loop, root->metadata_hash_at({}, "link"));
  EXPECT_EQ(one.lower, two.lower);
  EXPECT_EQ(one.upper, two.upper);
  EXPECT_NE(one.lower, other.lower);
  const auto again = *open("file");
  EXPECT_TRUE(*run_to_end(loop, file->is_same_object(*again)));
  EXPECT_FALSE(*run_to_end(loop, file->is_same_object(*root)));
}

}  // namespace
}  // namespace wasmcloud::wasi::filesystem::v0_2
