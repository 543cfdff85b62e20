#include "wasi/filesystem/file_streams.h"

#include "wasi/filesystem/temp_tree.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace wasmcloud::wasi::filesystem {
namespace {

class FileStreams : public testing::Test {
 protected:
  ~FileStreams() override { finish(); }
  void finish() {
    loop.run_until([&] { return tasks.size() == 0; });
  }
  FilePtr open(std::string_view path, Access access, OpenFlags flags = {}) {
    return open_at(*tree.root(), Follow::Yes, path, flags, access).value();
  }
  TempTree tree;
  Loop loop;
  TaskGroup tasks{loop};
};

TEST_F(FileStreams, ReadsAWholeFileFromAnOffset) {
  std::string text(1 << 20, ' ');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
  tree.put("root/big", text);
  const auto source = read_stream(loop, tasks, open("big", {.read = true}), 10);
  std::string got;
  while (true) {
    const auto part = run_to_end(loop, io::blocking_read(loop, *source, 1 << 20));
    if (!part) {
      EXPECT_EQ(part.error().code(), Errc::Closed);
      break;
    }
    got += part->text();
  }
  EXPECT_EQ(got, text.substr(10));
}

TEST_F(FileStreams, AFileThatGrowsAfterItsEndStaysEnded) {
  tree.put("root/a", "ab");
  const auto source = read_stream(loop, tasks, open("a", {.read = true}), 0);
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *source, 9)).value().text(), "ab");
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *source, 9)).error().code(), Errc::Closed);
}

TEST_F(FileStreams, AnUnreadableFileFailsOnceAndIsClosed) {
  const auto source = read_stream(loop, tasks, tree.root(), 0);
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *source, 9)).error().number(), EISDIR);
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *source, 9)).error().code(), Errc::Closed);
}

TEST_F(FileStreams, WritesInOrderAndTellsWhenItIsDone) {
  const auto file = open("out", {.read = true, .write = true}, {.create = true});
  io::OutputStream stream(write_stream(loop, tasks, file, 2));
  std::string want(2, '\0');
  for (int i = 0; i < 50; ++i) {
    const std::string part(i * 7, static_cast<char>('a' + i % 26));
    ASSERT_TRUE(run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes::copy_of(part))));
    want += part;
  }
  EXPECT_EQ(tree.get("root/out"), want);
}

TEST_F(FileStreams, WhatWasWrittenIsWrittenEvenIfTheStreamIsDropped) {
  {
    io::OutputStream stream(
        append_stream(loop, tasks, open("out", {.write = true}, {.create = true})));
    ASSERT_EQ(stream.check_write().value(), 65536U);
    ASSERT_TRUE(stream.write(Bytes::copy_of("one ").span()));
    ASSERT_TRUE(stream.write(Bytes::copy_of("two").span()));
    EXPECT_EQ(stream.check_write().value(), 0U);
  }
  finish();
  EXPECT_EQ(tree.get("root/out"), "one two");
}

TEST_F(FileStreams, OnlySoMuchWaitsBehindAWrite) {
  const auto sink = write_stream(loop, tasks, open("out", {.write = true}, {.create = true}), 0);
  const std::string text(100 << 10, 'x');
  const std::span bytes = std::as_bytes(std::span(text));
  EXPECT_EQ(sink->write_some(bytes).value(), text.size());
  EXPECT_EQ(sink->write_some(bytes).value(), (128U << 10) - text.size());
  EXPECT_EQ(sink->write_some(bytes).value(), 0U);
  // There is room again once a part is written.
  size_t more = 0;
  loop.run_until([&] { return (more = sink->write_some(bytes).value()) > 0; });
  finish();
  EXPECT_EQ(tree.get("root/out").size(), (128 << 10) + more);
  EXPECT_TRUE(sink->is_ready());
}

TEST_F(FileStreams, AFailedWriteIsToldToWhoWritesOn) {
  tree.put("root/a", "");
  const auto sink = write_stream(loop, tasks, open("a", {.read = true}), 0);
  const std::string text(1000, 'x');
  const std::span bytes = std::as_bytes(std::span(text));
  EXPECT_EQ(sink->write_some(bytes).value(), text.size());
  EXPECT_EQ(sink->write_some(bytes).value(), text.size());
  finish();
  EXPECT_EQ(sink->write_some(bytes).error().number(), EBADF);
  EXPECT_EQ(sink->write_some(bytes).error().code(), Errc::Closed);
}

TEST_F(FileStreams, AFailedWriteIsToldByTheNextPermit) {
  tree.put("root/a", "");
  io::OutputStream stream(write_stream(loop, tasks, open("a", {.read = true}), 0));
  EXPECT_EQ(
      run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes::copy_of("x"))).error().number(),
      EBADF);
  EXPECT_EQ(stream.check_write().error().code(), Errc::Closed);
}

}  // namespace
}  // namespace wasmcloud::wasi::filesystem
