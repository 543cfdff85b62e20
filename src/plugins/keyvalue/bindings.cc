#include "bindings/wasi/keyvalue_0_2_0_draft/atomics.h"
#include "bindings/wasi/keyvalue_0_2_0_draft/batch.h"
#include "bindings/wasi/keyvalue_0_2_0_draft/store.h"
#include "component/linker.h"
#include "host/workload.h"
#include "plugins/granted_stores.h"
#include "plugins/keyvalue/file_store.h"
#include "plugins/keyvalue/keyvalue.h"
#include "plugins/keyvalue/memory_store.h"
#include "plugins/told.h"

#include <algorithm>

namespace wasmcloud::plugins::keyvalue {
namespace {

namespace wit = wasmcloud::wit::wasi::keyvalue_0_2_0_draft;
using wit::store::Error;

Error error_of(const wasmcloud::Error& error) { return Error::other(error.message()); }

template <class F>
auto told(const Store& store, F work) {
  return told_of<error_of>(store.runs(), std::move(work));
}

/// The store outlives it: it belongs to the workload, the bucket to an instance.
class Bucket final : public wit::store::Bucket {
 public:
  Bucket(Store& store, std::string_view name) : store_(store), name_(name) {}

  Store& store() const { return store_; }
  const std::string& name() const { return name_; }

  Task<std::expected<std::optional<Bytes>, Error>> get(std::string key) override {
    return told(store_, [this, key = std::move(key)] { return store_.get(name_, key); });
  }
  Task<std::expected<void, Error>> set(std::string key, Bytes value) override {
    return told(store_, [this, key = std::move(key), value = std::move(value)] {
      return store_.set(name_, key, value.span());
    });
  }
  Task<std::expected<void, Error>> delete_(std::string key) override {
    return told(store_, [this, key = std::move(key)] { return store_.remove(name_, key); });
  }
  Task<std::expected<bool, Error>> exists(std::string key) override {
    return told(store_, [this, key = std::move(key)] { return store_.exists(name_, key); });
  }
  Task<std::expected<wit::store::KeyResponse, Error>> list_keys(
      std::optional<uint64_t> cursor) override {
    return told(store_, [this, cursor]() -> Result<wit::store::KeyResponse> {
      Store::Page page = TRY(store_.list(name_, cursor));
      return wit::store::KeyResponse{.keys = std::move(page.keys), .cursor = page.cursor};
    });
  }

 private:
  Store& store_;
  std::string name_;
};

/// Every bucket that a guest can have is made here.
const Bucket& own(const wit::store::Bucket& bucket) { return static_cast<const Bucket&>(bucket); }

class StoreInterface final : public wit::store::Interface {
 public:
  explicit StoreInterface(Store& store) : store_(store) {}

  Result<std::expected<std::unique_ptr<wit::store::Bucket>, Error>> open(
      std::string_view identifier) override {
    if (auto good = store_.check_bucket(identifier); !good)
      return component::guest_error(error_of(good.error()));
    return std::make_unique<Bucket>(store_, identifier);
  }

 private:
  Store& store_;
};

// A bucket knows its store, so these serve all of them.

class AtomicsInterface final : public wit::atomics::Interface {
 public:
  Task<std::expected<uint64_t, Error>> increment(wit::store::Bucket& bucket, std::string key,
                                                 uint64_t delta) override {
    const Bucket& of = own(bucket);
    return told(of.store(), [&of, key = std::move(key), delta] {
      return of.store().increment(of.name(), key, delta);
    });
  }
};

class BatchInterface final : public wit::batch::Interface {
 public:
  using Found = std::vector<std::optional<std::tuple<std::string, Bytes>>>;

  Task<std::expected<Found, Error>> get_many(wit::store::Bucket& bucket,
                                             std::vector<std::string> keys) override {
    const Bucket& of = own(bucket);
    return told(of.store(), [&of, keys = std::move(keys)]() mutable -> Result<Found> {
      auto values = TRY(of.store().get_many(of.name(), keys));
      Found found(keys.size());
      for (size_t i = 0; i < keys.size(); ++i) {
        if (values[i]) found[i].emplace(std::move(keys[i]), std::move(*values[i]));
      }
      return found;
    });
  }
  Task<std::expected<void, Error>> set_many(
      wit::store::Bucket& bucket, std::vector<std::tuple<std::string, Bytes>> entries) override {
    const Bucket& of = own(bucket);
    return told(of.store(), [&of, entries = std::move(entries)] {
      return of.store().set_many(of.name(), entries);
    });
  }
  Task<std::expected<void, Error>> delete_many(wit::store::Bucket& bucket,
                                               std::vector<std::string> keys) override {
    const Bucket& of = own(bucket);
    return told(of.store(),
                [&of, keys = std::move(keys)] { return of.store().remove_many(of.name(), keys); });
  }
};

/// What one workload has: a store for each of its grants.
struct Binding {
  GrantedStores<StoreInterface, Store, MemoryStore, FileStore> stores;
  AtomicsInterface atomics;
  BatchInterface batch;
};

constexpr std::string_view kStore = "wasi:keyvalue/store@0.2.0-draft";
constexpr std::string_view kAtomics = "wasi:keyvalue/atomics@0.2.0-draft";
constexpr std::string_view kBatch = "wasi:keyvalue/batch@0.2.0-draft";

class KeyvaluePlugin final : public host::Plugin {
 public:
  std::string_view id() const override { return "wasi-keyvalue"; }
  std::span<const std::string_view> interfaces() const override {
    static constexpr std::string_view kInterfaces[] = {kStore, kAtomics, kBatch};
    return kInterfaces;
  }
  bool serves_named() const override { return true; }

  Result<std::shared_ptr<void>> bind(std::span<const host::PluginImport> imports) override {
    auto binding = std::make_shared<Binding>();
    for (const host::PluginImport& import : imports) {
      component::LinkerInstance& instance = import.linker->instance(import.name);
      if (import.interface == kStore) {
        wit::store::add_to_linker(
            instance, *TRY(binding->stores.interface_of(*import.grant, "wasi:keyvalue")));
      } else if (import.interface == kAtomics) {
        wit::atomics::add_to_linker(instance, binding->atomics);
      } else {
        wit::batch::add_to_linker(instance, binding->batch);
      }
    }
    return binding;
  }
};

}  // namespace

std::unique_ptr<host::Plugin> make_plugin() { return std::make_unique<KeyvaluePlugin>(); }

}  // namespace wasmcloud::plugins::keyvalue
