#include "wash/call_result.h"

#include "component/value_reader.h"
#include "component/wave.h"

#include <boost/asio/this_coro.hpp>

#include <deque>

namespace wasmcloud::wash {
namespace {

using component::Value;

/// At once; a stream that is being written waits when so many are there.
constexpr size_t kBatch = 4096;

std::unexpected<Error> too_many() {
  return fail(Errc::Limit, "the result's streams gave more than the {} values that are kept",
              kMostKept);
}

/// One stream or future of a result.
struct Incoming {
  Incoming(Loop& loop, const Value::Readable& readable)
      : is_future(readable.shared->is_future()), reader(loop, readable), came(loop), taken(loop) {}

  const bool is_future;
  component::ValueReader reader;
  std::vector<Value> values;  ///< that were not taken yet
  bool is_over = false;
  bool is_written = false;  ///< as it comes
  Event came;
  Event taken;
};

/// All of a result, being read.
class Incomings {
 public:
  Incomings(Loop& loop, const Value& result) : group_(loop) {
    for (const Value::Readable& readable : component::readables_of(result))
      all_.emplace_back(loop, readable);
    for (Incoming& each : all_) group_.spawn(read, this, &each);
  }

  std::deque<Incoming>& all() { return all_; }
  /// Values of `from` that were not taken yet; none: it is over. Errors: those of any.
  Task<std::vector<Value>> take(Incoming& from) {
    while (from.values.empty() && !from.is_over && !failed_) {
      from.came.reset();
      CO_TRY(co_await from.came.wait());
    }
    // What one of the others failed with ended the guest, and so this one.
    if (from.values.empty() && failed_) co_return fail(failed_->copy());
    std::vector<Value> out = std::exchange(from.values, {});
    kept_ -= out.size();
    from.taken.set();
    co_return out;
  }
  /// Before this goes.
  Task<void> end() {
    group_.cancel();
    if (co_await group_.finish()) co_return Result<void>();
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    co_return co_await group_.finish();
  }

 private:
  static Task<void> read(Incomings* self, Incoming* one) {
    Result<void> over = co_await self->read_all(*one);
    if (!over && !self->failed_) self->failed_ = std::move(over).error();
    one->is_over = true;
    one->reader.close();
    for (Incoming& each : self->all_) each.came.set();
    co_return Result<void>();
  }

  Task<void> read_all(Incoming& one) {
    while (true) {
      while (one.is_written && one.values.size() >= kBatch) {
        one.taken.reset();
        CO_TRY(co_await one.taken.wait());
      }
      const size_t count = CO_TRY(co_await one.reader.read(one.values, kBatch));
      if (count == 0) co_return Result<void>();
      kept_ += count;
      if (kept_ > kMostKept) co_return too_many();
      one.came.set();
    }
  }

  std::deque<Incoming> all_;
  size_t kept_ = 0;
  std::optional<Error> failed_;
  TaskGroup group_;
};

class Printing {
 public:
  Printing(Loop& loop, Terminal& terminal) : loop_(loop), terminal_(terminal) {}

  Task<void> print(const Value& value, Incomings& incomings) {
    const std::vector<std::string> pieces = component::write_wave_around(value);
    size_t next = 0;
    for (Incoming& each : incomings.all()) {
      each.is_written = true;
      CO_TRY(co_await write(pieces[next++] + (each.is_future ? "" : "[")));
      bool is_first = true;
      while (true) {
        const std::vector<Value> values = CO_TRY(co_await incomings.take(each));
        if (values.empty()) break;
        std::string text;
        for (const Value& item : values) {
          if (!std::exchange(is_first, false)) text += ", ";
          text += component::write_wave(item);
        }
        CO_TRY(co_await write(std::move(text)));
      }
      if (!each.is_future) CO_TRY(co_await write("]"));
    }
    co_return co_await write(pieces.back() + "\n");
  }
  /// What follows is on a line of its own.
  void end_line() {
    if (is_in_line_) terminal_.write(Stream::Out, "\n");
  }

 private:
  Task<void> write(std::string text) {
    if (text.empty()) co_return Result<void>();
    is_in_line_ = !text.ends_with('\n');
    // Whoever reads may be slow, and the guest goes on meanwhile.
    co_return co_await loop_.offload([&]() -> Result<void> {
      terminal_.write(Stream::Out, text);
      if (!terminal_.is_read()) return fail(Errc::Closed, "nobody reads what is written");
      return {};
    });
  }

  Loop& loop_;
  Terminal& terminal_;
  bool is_in_line_ = false;
};

Task<Value> complete(const Value& value, Incomings& incomings) {
  std::vector<Value> contents;
  size_t count = 0;
  for (Incoming& each : incomings.all()) {
    std::vector<Value> values;
    while (true) {
      std::vector<Value> some = CO_TRY(co_await incomings.take(each));
      if (some.empty()) break;
      if ((count += some.size()) > kMostKept) co_return too_many();
      std::move(some.begin(), some.end(), std::back_inserter(values));
    }
    contents.push_back(each.is_future ? std::move(values.front())
                                      : Value(Value::List{std::move(values)}));
  }
  co_return component::with_readables(value, contents);
}

}  // namespace

Task<void> print_result(Loop& loop, Terminal& terminal, component::Value value) {
  Incomings incomings(loop, value);
  Printing printing(loop, terminal);
  Result<void> printed = co_await printing.print(value, incomings);
  static_cast<void>(co_await incomings.end());
  if (!printed) printing.end_line();
  co_return printed;
}

Task<component::Value> complete_result(Loop& loop, component::Value value) {
  Incomings incomings(loop, value);
  Result<component::Value> whole = co_await complete(value, incomings);
  static_cast<void>(co_await incomings.end());
  co_return whole;
}

}  // namespace wasmcloud::wash
