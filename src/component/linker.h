#pragma once

#include "base/error.h"
#include "component/canonical_context.h"
#include "component/host_resource.h"
#include "component/type_description.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace wasmcloud::engine {
class Module;
}

namespace wasmcloud::component {

class Component;
class Linker;
class Prepared;

/// What a host instance offers. A later definition of a name replaces the earlier one.
class LinkerInstance {
 public:
  LinkerInstance();
  ~LinkerInstance();
  LinkerInstance(const LinkerInstance&) = delete;
  LinkerInstance& operator=(const LinkerInstance&) = delete;

  /// A synchronous function. `self` is handed to every call; it is shared by all threads that run
  /// what was linked. The parts of `type` must be static data.
  LinkerInstance& func(std::string_view name, const FunctionDescription& type,
                       HostFunction function, void* self = nullptr);
  /// The same for an async function.
  LinkerInstance& async_func(std::string_view name, const FunctionDescription& type,
                             AsyncHostFunction function, void* self = nullptr);
  LinkerInstance& resource(std::string_view name, const HostResourceType& type);
  /// A nested instance; made if it is not there.
  LinkerInstance& instance(std::string_view name);
  LinkerInstance& module(std::string_view name, std::shared_ptr<const engine::Module> module);

  struct Items;
  const Items& items() const { return *items_; }

 private:
  std::unique_ptr<Items> items_;
};

struct PrepareOptions {
  /// Whether lowered functions are bound to the main module directly where a shim module stands in
  /// for them, or everything is instantiated as written.
  enum class Shims : uint8_t { Bypass, Follow };
  Shims shims = Shims::Bypass;
  /// Whether imports that the host does not have are an error, or trap when they are called.
  enum class Missing : uint8_t { Refuse, Trap };
  Missing missing = Missing::Refuse;
  /// Offered too, and looked in first; null for none.
  const Linker* more = nullptr;
};

/// One component of several that are linked to one another.
struct Part {
  std::string name;  ///< for messages
  std::shared_ptr<const Component> component;
  /// Offered to this one alone, as `PrepareOptions::more`; null for none.
  const Linker* more = nullptr;
};

/// What a host offers to components, by name. Fill it once, then prepare any number of components.
///
/// Thread: any for `prepare`, as long as nobody defines anything meanwhile.
class Linker {
 public:
  Linker();
  ~Linker();
  Linker(const Linker&) = delete;
  Linker& operator=(const Linker&) = delete;

  /// The host instance with this name, such as "wasi:io/poll@0.2.12"; made if it is not there.
  /// Guests that ask for another version of the same track get it too.
  LinkerInstance& instance(std::string_view name) { return root_.instance(name); }
  /// Items that components import without an instance around them.
  LinkerInstance& root() { return root_; }
  const LinkerInstance& root() const { return root_; }

  /// Matches every import of `component` and flattens the tree of its nested components.
  /// Errors: Errc::NotFound for all that is missing, one a line; Errc::Invalid for what has another
  /// type; Errc::Unsupported.
  Result<std::shared_ptr<const Prepared>> prepare(std::shared_ptr<const Component> component,
                                                  const PrepareOptions& options = {}) const;
  /// The first part, and with it in one store those of the others whose exports it imports, or that
  /// these import, and so on. Only what none of the others exports is the host's to offer. Exports
  /// of another version of the same track serve, too. `options.more` is not used.
  /// Errors: as `prepare`, with the part's name in front; Errc::Invalid where two parts export what
  /// a third imports, and where parts import one another in a circle.
  Result<std::shared_ptr<const Prepared>> prepare_linked(std::span<const Part> parts,
                                                         const PrepareOptions& options = {}) const;

 private:
  LinkerInstance root_;
};

}  // namespace wasmcloud::component
