#pragma once

#include "base/loop.h"
#include "http/fetch.h"
#include "oci/detail/challenge.h"
#include "oci/reference.h"
#include "oci/registry_options.h"

#include <map>
#include <string>

namespace wasmcloud::oci::detail {

enum class Access : uint8_t { Pull, Push };

/// Counts tries and says how long to wait for the next one.
class Backoff {
 public:
  explicit Backoff(const RetryPolicy& policy) : policy_(policy) {}

  /// How long to wait; nothing where that was the last try. `asked` is what the server said.
  std::optional<std::chrono::milliseconds> next(std::optional<std::chrono::milliseconds> asked);
  /// There was progress.
  void reset() { tries_ = 0; }

 private:
  RetryPolicy policy_;
  int tries_ = 0;
  int total_ = 0;  // a server must not feed one byte a try
};

/// A request to a registry, and what happens between its tries.
struct Call {
  Access access = Access::Pull;
  http::FetchRequest request;
  /// Before each try.
  std::function<void(http::FetchRequest&)> prepare = nullptr;
  /// True if the last try was of use, though it was cut.
  std::function<bool()> progressed = nullptr;
};

/// Sends requests to registries with the authorisation they ask for: tokens (the distribution
/// specification's token authentication) or user and password.
///
/// Thread: one loop.
class Requester {
 public:
  Requester(Loop& loop, RegistryOptions options);

  const RegistryOptions& options() const { return options_; }
  Loop& loop() const { return loop_; }
  /// "https://host/v2/repository/" and `rest`.
  http::Url url(const Reference& reference, std::string_view rest) const;

  /// Waits for an answer, whatever its status but 401; once more after what may pass. Errors: those
  /// of `http::fetch`; Errc::Denied where the registry lets nobody of that name in.
  Task<http::Fetched> send(const Reference& reference, Call call);
  /// The same, one try.
  Task<http::Fetched> send_once(const Reference& reference, Access access,
                                http::FetchRequest request);

 private:
  /// `attempt` until it ends in what will not pass, or too often.
  Task<http::Fetched> retried(const std::string& server,
                              const std::function<Task<http::Fetched>()>& attempt,
                              const std::function<bool()>& progressed);
  bool is_plain(const std::string& registry) const;
  Task<Credentials> credentials(std::string registry);
  /// The value of an Authorization field; empty where the challenges are no ways of ours.
  Task<Secret> authorise(const Reference& reference, std::string scope,
                         std::vector<Challenge> challenges);
  Task<Secret> fetch_token(const Reference& reference, std::string scope, Challenge challenge);

  Loop& loop_;
  RegistryOptions options_;
  http::Client client_;
  std::map<std::string, Credentials> credentials_;  // by registry
  std::map<std::string, Secret> authorisations_;    // by registry and scope
};

/// What an answer other than the expected one means, told of `doing`: "pulling x: …".
Error refusal(const http::Fetched& fetched, const Reference& reference, std::string_view doing);

}  // namespace wasmcloud::oci::detail
