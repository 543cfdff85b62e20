#include "wasi/cli/input.h"
#include "wasi/cli/output.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace wasmcloud::wasi::cli {
namespace {

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0); }
  ~Pipe() {
    close_read();
    close_write();
  }
  void close_read() { ::close(std::exchange(ends[0], -1)); }
  void close_write() { ::close(std::exchange(ends[1], -1)); }
  int ends[2];
};

TEST(Input, ReadsADescriptorToItsEnd) {
  Loop loop;
  Pipe pipe;
  const auto source = input_from_descriptor(pipe.ends[0])->open(loop);
  EXPECT_FALSE(source->is_ready());
  loop.post([&] { EXPECT_EQ(::write(pipe.ends[1], "hello", 5), 5); });
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *source, 99)).value().text(), "hello");
  pipe.close_write();
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *source, 99)).error().code(), Errc::Closed);
}

TEST(Input, ASourceMayGoAwayWhileItsReadIsUnderWay) {
  Pipe pipe;
  {
    Loop loop;
    const auto source = input_from_descriptor(pipe.ends[0])->open(loop);
    Event event(loop);
    Signal::Listener listener(event);
    source->listen(listener);
  }
  EXPECT_EQ(::write(pipe.ends[1], "x", 1), 1);
  // The thread still reads from the descriptor; it must be done before the number is used again.
  for (int waiting = 1; waiting > 0;) ASSERT_EQ(::ioctl(pipe.ends[0], FIONREAD, &waiting), 0);
}

TEST(Input, TextAndNone) {
  Loop loop;
  const auto input = input_from("abc");
  for (int i = 0; i < 2; ++i) {
    const auto source = input->open(loop);
    EXPECT_EQ(source->read(99).value().text(), "abc");
    EXPECT_EQ(source->read(99).error().code(), Errc::Closed);
  }
  EXPECT_EQ(no_input()->open(loop)->read(1).error().code(), Errc::Closed);
}

std::string read_all(int fd) {
  std::string all;
  char block[65536];
  for (ssize_t got = 0; (got = ::read(fd, block, sizeof block)) > 0;) all.append(block, got);
  return all;
}

TEST(Output, KeepsTheOrderOfSeveralInstances) {
  Loop loop;
  Pipe pipe;
  {
    DescriptorOutput output(pipe.ends[1]);
    const auto a = output.open(loop);
    const auto b = output.open(loop);
    ASSERT_TRUE(a->write(Bytes::copy_of("1")));
    ASSERT_TRUE(b->write(Bytes::copy_of("2")));
    output.write("3");
    ASSERT_TRUE(a->write(Bytes::copy_of("4")));
    ASSERT_TRUE(run_to_end(loop, output.drain(loop)));
  }
  pipe.close_write();
  EXPECT_EQ(read_all(pipe.ends[0]), "1234");
}

TEST(Output, AFullPipeStopsTheWriterAndNotTheLoop) {
  Loop loop;
  Pipe pipe;
  DescriptorOutput output(pipe.ends[1]);
  const auto sink = output.open(loop);
  const std::string block(65536, 'x');
  size_t written = 0;
  while (sink->check_write().value() > 0) {
    ASSERT_TRUE(sink->write(Bytes::copy_of(block)));
    written += block.size();
    ASSERT_LT(written, 4U << 20);
  }
  EXPECT_FALSE(sink->is_ready());
  TaskGroup group(loop);
  size_t got = 0;
  auto reader = [](Loop* l, int fd, size_t* count, size_t all) -> Task<void> {
    co_return co_await l->offload([=]() -> Result<void> {
      char part[65536];
      while (*count < all) *count += ::read(fd, part, sizeof part);
      return {};
    });
  };
  group.spawn(reader, &loop, pipe.ends[0], &got, written);
  ASSERT_TRUE(run_to_end(loop, io::wait_for(loop, *sink)));
  EXPECT_TRUE(sink->is_ready());
  ASSERT_TRUE(run_to_end(loop, output.drain(loop)));
  loop.run_until([&] { return group.size() == 0; });
  EXPECT_EQ(got, written);
}

TEST(Output, ABrokenPipeIsToldOnceThenTheStreamIsClosed) {
  ::signal(SIGPIPE, SIG_IGN);
  Loop loop;
  Pipe pipe;
  pipe.close_read();
  DescriptorOutput output(pipe.ends[1]);
  const auto sink = output.open(loop);
  ASSERT_TRUE(sink->write(Bytes::copy_of("x")));
  ASSERT_TRUE(run_to_end(loop, output.drain(loop)));
  EXPECT_EQ(sink->check_write().error().number(), EPIPE);
  EXPECT_EQ(sink->check_write().error().code(), Errc::Closed);
}

TEST(Output, LinesAreWholeHoweverTheyWereWritten) {
  Loop loop;
  std::vector<std::string> lines;
  const auto output = output_to_lines([&](std::string_view line) { lines.emplace_back(line); });
  {
    const auto a = output->open(loop);
    const auto b = output->open(loop);
    ASSERT_TRUE(a->write(Bytes::copy_of("one\ntw")));
    ASSERT_TRUE(b->write(Bytes::copy_of("other\n")));
    ASSERT_TRUE(a->write(Bytes::copy_of("o\n\nrest")));
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "other", "two", "", "rest"}));
  lines.clear();
  const auto sink = output->open(loop);
  ASSERT_TRUE(sink->write(Bytes(std::string(70000, 'x') + "\n")));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].size() + lines[1].size(), 70000U);
}

}  // namespace
}  // namespace wasmcloud::wasi::cli
