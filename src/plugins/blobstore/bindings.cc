#include "bindings/wasi/blobstore_0_2_0_draft/blobstore.h"
#include "bindings/wasi/blobstore_0_2_0_draft/container.h"
#include "bindings/wasi/blobstore_0_2_0_draft/types.h"
#include "component/linker.h"
#include "host/workload.h"
#include "plugins/blobstore/blobstore.h"
#include "plugins/blobstore/file_store.h"
#include "plugins/blobstore/memory_store.h"
#include "plugins/granted_stores.h"
#include "plugins/told.h"
#include "wasi/io/bindings_0_2.h"

#include <algorithm>
#include <atomic>

namespace wasmcloud::plugins::blobstore {
namespace {

namespace wit = wasmcloud::wit::wasi::blobstore_0_2_0_draft;
namespace io = wasmcloud::wasi::io;
using GuestError = std::string;

/// Bytes that guests of one workload have written and not finished, in all its instances.
constexpr size_t kMaxUnfinishedBytes = size_t{256} << 20;

GuestError error_of(const Error& error) { return error.message(); }

template <class F>
auto told(const Store& store, F work) {
  return told_of<error_of>(store.runs(), std::move(work));
}

/// Collects an object until it is finished.
class BodySink final : public io::Sink {
 public:
  explicit BodySink(std::atomic<size_t>& held) : held_(held) {}
  ~BodySink() override { held_ -= content_.size(); }

  std::string_view content() const { return content_; }
  void close() { closed_ = true; }

  bool is_ready() override { return true; }
  Result<size_t> check_write() override {
    if (closed_) return fail(Errc::Closed, "the object is finished");
    constexpr size_t kPiece = size_t{64} << 10;
    const size_t room =
        StoreLimits{}.object_bytes - std::min(StoreLimits{}.object_bytes, content_.size());
    if (room == 0 || held_ + kPiece > kMaxUnfinishedBytes) {
      closed_ = true;
      return fail(Errc::Limit,
                  "objects that are being written have reached their limit of {} bytes",
                  room == 0 ? StoreLimits{}.object_bytes : kMaxUnfinishedBytes);
    }
    return std::min(room, kPiece);
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    if (closed_) return fail(Errc::Closed, "the object is finished");
    held_ += bytes.size();
    content_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return {};
  }
  Result<void> flush() override { return {}; }

 private:
  std::atomic<size_t>& held_;
  std::string content_;
  bool closed_ = false;
};

/// What is written goes where `write-data` said, when it is finished or dropped.
class OutgoingValue final : public wit::types::OutgoingValue {
 public:
  explicit OutgoingValue(std::atomic<size_t>& held) : body_(make_ref<BodySink>(held)) {}
  /// Of a guest that did not finish it, which nobody waits for.
  ~OutgoingValue() override {
    close();
    static_cast<void>(commit());
  }

  Result<std::expected<std::unique_ptr<wit::types::OutputStream>, std::monostate>>
  outgoing_value_write_body() override {
    if (std::exchange(taken_, true)) return component::guest_error(std::monostate());
    return io::v0_2::make_output_stream(*Loop::current(), body_);
  }

  Result<void> send_to(Store& store, std::string_view container, std::string_view object) {
    if (store_ != nullptr)
      return fail(Errc::Invalid, "the value is written to '{}' already", object_);
    store_ = &store;
    container_ = container;
    object_ = object;
    return {};
  }

  Runs runs() const { return store_ == nullptr ? Runs::Here : store_->runs(); }
  /// Nothing more is written. Thread: the loop's.
  void close() { body_->close(); }
  /// Once it is closed.
  Result<void> commit() {
    Store* const store = std::exchange(store_, nullptr);
    if (store == nullptr) return {};
    return store->put(container_, object_, body_->content());
  }

 private:
  Ref<BodySink> body_;
  bool taken_ = false;
  Store* store_ = nullptr;  // of the workload, which outlives it
  std::string container_;
  std::string object_;
};

class IncomingValue final : public wit::types::IncomingValue {
 public:
  explicit IncomingValue(Bytes content) : content_(std::move(content)) {}
  Bytes take() { return std::move(content_); }
  Result<uint64_t> size() override { return content_.size(); }

