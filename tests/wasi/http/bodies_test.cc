#include "wasi/http/fake_bodies.h"
#include "wasi/http/incoming_body.h"
#include "wasi/http/outgoing_body.h"

#include <gtest/gtest.h>

namespace wasmcloud::wasi::http {
namespace {

TEST(IncomingBody, StreamsItsBytesThenItsTrailers) {
  Loop loop;
  FakeReader reader(loop);
  ASSERT_TRUE(reader.trailers_to_come.append("x-sum", "1"));
  ASSERT_TRUE(reader.trailers_to_come.append("connection", "close"));
  const auto body = make_ref<IncomingBody>(reader);
  EXPECT_TRUE(body->take_stream());
  EXPECT_FALSE(body->take_stream());
  EXPECT_TRUE(body->read(9).value().empty());
  loop.post([&] { reader.feed("abc"); });
  EXPECT_EQ(run_to_end(loop, io::blocking_read(loop, *body, 2)).value().text(), "ab");
  reader.end();
  EXPECT_EQ(body->read(9).value().text(), "c");
  EXPECT_EQ(body->read(9).error().code(), Errc::Closed);
  IncomingTrailers trailers(body);
  ASSERT_TRUE(trailers.is_ready());
  const auto fields = trailers.get(nullptr).value();
  EXPECT_EQ(fields->get("X-Sum"), std::vector<std::string_view>{"1"});
  EXPECT_EQ(fields->headers().size(), 1U);
}

TEST(IncomingBody, ABodyCutOffDoesNotLookLikeItsEnd) {
  Loop loop;
  FakeReader reader(loop);
  const auto body = make_ref<IncomingBody>(reader);
  reader.feed("ab");
  reader.break_off(Errc::Closed);
  EXPECT_EQ(body->read(9).value().text(), "ab");
  EXPECT_NE(body->read(9).error().code(), Errc::Closed);
  EXPECT_EQ(body->read(9).error().code(), Errc::Closed);
  EXPECT_EQ(IncomingTrailers(body).get(nullptr).error().code(), Errc::Closed);
}

TEST(IncomingBody, TrailersDropWhatWasNotRead) {
  Loop loop;
  FakeReader reader(loop);
  reader.feed("never read");
  IncomingTrailers trailers(make_ref<IncomingBody>(reader));
  loop.post([&] {
    reader.feed("more");
    loop.post([&] { reader.end(); });
  });
  ASSERT_TRUE(run_to_end(loop, io::wait_for(loop, trailers)));
  EXPECT_FALSE(trailers.get(nullptr).value());
}

TEST(OutgoingBody, KeepsWhatIsWrittenBeforeTheHead) {
  Loop loop;
  FakeWriter writer(loop, 1000);
  const auto body = make_ref<OutgoingBody>(OutgoingBody::Of::Response);
  io::OutputStream stream(body);
  ASSERT_EQ(stream.check_write().value(), 65536U);
  ASSERT_TRUE(stream.write(Bytes::copy_of("early ").span()));
  body->attach(writer);
  ASSERT_TRUE(run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes::copy_of("late"))));
  EXPECT_EQ(writer.text, "early late");
  auto trailers = make_ref<FieldMap>();
  ASSERT_EQ(trailers->append("x-sum", "1"), FieldError::None);
  ASSERT_TRUE(body->finish(trailers));
  EXPECT_EQ(writer.state(), BodyState::Ended);
  EXPECT_TRUE(writer.trailers->contains("x-sum"));
  EXPECT_EQ(stream.check_write().error().code(), Errc::Closed);
}

TEST(OutgoingBody, EarlyWritesAreBounded) {
  const auto body = make_ref<OutgoingBody>(OutgoingBody::Of::Response);
  io::OutputStream stream(body);
  const std::string block(65536, 'x');
  ASSERT_TRUE(stream.check_write());
  ASSERT_TRUE(stream.write(std::as_bytes(std::span(block))));
  EXPECT_EQ(stream.check_write().value(), 0U);
  EXPECT_FALSE(body->is_ready());
}

TEST(OutgoingBody, AFullWindowPushesBack) {
  Loop loop;
  FakeWriter writer(loop, 4);
  const auto body = make_ref<OutgoingBody>(OutgoingBody::Of::Response);
  body->attach(writer);
  io::OutputStream stream(body);
  TaskGroup group(loop);
  auto drain = [](Loop* l, FakeWriter* w) -> Task<void> {
    for (int i = 0; i < 3; ++i) {
      CO_TRY(co_await sleep_for(*l, std::chrono::milliseconds(1)));
      w->drain();
    }
    co_return Result<void>();
  };
  group.spawn(drain, &loop, &writer);
  ASSERT_TRUE(
      run_to_end(loop, stream.blocking_write_and_flush(loop, Bytes::copy_of("0123456789"))));
  EXPECT_EQ(writer.text, "0123456789");
  loop.run_until([&] { return group.size() == 0; });
}

