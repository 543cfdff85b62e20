#include "plugins/blobstore/memory_store.h"

#include <chrono>

namespace wasmcloud::plugins::blobstore {
namespace {

uint64_t now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

}  // namespace

Result<const MemoryStore::Container*> MemoryStore::find(std::string_view container) const {
  const auto found = containers_.find(container);
  if (found == containers_.end()) return no_container(container);
  return &found->second;
}

Result<const MemoryStore::Object*> MemoryStore::find(std::string_view container,
                                                     std::string_view object) const {
  const Container* const in = TRY(find(container));
  const auto found = in->objects.find(object);
  if (found == in->objects.end()) return no_object(container, object);
  return &found->second;
}

void MemoryStore::drop(Container& container, std::string_view object) {
  const auto found = container.objects.find(object);
  if (found == container.objects.end()) return;
  bytes_ -= found->second.content.size() + found->first.size();
  --objects_;
  container.objects.erase(found);
}

Result<void> MemoryStore::create(std::string_view container) {
  TRY(check_name(container, "the container's name"));
  const std::lock_guard lock(mutex_);
  if (containers_.contains(container))
    return fail(Errc::Exists, "container '{}' already exists", container);
  if (objects_ >= limits().objects)
    return fail(Errc::Limit, "the store's limit of {} objects is reached", limits().objects);
  containers_.emplace(container, Container{.created_at = now(), .objects = {}});
  ++objects_;
  return {};
}

Result<bool> MemoryStore::exists(std::string_view container) const {
  const std::lock_guard lock(mutex_);
  return containers_.contains(container);
}

Result<void> MemoryStore::remove(std::string_view container) {
  const std::lock_guard lock(mutex_);
  const auto found = containers_.find(container);
  if (found == containers_.end()) return {};
  while (!found->second.objects.empty())
    drop(found->second, std::string(found->second.objects.begin()->first));
  containers_.erase(found);
  --objects_;
  return {};
}

Result<uint64_t> MemoryStore::created_at(std::string_view container) const {
  const std::lock_guard lock(mutex_);
  return TRY(find(container))->created_at;
}

Result<std::vector<std::string>> MemoryStore::list(std::string_view container) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, object] : TRY(find(container))->objects) names.push_back(name);
  return names;
}

Result<Bytes> MemoryStore::get(std::string_view container, std::string_view object) const {
  const std::lock_guard lock(mutex_);
  return TRY(find(container, object))->content.share();
}

Result<void> MemoryStore::put(std::string_view container, std::string_view object,
                              std::string_view content) {
  TRY(check_name(object, "the object's name"));
  TRY(check_size(content.size()));
  Bytes copy = Bytes::copy_of(content);
  const std::lock_guard lock(mutex_);
  const auto found = containers_.find(container);
  if (found == containers_.end()) return no_container(container);
  const auto before = found->second.objects.find(object);
  const bool is_new = before == found->second.objects.end();
  const size_t freed = is_new ? 0 : before->second.content.size() + object.size();
  if (is_new && objects_ >= limits().objects)
    return fail(Errc::Limit, "the store's limit of {} objects is reached", limits().objects);
  if (bytes_ - freed + content.size() + object.size() > limits().total_bytes)
    return fail(Errc::Limit, "the store's limit of {} bytes is reached", limits().total_bytes);
  drop(found->second, object);
  found->second.objects.emplace(object, Object{.content = std::move(copy), .created_at = now()});
  bytes_ += content.size() + object.size();
  ++objects_;
  return {};
}

Result<void> MemoryStore::remove(std::string_view container, std::string_view object) {
  const std::lock_guard lock(mutex_);
  const auto found = containers_.find(container);
  if (found == containers_.end()) return no_container(container);
  drop(found->second, object);
  return {};
}

Result<ObjectInfo> MemoryStore::info(std::string_view container, std::string_view object) const {
  const std::lock_guard lock(mutex_);
  const Object* const found = TRY(find(container, object));
  return ObjectInfo{.created_at = found->created_at, .size = found->content.size()};
}

}  // namespace wasmcloud::plugins::blobstore
