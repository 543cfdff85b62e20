#include "bindings/wasi/blobstore_0_2_0_draft/blobstore.h"
#include "bindings/wasi/blobstore_0_2_0_draft/container.h"
#include "bindings/wasi/blobstore_0_2_0_draft/types.h"
#include "component/linker.h"
#include "host/workload.h"
#include "plugins/blobstore/blobstore.h"
#include "plugins/blobstore/file_store.h"
#include "plugins/blobstore/memory_store.h"
#include "plugins/granted_stores.h"
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

template <class T>
std::expected<T, GuestError> to_guest(Result<T> result) {
  if (!result) return std::unexpected(result.error().message());
  if constexpr (std::is_void_v<T>) {
    return {};
  } else {
    return std::move(*result);
  }
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
  ~OutgoingValue() override { static_cast<void>(commit()); }

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

  Result<void> commit() {
    body_->close();
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
  Result<std::expected<void, GuestError>> outgoing_value_finish(
      std::unique_ptr<wit::types::OutgoingValue> value) override {
    return to_guest(static_cast<OutgoingValue&>(*value).commit());
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
  Result<std::expected<wit::types::ContainerMetadata, GuestError>> info() override {
    const auto created_at = store_.created_at(name_);
    if (!created_at) return component::guest_error(created_at.error().message());
    return wit::types::ContainerMetadata{.name = name_, .created_at = *created_at};
  }
  Result<std::expected<std::unique_ptr<wit::types::IncomingValue>, GuestError>> get_data(
      std::string_view name, uint64_t start, uint64_t end) override {
    const auto content = store_.get(name_, name);
    if (!content) return component::guest_error(content.error().message());
    // Both ends are included; what lies behind the object is left out.
    const uint64_t size = content->size();
    if (start >= size || end < start) return std::make_unique<IncomingValue>(Bytes());
    const uint64_t count = std::min(end, size - 1) - start + 1;
    if (count == size) return std::make_unique<IncomingValue>(content->share());
    return std::make_unique<IncomingValue>(Bytes::copy_of(content->span().subspan(start, count)));
  }
  Result<std::expected<void, GuestError>> write_data(std::string_view name,
                                                     wit::types::OutgoingValue& data) override {
    if (auto there = store_.created_at(name_); !there)
      return component::guest_error(there.error().message());
    return to_guest(static_cast<OutgoingValue&>(data).send_to(store_, name_, name));
  }
  Result<std::expected<std::unique_ptr<wit::container::StreamObjectNames>, GuestError>>
  list_objects() override {
    auto names = store_.list(name_);
    if (!names) return component::guest_error(names.error().message());
    return std::make_unique<ObjectNames>(std::move(*names));
  }
  Result<std::expected<void, GuestError>> delete_object(std::string_view name) override {
    return to_guest(store_.remove(name_, name));
  }
  Result<std::expected<void, GuestError>> delete_objects(std::vector<std::string> names) override {
    for (const std::string& name : names) {
      if (auto removed = store_.remove(name_, name); !removed) return to_guest(std::move(removed));
    }
    return std::expected<void, GuestError>();
  }
  Result<std::expected<bool, GuestError>> has_object(std::string_view name) override {
    const auto info = store_.info(name_, name);
    if (info) return true;
    if (info.error().code() == Errc::NotFound) return false;
    return component::guest_error(info.error().message());
  }
  Result<std::expected<wit::types::ObjectMetadata, GuestError>> object_info(
      std::string_view name) override {
    const auto info = store_.info(name_, name);
    if (!info) return component::guest_error(info.error().message());
    return wit::types::ObjectMetadata{.name = std::string(name),
                                      .container = name_,
                                      .created_at = info->created_at,
                                      .size = info->size};
  }
  Result<std::expected<void, GuestError>> clear() override {
    const auto names = store_.list(name_);
    if (!names) return component::guest_error(names.error().message());
    return delete_objects(*names);
  }

 private:
  Store& store_;
  std::string name_;
};

class BlobstoreInterface final : public wit::blobstore::Interface {
 public:
  explicit BlobstoreInterface(Store& store) : store_(store) {}

  Result<std::expected<std::unique_ptr<wit::container::Container>, GuestError>> create_container(
      std::string_view name) override {
    if (auto made = store_.create(name); !made)
      return component::guest_error(made.error().message());
    return std::make_unique<Container>(store_, name);
  }
  Result<std::expected<std::unique_ptr<wit::container::Container>, GuestError>> get_container(
      std::string_view name) override {
    if (auto there = store_.created_at(name); !there)
      return component::guest_error(there.error().message());
    return std::make_unique<Container>(store_, name);
  }
  Result<std::expected<void, GuestError>> delete_container(std::string_view name) override {
    return to_guest(store_.remove(name));
  }
  Result<std::expected<bool, GuestError>> container_exists(std::string_view name) override {
    return to_guest(store_.exists(name));
  }
  Result<std::expected<void, GuestError>> copy_object(wit::types::ObjectId from,
                                                      wit::types::ObjectId to) override {
    return to_guest(copy(from, to));
  }
  Result<std::expected<void, GuestError>> move_object(wit::types::ObjectId from,
                                                      wit::types::ObjectId to) override {
    if (auto copied = copy(from, to); !copied) return to_guest(std::move(copied));
    if (from.container == to.container && from.object == to.object)
      return std::expected<void, GuestError>();
    return to_guest(store_.remove(from.container, from.object));
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
