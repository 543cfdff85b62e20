#include "http/tls_renewal.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/watch.h"

#include <filesystem>
#include <set>
#include <vector>

namespace wasmcloud::http {
namespace {

/// Certificate and key are two files, which are seldom replaced at the same moment.
constexpr auto kQuiet = std::chrono::milliseconds(200);
constexpr uint64_t kMaxBytes = uint64_t{4} << 20;

std::vector<std::string> files_of(const TlsServerConfig& config) {
  std::vector<std::string> files = {config.certificate_path, config.key_path};
  if (!config.client_ca_path.empty()) files.push_back(config.client_ca_path);
  return files;
}

/// Tells whether the files hold what they did; a file that cannot be read counts as empty.
Sha256Digest digest_of(const TlsServerConfig& config) {
  Sha256 sum;
  for (const std::string& path : files_of(config)) {
    const std::string text = read_file(path, kMaxBytes).value_or("");
    const Sha256Digest each = sha256(std::as_bytes(std::span(text)));
    sum.add(each);
  }
  return sum.finish();
}

struct Reading {
  Sha256Digest digest;
  std::shared_ptr<const TlsContext> context;  ///< null if the files are as before
};

/// Blocks.
Result<Reading> read_again(const TlsServerConfig& config, const Sha256Digest& before) {
  Reading reading{.digest = digest_of(config), .context = nullptr};
  if (reading.digest != before) reading.context = TRY(TlsContext::create(config));
  return reading;
}

}  // namespace

struct TlsRenewal::Impl {
  Impl(Loop& on, TlsServerConfig with) : loop(on), config(std::move(with)), tasks(on) {}

  Task<void> follow(size_t watch);
  Task<void> look();

  Loop& loop;
  const TlsServerConfig config;
  Use use;
  std::vector<std::unique_ptr<FileWatch>> watches;  ///< one a folder
  Sha256Digest digest{};                            ///< of what `context` was made from
  std::shared_ptr<const TlsContext> context;        // shared by all loops
  TaskGroup tasks;
};

TlsRenewal::TlsRenewal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

TlsRenewal::~TlsRenewal() = default;

Result<std::unique_ptr<TlsRenewal>> TlsRenewal::create(Loop& loop, TlsServerConfig config) {
  auto impl = std::make_unique<Impl>(loop, std::move(config));
  // First the digest: what changes in between is seen by the first look.
  impl->digest = digest_of(impl->config);
  impl->context = TRY(TlsContext::create(impl->config));
  return std::unique_ptr<TlsRenewal>(new TlsRenewal(std::move(impl)));
}

const std::shared_ptr<const TlsContext>& TlsRenewal::context() const { return impl_->context; }

Result<void> TlsRenewal::start(Use use) {
  impl_->use = std::move(use);
  std::set<std::string> folders;
  for (const std::string& path : files_of(impl_->config))
    folders.insert(std::filesystem::absolute(path).parent_path());
  const auto only_here = [](std::string_view path, FileKind kind) {
    return kind == FileKind::Directory || path.contains('/');
  };
  for (const std::string& folder : folders)
    impl_->watches.push_back(TRY(FileWatch::tree(impl_->loop, folder, only_here)));
  impl_->tasks.spawn(impl_->look());
  for (size_t i = 0; i < impl_->watches.size(); ++i) impl_->tasks.spawn(impl_->follow(i));
  return {};
}

Task<void> TlsRenewal::stop() {
  impl_->tasks.cancel();
  co_return co_await impl_->tasks.finish();
}

Task<void> TlsRenewal::Impl::follow(size_t watch) {
  while (true) {
    const auto changed = co_await watches[watch]->next(kQuiet);
    if (!changed) {
      if (changed.error().code() != Errc::Cancelled)
        log::warn("the TLS certificate's files are no longer watched: {}",
                  changed.error().message());
      co_return Result<void>();
    }
    CO_TRY(co_await look());
  }
}

Task<void> TlsRenewal::Impl::look() {
  auto reading = co_await loop.offload([this] { return read_again(config, digest); });
  if (!reading) {
    log::warn("the TLS certificate before goes on: {}", reading.error().message());
  } else if (reading->context != nullptr) {
    digest = reading->digest;
    context = std::move(reading->context);
    use(context);
    log::info("the TLS certificate in {} is used from now on", config.certificate_path);
  }
  co_return Result<void>();
}

}  // namespace wasmcloud::http