 private:
  Bytes content_;
};

class TypesInterface final : public wit::types::Interface {
 public:
  Result<std::unique_ptr<wit::types::OutgoingValue>> outgoing_value_new_outgoing_value() override {
    return std::make_unique<OutgoingValue>(unfinished_);
  }
  Task<std::expected<void, GuestError>> outgoing_value_finish(
      std::unique_ptr<wit::types::OutgoingValue> value) override {
    auto& own = static_cast<OutgoingValue&>(*value);
    own.close();
    co_return co_await told_of<error_of>(own.runs(), [&own] { return own.commit(); });
  }
  Result<std::expected<Bytes, GuestError>> incoming_value_incoming_value_consume_sync(
      std::unique_ptr<wit::types::IncomingValue> value) override {
    return static_cast<IncomingValue&>(*value).take();
  }
  Result<std::expected<std::unique_ptr<wit::types::InputStream>, GuestError>>
  incoming_value_incoming_value_consume_async(
      std::unique_ptr<wit::types::IncomingValue> value) override {
    return io::v0_2::make_input_stream(
        *Loop::current(), io::memory_source(static_cast<IncomingValue&>(*value).take()));
  }

 private:
  std::atomic<size_t> unfinished_ = 0;
};

class ObjectNames final : public wit::container::StreamObjectNames {
 public:
  explicit ObjectNames(std::vector<std::string> names) : names_(std::move(names)) {}

  Result<std::expected<std::tuple<std::vector<std::string>, bool>, GuestError>>
  read_stream_object_names(uint64_t len) override {
    const size_t count = std::min<uint64_t>(len, names_.size() - next_);
    const auto from = names_.begin() + static_cast<ptrdiff_t>(next_);
    std::vector<std::string> out(from, from + static_cast<ptrdiff_t>(count));
    next_ += count;
    return std::tuple(std::move(out), next_ == names_.size());
  }
  Result<std::expected<std::tuple<uint64_t, bool>, GuestError>> skip_stream_object_names(
      uint64_t num) override {
    const uint64_t count = std::min<uint64_t>(num, names_.size() - next_);
    next_ += count;
    return std::tuple(count, next_ == names_.size());
  }

 private:
  std::vector<std::string> names_;
  size_t next_ = 0;
};

class Container final : public wit::container::Container {
 public:
  Container(Store& store, std::string_view name) : store_(store), name_(name) {}

  Result<std::expected<std::string, GuestError>> name() override { return name_; }
  Task<std::expected<wit::types::ContainerMetadata, GuestError>> info() override {
    return told(store_, [this]() -> Result<wit::types::ContainerMetadata> {
      return wit::types::ContainerMetadata{.name = name_,
                                           .created_at = TRY(store_.created_at(name_))};
    });
  }
  Task<std::expected<std::unique_ptr<wit::types::IncomingValue>, GuestError>> get_data(
      std::string name, uint64_t start, uint64_t end) override {
    auto content = co_await run_as(store_.runs(), [&] { return store_.get(name_, name); });
    if (!content) co_return component::guest_error(content.error().message());
    // Both ends are included; what lies behind the object is left out.
    const uint64_t size = content->size();
    if (start >= size || end < start) co_return std::make_unique<IncomingValue>(Bytes());
    const uint64_t count = std::min(end, size - 1) - start + 1;
    if (count == size) co_return std::make_unique<IncomingValue>(content->share());
    co_return std::make_unique<IncomingValue>(
        Bytes::copy_of(content->span().subspan(start, count)));
  }
  Task<std::expected<void, GuestError>> write_data(std::string name,
                                                   wit::types::OutgoingValue& data) override {
    auto there = co_await run_as(store_.runs(), [&] { return store_.created_at(name_); });
    if (!there) co_return component::guest_error(there.error().message());
    co_return plugins::told<error_of>(
        static_cast<OutgoingValue&>(data).send_to(store_, name_, name));
  }
  Task<std::expected<std::unique_ptr<wit::container::StreamObjectNames>, GuestError>> list_objects()
      override {
    auto names = co_await run_as(store_.runs(), [&] { return store_.list(name_); });
    if (!names) co_return component::guest_error(names.error().message());
    co_return std::make_unique<ObjectNames>(std::move(*names));
  }
  Task<std::expected<void, GuestError>> delete_object(std::string name) override {
    return told(store_, [this, name = std::move(name)] { return store_.remove(name_, name); });
  }
  Task<std::expected<void, GuestError>> delete_objects(std::vector<std::string> names) override {
    return told(store_, [this, names = std::move(names)] { return remove_all(names); });
  }
  Task<std::expected<bool, GuestError>> has_object(std::string name) override {
    return told(store_, [this, name = std::move(name)]() -> Result<bool> {
      auto info = store_.info(name_, name);
      if (!info && info.error().code() != Errc::NotFound) return fail(std::move(info).error());
      return info.has_value();
    });
  }
  Task<std::expected<wit::types::ObjectMetadata, GuestError>> object_info(
      std::string name) override {
    return told(store_, [this, name = std::move(name)]() -> Result<wit::types::ObjectMetadata> {
      const ObjectInfo info = TRY(store_.info(name_, name));
      return wit::types::ObjectMetadata{
          .name = name, .container = name_, .created_at = info.created_at, .size = info.size};
    });
  }
  Task<std::expected<void, GuestError>> clear() override {
    return told(store_, [this]() -> Result<void> { return remove_all(TRY(store_.list(name_))); });
  }

