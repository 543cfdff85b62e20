// Our callers against the async exports of a component made by another generator's Rust bindings.
#include "bindgen/values_guest.h"
#include "bindings/guests/p3/tasks.abi.h"
#include "bindings/guests/p3/tasks.h"
#include "component/return_listener.h"

namespace wasmcloud {
namespace {

using namespace std::chrono_literals;
namespace tasks = wit::guests::p3::tasks;
using component::FutureWriter;
using component::make_future;
using component::make_stream;
using component::StreamReader;
using component::StreamWriter;

template <class T>
Task<void> write_all(StreamWriter<T> to, std::vector<typename StreamWriter<T>::Item> values) {
  CO_TRY(co_await to.write(values));
  co_return Result<void>();
}

/// All of a stream, a few elements at a time.
template <class T>
Task<std::vector<typename StreamReader<T>::Item>> read_all(StreamReader<T> from) {
  std::vector<typename StreamReader<T>::Item> all;
  std::vector<typename StreamReader<T>::Item> some(5);
  while (const size_t count = CO_TRY(co_await from.read(some)))
    std::move(some.begin(), some.begin() + count, std::back_inserter(all));
  co_return all;
}

std::vector<uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

class GuestTasks : public testing::Test {
 protected:
  void SetUp() override {
    const auto bytes = shared_guest("p3-tasks");
    if (!bytes) GTEST_SKIP() << "no " << WASH_SHARED_DIR << "/guests/p3-tasks.wasm";
    wasi::add_to_linker(linker_);
    auto prepared = prepare(linker_, *bytes);
    ASSERT_TRUE(prepared) << prepared.error().message();
    prepared_ = *prepared;
    auto instance = prepared_->instantiate({.limits = {}, .host = &host_, .loop = &loop_});
    ASSERT_TRUE(instance) << instance.error().message();
    instance_ = std::move(*instance);
    auto guest = tasks::Guest::find(*prepared_);
    ASSERT_TRUE(guest) << guest.error().message();
    guest_ = *guest;
  }
  void TearDown() override {
    if (!instance_) return;
    loop_.run_until([&] { return group_.size() == 0; });
    EXPECT_TRUE(run_to_end(loop_, instance_->close()));
    instance_.reset();
    EXPECT_TRUE(run_to_end(loop_, host_.finish()));
  }
  template <class T>
  T await(Task<T> task) {
    auto result = run_to_end(loop_, std::move(task));
    if (!result) ADD_FAILURE() << result.error().message();
    if constexpr (!std::is_void_v<T>) return result ? std::move(*result) : T();
  }
  /// A stream that carries `values`, for the guest.
  template <class T>
  StreamReader<T> stream_of(std::vector<typename StreamReader<T>::Item> values) {
    auto [writer, reader] = make_stream<T>(loop_);
    group_.spawn(write_all<T>, std::move(writer), std::move(values));
    return std::move(reader);
  }

