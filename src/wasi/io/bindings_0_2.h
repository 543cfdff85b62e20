#pragma once

#include "bindings/wasi/io_0_2/error.h"
#include "bindings/wasi/io_0_2/poll.h"
#include "bindings/wasi/io_0_2/streams.h"
#include "component/guest_result.h"
#include "wasi/io/sink.h"

namespace wasmcloud::wasi::io::v0_2 {

namespace wit = wasmcloud::wit::wasi::io_0_2;

/// wasi:io/error "error": why an operation failed, and which interface can say more about it.
class ErrorHandle final : public wit::error::Error {
 public:
  ErrorHandle(wasmcloud::Error error, Origin origin) : error_(std::move(error)), origin_(origin) {}

  const wasmcloud::Error& error() const { return error_; }
  Origin origin() const { return origin_; }
  static const ErrorHandle& of(const wit::error::Error& error) {
    return static_cast<const ErrorHandle&>(error);
  }

  Result<std::string> to_debug_string() override { return error_.message(); }

 private:
  wasmcloud::Error error_;
  Origin origin_;
};

/// wasi:io/poll "pollable".
class PollableHandle final : public wit::poll::Pollable {
 public:
  PollableHandle(Loop& loop, Ref<Waitable> waitable)
      : loop_(loop), waitable_(std::move(waitable)) {}

  Waitable& waitable() const { return *waitable_; }

  Result<bool> ready() override { return waitable_->is_ready(); }
  Task<void> block() override { return wait_for(loop_, *waitable_); }

 private:
  Loop& loop_;
  Ref<Waitable> waitable_;
};

std::unique_ptr<wit::poll::Pollable> make_pollable(Loop& loop, Ref<Waitable> waitable);

class PollInterface final : public wit::poll::Interface {
 public:
  explicit PollInterface(Loop& loop) : loop_(loop) {}
  Task<std::vector<uint32_t>> poll(std::vector<wit::poll::Pollable*> in) override;

 private:
  Loop& loop_;
};

std::unique_ptr<wit::streams::InputStream> make_input_stream(Loop& loop, Ref<Source> source);
std::unique_ptr<wit::streams::OutputStream> make_output_stream(Loop& loop, Ref<Sink> sink);

}  // namespace wasmcloud::wasi::io::v0_2