TEST(OutgoingBody, AnEndBeforeTheHeadCountsLater) {
  Loop loop;
  FakeWriter finished(loop, 10);
  auto body = make_ref<OutgoingBody>(OutgoingBody::Of::Response);
  ASSERT_TRUE(body->finish(nullptr));
  body->attach(finished);
  EXPECT_EQ(finished.state(), BodyState::Ended);
  FakeWriter aborted(loop, 10);
  body = make_ref<OutgoingBody>(OutgoingBody::Of::Response);
  body->abort();
  body->attach(aborted);
  EXPECT_TRUE(aborted.aborted);
}

TEST(OutgoingBody, AClientThatLeftIsToldOnceThenTheStreamIsClosed) {
  Loop loop;
  FakeWriter writer(loop, 10);
  const auto body = make_ref<OutgoingBody>(OutgoingBody::Of::Response);
  body->attach(writer);
  writer.break_off();
  EXPECT_TRUE(body->is_ready());
  EXPECT_NE(body->check_write().error().code(), Errc::Closed);
  EXPECT_EQ(body->check_write().error().code(), Errc::Closed);
}

TEST(Fields, RefuseWhatTheHostManagesAndWhatCannotBeSent) {
  FieldMap map;
  EXPECT_EQ(map.append("x-a", "1"), FieldError::None);
  EXPECT_EQ(map.append("X-A", "2"), FieldError::None);
  EXPECT_EQ(map.get("x-A"), (std::vector<std::string_view>{"1", "2"}));
  for (const char* name : {"Host", "connection", "Transfer-Encoding", "upgrade", "keep-alive"}) {
    EXPECT_EQ(map.append(name, "x"), FieldError::Forbidden) << name;
    EXPECT_EQ(map.set(name, {}), FieldError::Forbidden) << name;
    EXPECT_EQ(map.remove(name), FieldError::Forbidden) << name;
  }
  EXPECT_EQ(map.append("", "x"), FieldError::InvalidSyntax);
  EXPECT_EQ(map.append("a b", "x"), FieldError::InvalidSyntax);
  EXPECT_EQ(map.append("a", "x\r\ny: z"), FieldError::InvalidSyntax);
  EXPECT_EQ(map.set("a", {"ok", "not\nok"}), FieldError::InvalidSyntax);
  EXPECT_TRUE(map.get("a").empty());
  EXPECT_EQ(map.set("x-a", {"3"}), FieldError::None);
  EXPECT_EQ(map.get("x-a"), (std::vector<std::string_view>{"3"}));
  EXPECT_EQ(map.remove("x-a"), FieldError::None);
  EXPECT_TRUE(map.headers().empty());
}

TEST(Fields, AreBounded) {
  FieldMap map;
  const std::string value(kMaxFieldBytes / 2, 'x');
  EXPECT_EQ(map.append("a", value), FieldError::None);
  EXPECT_EQ(map.append("b", value), FieldError::TooLarge);
  FieldMap many;
  for (size_t i = 0; i < kMaxFields; ++i) ASSERT_EQ(many.append("a", ""), FieldError::None);
  EXPECT_EQ(many.append("a", ""), FieldError::TooLarge);
}

TEST(Fields, ACopyIsACopy) {
  const auto first = make_ref<FieldMap>();
  ASSERT_EQ(first->append("a", "1"), FieldError::None);
  const FieldSet immutable(first, FieldSet::Mode::Immutable);
  EXPECT_EQ(immutable.to_change(), nullptr);
  const auto copy = first->copy();
  ASSERT_EQ(copy->append("a", "2"), FieldError::None);
  EXPECT_EQ(first->get("a").size(), 1U);
}

TEST(Fields, AndEarlyBodiesShareTheBudgetOfTheirInstance) {
  const auto budget = make_ref<Budget>("bytes", 1000);
  {
    const auto fields = make_ref<FieldMap>(budget);
    ASSERT_EQ(fields->append("a", std::string(500, 'x')), FieldError::None);
    EXPECT_FALSE(fields->copy());
    const auto body = make_ref<OutgoingBody>(OutgoingBody::Of::Response, budget);
    const std::string early(300, 'x');
    EXPECT_TRUE(body->write(std::as_bytes(std::span(early))));
    EXPECT_EQ(body->write(std::as_bytes(std::span(early))).error().code(), Errc::Limit);
    EXPECT_EQ(fields->remove("a"), FieldError::None);
  }
  EXPECT_EQ(budget->used(), 0U);
}

}  // namespace
}  // namespace wasmcloud::wasi::http