  Loop loop_;
  TaskGroup group_{loop_};
  wasi::Environment environment_;
  wasi::Context host_{loop_, environment_};
  component::Linker linker_;
  std::shared_ptr<const component::Prepared> prepared_;
  std::unique_ptr<component::Instance> instance_;
  tasks::Guest guest_;
};

TEST_F(GuestTasks, ValuesComeBack) {
  EXPECT_EQ(await(guest_.double_(*instance_, 21)), 42U);
  EXPECT_EQ(await(guest_.turns(*instance_, 30)), 30U);
  EXPECT_EQ(await(guest_.fails(*instance_, "why")).error(), "why");
  const auto [text, number, bytes] =
      await(guest_.wide(*instance_, "a", "b", uint64_t{1} << 40, Bytes::copy_of("xyz")));
  EXPECT_EQ(text, "ab");
  EXPECT_EQ(number, uint64_t{1} << 40);
  EXPECT_EQ(bytes.text(), "xyz");
}

TEST_F(GuestTasks, CallsOfOneInstanceOverlap) {
  int ended = 0;
  const auto nap = [](const tasks::Guest* guest, component::Instance* instance,
                      int* count) -> Task<void> {
    CO_TRY(co_await guest->nap(*instance, 30));
    ++*count;
    co_return Result<void>();
  };
  // One after the other, none would have ended when the first has.
  for (int i = 0; i < 8; ++i) group_.spawn(nap, &guest_, instance_.get(), &ended);
  EXPECT_EQ(await(guest_.double_(*instance_, 1)), 2U);
  EXPECT_EQ(ended, 0);
  loop_.run_until([&] { return ended != 0; });
  loop_.run_until([&] { return group_.size() == 0; });
  EXPECT_EQ(ended, 8);
}

TEST_F(GuestTasks, BytesGoInAndOut) {
  EXPECT_EQ(await(read_all(await(guest_.upper(*instance_, stream_of<uint8_t>(bytes_of("shout")))))),
            bytes_of("SHOUT"));
  std::vector<uint8_t> big(300'000);
  for (size_t i = 0; i < big.size(); ++i) big[i] = static_cast<uint8_t>('A' + i % 23);
  EXPECT_EQ(await(read_all(await(guest_.upper(*instance_, stream_of<uint8_t>(big))))), big);
}

/// Begins to read a stream beneath the guest that returns it.
class TakingBytes final : public component::ReturnListener<StreamReader<uint8_t>>,
                          public component::DirectCopy {
 public:
  TakingBytes(Loop& loop, component::Instance& instance) : DirectCopy(loop), instance_(instance) {}

  void returned(StreamReader<uint8_t>& result) noexcept override {
    ++calls;
    is_beneath_guest = instance_.store().stack() != nullptr;
    stream = std::move(result);
    stream.begin(*this);
  }
  bool move() noexcept override {
    while (true) {
      const auto bytes = stream.peek();
      if (bytes.empty()) return stream.is_peer_gone();
      const auto* const first = reinterpret_cast<const uint8_t*>(bytes.data());
      taken.insert(taken.end(), first, first + bytes.size());
      stream.consume(bytes.size());
    }
  }

  StreamReader<uint8_t> stream;
  std::vector<uint8_t> taken;
  int calls = 0;
  bool is_beneath_guest = false;

 private:
  component::Instance& instance_;
};

// What the guest writes behind its return is taken beneath it, and the rest where it is run.
TEST_F(GuestTasks, AListenerHasTheResultBeforeTheGuestGoesOn) {
  auto [writer, reader] = make_stream<uint8_t>(loop_);
  group_.spawn(write_all<uint8_t>, std::move(writer), bytes_of("soon"));
  TakingBytes listener(loop_, *instance_);
  await(guest_.upper(*instance_, std::move(reader), &listener));
  EXPECT_EQ(listener.calls, 1);
  EXPECT_TRUE(listener.is_beneath_guest);
  await(listener.stream.run(listener));
  EXPECT_EQ(listener.taken, bytes_of("SOON"));
}

class CountingReturns final : public component::ReturnListener<uint32_t> {
 public:
  void returned(uint32_t& /*result*/) noexcept override { ++calls; }
  int calls = 0;
};

TEST_F(GuestTasks, AListenerHearsNothingOfACancelledCall) {
  CountingReturns listener;
  group_.spawn(
      [](const tasks::Guest* guest, component::Instance* instance,
         CountingReturns* heard) -> Task<void> {
        CO_TRY(co_await guest->nap(*instance, 1, heard));
        co_return Result<void>();
      },
      &guest_, instance_.get(), &listener);
  loop_.post([&] { group_.cancel(); });
  loop_.run_until([&] { return group_.size() == 0; });
  EXPECT_EQ(await(guest_.nap(*instance_, 30)), 30U);
  EXPECT_EQ(listener.calls, 0);
}

// Nothing of it stays with the guest.
TEST_F(GuestTasks, AStreamThatIsHandedBackIsOurs) {
  EXPECT_EQ(await(read_all(await(guest_.same(*instance_, stream_of<uint8_t>(bytes_of("back")))))),
            bytes_of("back"));
}

TEST_F(GuestTasks, StreamsCarryEveryKindOfValue) {
  std::vector<uint64_t> numbers(1000);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = i + 1;
  EXPECT_EQ(await(guest_.sum(*instance_, stream_of<uint64_t>(numbers))), 500'500U);
  const auto items = await(read_all(await(guest_.items(*instance_, 100))));
  ASSERT_EQ(items.size(), 100U);
  EXPECT_EQ(items[99].id, 99U);
  EXPECT_EQ(items[99].name, "item 99");
  EXPECT_EQ(await(read_all(
                await(guest_.words(*instance_, stream_of<std::string>({"one", "two", "drei"}))))),
            (std::vector<std::string>{"eno", "owt", "ierd"}));
  EXPECT_EQ(await(read_all(await(guest_.ticks(*instance_, 17)))).size(), 17U);
}

TEST_F(GuestTasks, FuturesGoInAndOut) {
  EXPECT_EQ(await(await(guest_.later(*instance_, 5)).read()), "after 5 ms");
  EXPECT_EQ(await(guest_.take(*instance_, component::ready_future(loop_, std::string("gift")))),
            "gift");
  auto [writer, reader] = make_future<std::string>(loop_);
  std::optional<FutureWriter<std::string>> late(std::move(writer));
  loop_.post([&] { late->write("late"); });
  EXPECT_EQ(await(guest_.take(*instance_, std::move(reader))), "late");
  EXPECT_EQ(await(read_all(await(await(guest_.nested(*instance_)).read()))), bytes_of("deep"));
}

// Who writes it waits for nobody, and may be gone before it is read: by the host, or by a guest.
TEST_F(GuestTasks, AValueThatIsKeptIsThereForWhoeverReadsIt) {
  auto ours = await(guest_.later(*instance_, 5));
  ours.keep_value();
  EXPECT_FALSE(ours.try_read());
  await(instance_->settle());
  const auto read = ours.try_read();
  ASSERT_TRUE(read);
  EXPECT_EQ(**read, "after 5 ms");

  auto theirs = await(guest_.later(*instance_, 6));
  theirs.keep_value();
  await(instance_->settle());
  EXPECT_EQ(await(guest_.take(*instance_, std::move(theirs))), "after 6 ms");
}

TEST_F(GuestTasks, AValueThatIsKeptGoesWithItsInstance) {
  auto reader = await(guest_.later(*instance_, 5));
  reader.keep_value();
  await(instance_->settle());
  instance_->cut_off();
  const auto read = reader.try_read();
  ASSERT_TRUE(read);
  ASSERT_FALSE(*read);
  EXPECT_EQ(read->error().code(), Errc::Closed);
}

TEST_F(GuestTasks, TheGuestMayReadLessThanThereIs) {
  auto [writer, reader] = make_stream<uint8_t>(loop_);
  size_t written = 0;
  const auto write = [](StreamWriter<uint8_t> to, size_t* count) -> Task<void> {
    std::vector<uint8_t> bytes(100, 7);
    *count = CO_TRY(co_await to.write(bytes));
    co_return Result<void>();
  };
  group_.spawn(write, std::move(writer), &written);
  EXPECT_EQ(await(guest_.taste(*instance_, std::move(reader), 10)), 10U);
  loop_.run_until([&] { return group_.size() == 0; });
  EXPECT_EQ(written, 10U);
}

TEST_F(GuestTasks, ACancelledCallCancelsTheGuestsTask) {
  group_.spawn(guest_.forever(*instance_));
  loop_.post([&] { group_.cancel(); });
  loop_.run_until([&] { return group_.size() == 0; });
  EXPECT_EQ(await(guest_.turns(*instance_, 3)), 3U);
  uint32_t cancelled = 0;
  EXPECT_TRUE(run_to_end(loop_, instance_->run([&]() -> Result<void> {
    cancelled = TRY(guest_.cancelled(*instance_));
    return {};
  })));
  EXPECT_EQ(cancelled, 1U);
}

}  // namespace
}  // namespace wasmcloud
