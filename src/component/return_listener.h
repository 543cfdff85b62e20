#pragma once

namespace wasmcloud::component {

/// Sees what an async export returns as soon as the guest has said so, before that goes on: what
/// the guest writes next can then go straight to where it is sent. Called beneath the guest: it
/// neither waits nor runs a guest, and may take out of `result` what it needs. Not called once the
/// call is cancelled.
template <class R>
class ReturnListener {
 public:
  virtual void returned(R& result) noexcept = 0;

 protected:
  ~ReturnListener() = default;
};

}  // namespace wasmcloud::component