 private:
  Result<void> remove_all(const std::vector<std::string>& names) const {
    for (const std::string& name : names) TRY(store_.remove(name_, name));
    return {};
  }

  Store& store_;
  std::string name_;
};

class BlobstoreInterface final : public wit::blobstore::Interface {
 public:
  explicit BlobstoreInterface(Store& store) : store_(store) {}

  Task<std::expected<std::unique_ptr<wit::container::Container>, GuestError>> create_container(
      std::string name) override {
    auto made = co_await run_as(store_.runs(), [&] { return store_.create(name); });
    if (!made) co_return component::guest_error(made.error().message());
    co_return std::make_unique<Container>(store_, name);
  }
  Task<std::expected<std::unique_ptr<wit::container::Container>, GuestError>> get_container(
      std::string name) override {
    auto there = co_await run_as(store_.runs(), [&] { return store_.created_at(name); });
    if (!there) co_return component::guest_error(there.error().message());
    co_return std::make_unique<Container>(store_, name);
  }
  Task<std::expected<void, GuestError>> delete_container(std::string name) override {
    return told(store_, [this, name = std::move(name)] { return store_.remove(name); });
  }
  Task<std::expected<bool, GuestError>> container_exists(std::string name) override {
    return told(store_, [this, name = std::move(name)] { return store_.exists(name); });
  }
  Task<std::expected<void, GuestError>> copy_object(wit::types::ObjectId from,
                                                    wit::types::ObjectId to) override {
    return told(store_,
                [this, from = std::move(from), to = std::move(to)] { return copy(from, to); });
  }
  Task<std::expected<void, GuestError>> move_object(wit::types::ObjectId from,
                                                    wit::types::ObjectId to) override {
    return told(store_, [this, from = std::move(from), to = std::move(to)]() -> Result<void> {
      TRY(copy(from, to));
      if (from.container == to.container && from.object == to.object) return {};
      return store_.remove(from.container, from.object);
    });
  }

 private:
  Result<void> copy(const wit::types::ObjectId& from, const wit::types::ObjectId& to) {
    const Bytes content = TRY(store_.get(from.container, from.object));
    return store_.put(to.container, to.object, content.text());
  }

  Store& store_;
};

constexpr std::string_view kTypes = "wasi:blobstore/types@0.2.0-draft";
constexpr std::string_view kContainer = "wasi:blobstore/container@0.2.0-draft";
constexpr std::string_view kBlobstore = "wasi:blobstore/blobstore@0.2.0-draft";

/// What one workload has: a store for each of its grants.
struct Binding {
  GrantedStores<BlobstoreInterface, Store, MemoryStore, FileStore> stores;
  TypesInterface types;
};

class BlobstorePlugin final : public host::Plugin {
 public:
  std::string_view id() const override { return "wasi-blobstore"; }
  std::span<const std::string_view> interfaces() const override {
    static constexpr std::string_view kInterfaces[] = {kTypes, kContainer, kBlobstore};
    return kInterfaces;
  }
  bool serves_named() const override { return true; }

  Result<std::shared_ptr<void>> bind(std::span<const host::PluginImport> imports) override {
    auto binding = std::make_shared<Binding>();
    for (const host::PluginImport& import : imports) {
      if (import.interface == kBlobstore) {
        wit::blobstore::add_to_linker(
            import.linker->instance(import.name),
            *TRY(binding->stores.interface_of(*import.grant, "wasi:blobstore")));
      } else if (import.interface == kContainer) {
        // Nothing but resources, each of which knows its store: there is only one of it.
        wit::container::add_to_linker(*import.linker);
      } else {
        wit::types::add_to_linker(import.linker->instance(import.name), binding->types);
      }
    }
    return binding;
  }
};

}  // namespace

std::unique_ptr<host::Plugin> make_plugin() { return std::make_unique<BlobstorePlugin>(); }

}  // namespace wasmcloud::plugins::blobstore
