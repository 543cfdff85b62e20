#include "wasi/io/streams_0_3.h"

#include "wasi/io/guest_streams.h"
#include "wasi/io/pieces.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::io::v0_3 {
namespace {

int number_of(const Error& error) { return static_cast<int>(error.code()); }
using Ended = std::expected<void, int>;

class ByteStreams : public testing::Test {
 protected:
  ~ByteStreams() override {
    reader.reset();
    writer.reset();
    loop.run_until([&] { return tasks.size() == 0; });
  }
  void read_from(Result<Ref<Source>> from) {
    auto [stream, future] = read_via_stream<number_of>(loop, tasks, std::move(from));
    reader.emplace(std::move(stream));
    ended = std::move(future);
  }
  void write_to(Result<Ref<Sink>> to) {
    auto [writable, stream] = component::make_stream<uint8_t>(loop);
    writer.emplace(std::move(writable));
    ended = write_via_stream<number_of>(loop, tasks, std::move(stream), std::move(to));
  }
  Ended end() { return run_to_end(loop, ended.read()).value(); }

  Loop loop;
  TaskGroup tasks{loop};
  Ref<FedSource> source = make_ref<FedSource>();
  Ref<NarrowSink> sink = make_ref<NarrowSink>(4);
  std::optional<component::StreamReader<uint8_t>> reader;
  std::optional<component::StreamWriter<uint8_t>> writer;
  component::FutureReader<Ended> ended;
};

TEST_F(ByteStreams, CarryWhatASourceHasToItsEnd) {
  read_from(source);
  source->feed("hello ");
  EXPECT_EQ(read_some(loop, *reader, 3), "hel");
  EXPECT_EQ(read_some(loop, *reader, 9), "lo ");
  loop.post([&] { source->feed("world"); });
  EXPECT_EQ(read_some(loop, *reader, 9), "world");
  loop.post([&] { source->end(); });
  EXPECT_EQ(read_some(loop, *reader, 9), "");
  EXPECT_TRUE(end());
}

TEST_F(ByteStreams, TellWhyASourceBroke) {
  read_from(source);
  source->feed("x");
  EXPECT_EQ(read_some(loop, *reader, 9), "x");
  source->break_off();
  EXPECT_EQ(read_some(loop, *reader, 9), "");
  EXPECT_EQ(end().error(), static_cast<int>(Errc::Io));
}

TEST_F(ByteStreams, OfNothingEndAtOnce) {
  read_from(fail(Errc::Denied, "no"));
  EXPECT_EQ(read_some(loop, *reader, 9), "");
  EXPECT_EQ(end().error(), static_cast<int>(Errc::Denied));
}

// The end of a terminal or socket may never come.
TEST_F(ByteStreams, EndWellWhenTheReaderGoesWhileTheSourceIsSilent) {
  read_from(source);
  source->feed("x");
  EXPECT_EQ(read_some(loop, *reader, 1), "x");
  reader.reset();
  EXPECT_TRUE(end());
  loop.run_until([&] { return tasks.size() == 0; });
  // What nobody read is still there for the next stream.
  source->feed("rest");
  EXPECT_EQ(source->read(9)->text(), "rest");
}

TEST_F(ByteStreams, ReaderMayGoInTheMiddleOfARead) {
  read_from(source);
  TaskGroup reads(loop);
  reads.spawn(
      [](component::StreamReader<uint8_t> from) -> Task<void> {
        std::array<uint8_t, 4> into{};
        CO_TRY(co_await from.read(into));
        co_return Result<void>();
      },
      std::move(*reader));
  reader.reset();
  loop.post([&] { reads.cancel(); });
  EXPECT_TRUE(end());
  loop.run_until([&] { return reads.size() == 0; });
}

TEST_F(ByteStreams, FillASinkAsItMakesRoom) {
  write_to(sink);
  TaskGroup writes(loop);
  size_t written = 0;
  writes.spawn(write_all, std::move(*writer), std::string("hello world"), &written);
  writer.reset();
  bool turned = false;
  loop.post([&] { turned = true; });
  loop.run_until([&] { return turned && sink->text() == "hell"; });
  sink->make_room(7);
  loop.run_until([&] { return writes.size() == 0; });
  EXPECT_EQ(written, 11U);
  loop.run_until([&] { return sink->is_flushing(); });
  sink->make_room(1);
  EXPECT_TRUE(end());
  EXPECT_EQ(sink->text(), "hello world");
  EXPECT_EQ(sink->largest_write, 7U);
}

TEST_F(ByteStreams, StopTheWriterWhereASinkFails) {
  write_to(sink);
  TaskGroup writes(loop);
  size_t written = 0;
  writes.spawn(write_all, std::move(*writer), std::string("hello world"), &written);
  writer.reset();
  loop.run_until([&] { return sink->text() == "hell"; });
  sink->close();
  loop.run_until([&] { return writes.size() == 0; });
  EXPECT_EQ(sink->text(), "hell");
  EXPECT_EQ(end().error(), static_cast<int>(Errc::Closed));
}

// As when the guest of a connection that is over has nothing to say just now.
TEST_F(ByteStreams, EndWithTheirSinkWhereThatIsWatched) {
  auto [writable, stream] = component::make_stream<uint8_t>(loop);
  auto [ending, future] = component::make_future<Ended>(loop);
  Signal over;
  tasks.spawn(tell_end<number_of>(drain(loop, std::move(stream), sink, &over), std::move(ending)));
  ended = std::move(future);
  loop.post([&] {
    sink->close();
    over.notify();
  });
  EXPECT_EQ(end().error(), static_cast<int>(Errc::Closed));
  EXPECT_TRUE(writable.is_peer_gone());
}

TEST_F(ByteStreams, GoFromASourceToASinkWithoutAGuest) {
  auto [stream, read] = read_via_stream<number_of>(loop, tasks, Result<Ref<Source>>(source));
  ended = write_via_stream<number_of>(loop, tasks, std::move(stream), Result<Ref<Sink>>(sink));
  std::string text(300'000, ' ');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
  sink->make_room(text.size() / 2);
  source->feed(text.substr(0, 70'000));
  source->feed(text.substr(70'000));
  loop.run_until([&] { return sink->text().size() == text.size() / 2 + 4; });
  sink->make_room(text.size());
  loop.post([&] { source->end(); });
  loop.run_until([&] { return sink->is_flushing(); });
  sink->make_room(1);
  EXPECT_TRUE(end());
  EXPECT_TRUE(run_to_end(loop, read.read()).value());
  EXPECT_TRUE(sink->text() == text);
}

/// Is ready, and has nothing.
class IdleSource final : public Source {
 public:
  bool is_ready() override { return true; }
  Result<Bytes> read(size_t) override {
    ++reads;
    return Bytes();
  }
  int reads = 0;
};

TEST_F(ByteStreams, OfASourceThatIsWronglyReadyDoNotSpin) {
  const auto idle = make_ref<IdleSource>();
  read_from(Result<Ref<Source>>(idle));
  TaskGroup reads(loop);
  std::array<uint8_t, 4> into{};
  reads.spawn(
      [](auto* from, auto* to) -> Task<void> {
        CO_TRY(co_await from->read(*to));
        co_return Result<void>();
      },
      &*reader, &into);
  loop.run_until([&] { return idle->reads >= 2; });
  bool turned = false;
  loop.post([&] { loop.post([&] { turned = true; }); });
  loop.run_until([&] { return turned; });
  EXPECT_LE(idle->reads, 6);
  reads.cancel();
  loop.run_until([&] { return reads.size() == 0; });
}

TEST_F(ByteStreams, ToNowhereAreRefusedAtOnce) {
  write_to(fail(Errc::Denied, "no"));
  EXPECT_EQ(end().error(), static_cast<int>(Errc::Denied));
  std::array<uint8_t, 1> byte{};
  EXPECT_EQ(run_to_end(loop, writer->write(byte)).value(), 0U);
}

}  // namespace
}  // namespace wasmcloud::wasi::io::v0_3
