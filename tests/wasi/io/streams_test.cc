#include "wasi/io/pieces.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::io {
namespace {

using namespace std::chrono_literals;

TEST(Source, BlockingReadWaitsForBytesAndThenTellsTheEnd) {
  Loop loop;
  FedSource source;
  loop.post([&] { source.feed("hello"); });
  EXPECT_EQ(run_to_end(loop, blocking_read(loop, source, 3)).value().text(), "hel");
  EXPECT_EQ(run_to_end(loop, blocking_read(loop, source, 99)).value().text(), "lo");
  loop.post([&] { source.end(); });
  EXPECT_EQ(run_to_end(loop, blocking_read(loop, source, 99)).error().code(), Errc::Closed);
}

TEST(Source, AFailureIsToldOnceAndThenItIsClosed) {
  Loop loop;
  FedSource source;
  source.break_off();
  EXPECT_EQ(source.read(1).error().code(), Errc::Io);
  EXPECT_EQ(source.read(1).error().code(), Errc::Closed);
}

TEST(Source, ReadingNothingNeverWaits) {
  Loop loop;
  FedSource source;
  EXPECT_TRUE(run_to_end(loop, blocking_read(loop, source, 0)).value().empty());
  EXPECT_EQ(run_to_end(loop, blocking_skip(loop, source, 0)).value(), 0U);
}

TEST(Source, SkipsInMemory) {
  const Ref<Source> source = memory_source(Bytes::copy_of("0123456789"));
  EXPECT_EQ(source->skip(4).value(), 4U);
  EXPECT_EQ(source->read(2).value().text(), "45");
  EXPECT_EQ(source->skip(100).value(), 4U);
  EXPECT_EQ(source->skip(1).error().code(), Errc::Closed);
}

TEST(OutputStream, AWriteBeyondThePermitTraps) {
  OutputStream stream(make_ref<NarrowSink>(4));
  const auto four = std::as_bytes(std::span("four").first<4>());
  EXPECT_EQ(stream.write(four).error().code(), Errc::Trap);
  EXPECT_EQ(stream.check_write().value(), 4U);
  EXPECT_TRUE(stream.write(four.first(2)));
  EXPECT_TRUE(stream.write(four.first(2)));
  EXPECT_EQ(stream.write(four.first(1)).error().code(), Errc::Trap);
  EXPECT_EQ(stream.write_zeroes(1).error().code(), Errc::Trap);
}

TEST(OutputStream, BlockingWriteGoesInPiecesThatFitAndEndsFlushed) {
  Loop loop;
  const auto sink = make_ref<NarrowSink>(3);
  OutputStream stream(sink);
  TaskGroup group(loop);
  group.spawn(
      [](Loop* l, NarrowSink* s) -> Task<void> {
        for (int i = 0; i < 4; ++i) {
          CO_TRY(co_await sleep_for(*l, 1ms));
          s->make_room(2);
        }
        co_return Result<void>();
      },
      &loop, sink.get());
  const auto result =
      run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes::copy_of("abcdefg")));
  EXPECT_TRUE(result);
  EXPECT_EQ(sink->text(), "abcdefg");
  EXPECT_EQ(sink->largest_write, 3U);
  loop.run_until([&] { return group.size() == 0; });
}

TEST(OutputStream, BlockingWriteTakesAtMost4096Bytes) {
  Loop loop;
  OutputStream stream(null_sink());
  EXPECT_TRUE(
      run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes(std::string(4096, 'x')))));
  EXPECT_EQ(run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes(std::string(4097, 'x'))))
                .error()
                .code(),
            Errc::Trap);
  EXPECT_EQ(run_to_end(loop, stream.blocking_write_zeroes_and_flush(loop, 4097)).error().code(),
            Errc::Trap);
}

TEST(OutputStream, WriteZeroes) {
  const auto sink = make_ref<MemorySink>(1 << 20);
  OutputStream stream(sink);
  EXPECT_EQ(stream.check_write().value(), 65536U);
  EXPECT_TRUE(stream.write_zeroes(10000));
  EXPECT_EQ(sink->text(), std::string(10000, '\0'));
}

TEST(OutputStream, SpliceMovesWhatIsThereAndFits) {
  const auto sink = make_ref<NarrowSink>(4);
  OutputStream stream(sink);
  FedSource source;
  EXPECT_EQ(stream.splice(source, 100).value(), 0U);
  source.feed("abcdef");
  EXPECT_EQ(stream.splice(source, 3).value(), 3U);
  EXPECT_EQ(stream.splice(source, 100).value(), 1U);
  EXPECT_EQ(stream.splice(source, 100).value(), 0U);
  EXPECT_EQ(sink->text(), "abcd");
}

TEST(OutputStream, BlockingSpliceWaitsForEitherSide) {
  Loop loop;
  const auto sink = make_ref<NarrowSink>(0);
  OutputStream stream(sink);
  FedSource source;
  loop.post([&] {
    source.feed("abc");
    loop.post([&] { sink->make_room(2); });
  });
  EXPECT_EQ(run_to_end(loop, stream.blocking_splice(loop, source, 100)).value(), 2U);
  sink->make_room(5);
  EXPECT_EQ(run_to_end(loop, stream.blocking_splice(loop, source, 100)).value(), 1U);
  loop.post([&] { source.end(); });
  EXPECT_EQ(run_to_end(loop, stream.blocking_splice(loop, source, 100)).error().code(),
            Errc::Closed);
}

TEST(OutputStream, AClosedSinkSaysSoToEveryForm) {
  Loop loop;
  const auto sink = make_ref<NarrowSink>(0);
  OutputStream stream(sink);
  loop.post([&] { sink->close(); });
  EXPECT_EQ(
      run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes::copy_of("x"))).error().code(),
      Errc::Closed);
  EXPECT_EQ(stream.check_write().error().code(), Errc::Closed);
}

TEST(MemorySink, IsBounded) {
  MemorySink* const raw = new MemorySink(5);
  const Ref<Sink> sink(raw);
  EXPECT_TRUE(sink->write(Bytes::copy_of("12345")));
  EXPECT_EQ(sink->write(Bytes::copy_of("6")).error().code(), Errc::Limit);
  EXPECT_EQ(raw->text(), "12345");
}

}  // namespace
}  // namespace wasmcloud::wasi::io
