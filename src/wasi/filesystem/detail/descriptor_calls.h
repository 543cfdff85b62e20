#pragma once

#include "wasi/filesystem/descriptor.h"
#include "wasi/filesystem/detail/wit.h"

#include <expected>
#include <string>
#include <utility>

namespace wasmcloud::wasi::filesystem::detail {

/// What a "descriptor" does alike in both generations. `Generation` names its types, and says by
/// `told` and `to_wit` how results and what is known of a file become the guest's.
template <class Generation>
class DescriptorCalls : public Generation::Descriptor {
 protected:
  using Descriptor = Generation::Descriptor;
  using DescriptorStat = Generation::DescriptorStat;
  using MetadataHashValue = Generation::MetadataHashValue;
  using NewTimestamp = Generation::NewTimestamp;
  using PathFlags = Generation::PathFlags;
  template <class T>
  using Told = std::expected<T, typename Generation::ErrorCode>;

 public:
  explicit DescriptorCalls(filesystem::Descriptor file) : file_(std::move(file)) {}

  Task<Told<void>> advise(uint64_t offset, uint64_t length, Generation::Advice advice) override {
    co_return Generation::told(co_await file_.advise(offset, length, from_wit(advice)));
  }

  Task<Told<void>> sync_data() override { co_return Generation::told(co_await file_.sync_data()); }

  Task<Told<void>> set_size(uint64_t size) override {
    co_return Generation::told(co_await file_.set_size(size));
  }

  Task<Told<void>> set_times(NewTimestamp data_access_timestamp,
                             NewTimestamp data_modification_timestamp) override {
    co_return Generation::told(co_await file_.set_times(from_wit(data_access_timestamp),
                                                        from_wit(data_modification_timestamp)));
  }

  Task<Told<void>> sync() override { co_return Generation::told(co_await file_.sync()); }

  Task<Told<void>> create_directory_at(std::string path) override {
    co_return Generation::told(co_await file_.create_directory_at(std::move(path)));
  }

  Task<Told<DescriptorStat>> stat() override {
    co_return Generation::told(shown(co_await file_.stat()));
  }

  Task<Told<DescriptorStat>> stat_at(PathFlags path_flags, std::string path) override {
    co_return Generation::told(
        shown(co_await file_.stat_at(follow_of(path_flags), std::move(path))));
  }

  Task<Told<void>> set_times_at(PathFlags path_flags, std::string path,
                                NewTimestamp data_access_timestamp,
                                NewTimestamp data_modification_timestamp) override {
    co_return Generation::told(co_await file_.set_times_at(follow_of(path_flags), std::move(path),
                                                           from_wit(data_access_timestamp),
                                                           from_wit(data_modification_timestamp)));
  }

  Task<Told<void>> link_at(PathFlags old_path_flags, std::string old_path,
                           Descriptor& new_descriptor, std::string new_path) override {
    co_return Generation::told(co_await file_.link_at(follow_of(old_path_flags),
                                                      std::move(old_path), file_of(new_descriptor),
                                                      std::move(new_path)));
  }

  Task<Told<std::string>> readlink_at(std::string path) override {
    co_return Generation::told(co_await file_.readlink_at(std::move(path)));
  }

  Task<Told<void>> remove_directory_at(std::string path) override {
    co_return Generation::told(co_await file_.remove_directory_at(std::move(path)));
  }

  Task<Told<void>> rename_at(std::string old_path, Descriptor& new_descriptor,
                             std::string new_path) override {
    co_return Generation::told(co_await file_.rename_at(
        std::move(old_path), file_of(new_descriptor), std::move(new_path)));
  }

  Task<Told<void>> symlink_at(std::string old_path, std::string new_path) override {
    co_return Generation::told(co_await file_.symlink_at(std::move(old_path), std::move(new_path)));
  }

  Task<Told<void>> unlink_file_at(std::string path) override {
    co_return Generation::told(co_await file_.unlink_file_at(std::move(path)));
  }

  Task<bool> is_same_object(Descriptor& other) override {
    return file_.is_same_object(file_of(other));
  }

  Task<Told<MetadataHashValue>> metadata_hash() override {
    co_return Generation::told(shown(co_await file_.identity()));
  }

  Task<Told<MetadataHashValue>> metadata_hash_at(PathFlags path_flags, std::string path) override {
    co_return Generation::told(
        shown(co_await file_.identity_at(follow_of(path_flags), std::move(path))));
  }

 protected:
  const filesystem::Descriptor& file() const { return file_; }

 private:
  static Result<DescriptorStat> shown(Result<Stat> stat) {
    return Generation::to_wit(TRY(std::move(stat)));
  }
  static Result<MetadataHashValue> shown(Result<Identity> identity) {
    return hash_of<MetadataHashValue>(TRY(std::move(identity)));
  }
  static const filesystem::Descriptor& file_of(Descriptor& descriptor) {
    return static_cast<DescriptorCalls&>(descriptor).file_;
  }

  filesystem::Descriptor file_;
};

}  // namespace wasmcloud::wasi::filesystem::detail
