#include "wit/outline.h"

#include "wit/detail/read_files.h"

#include <algorithm>

namespace wasmcloud::wit {
namespace {

PackageName plain(const ast::PackageName& name) {
  return {.ns = name.ns.text, .name = name.name.text, .version = name.version};
}

/// Calls `visit` with each path that an item of a file names.
class PathWalk {
 public:
  explicit PathWalk(std::vector<PackageName>& found) : found_(found) {}

  void operator()(const ast::TopUse& use) { add(use.path); }
  void operator()(const ast::Interface& interface) {
    for (const ast::InterfaceItem& item : interface.items) {
      if (const auto* use = std::get_if<ast::Use>(&item)) add(use->from);
    }
  }
  void operator()(const ast::World& world) {
    for (const ast::WorldItem& item : world.items) {
      if (const auto* use = std::get_if<ast::Use>(&item)) add(use->from);
      if (const auto* include = std::get_if<ast::Include>(&item)) add(include->from);
      const auto* external = std::get_if<ast::Extern>(&item);
      if (external == nullptr) continue;
      if (const auto* path = std::get_if<ast::Path>(&external->item)) add(*path);
      if (const auto* inner = std::get_if<ast::Interface>(&external->item)) (*this)(*inner);
    }
  }

 private:
  void add(const ast::Path& path) {
    if (!path.package) return;
    PackageName name = plain(*path.package);
    if (std::ranges::find(found_, name) == found_.end()) found_.push_back(std::move(name));
  }

  std::vector<PackageName>& found_;
};

void add_items(const std::vector<ast::TopItem>& items, std::vector<PackageName>& needs) {
  for (const ast::TopItem& item : items) std::visit(PathWalk(needs), item);
}

/// Those of one place: the package that its files declare, and those in braces.
void add_packages(const ReadFiles& read, std::vector<PackageOutline>& into) {
  const size_t first = into.size();
  for (const ast::File& file : read.files) {
    if (!file.package || into.size() > first) continue;
    into.push_back({.name = plain(file.package->name), .path = read.path, .needs = {}});
  }
  for (const ast::File& file : read.files) {
    // Files without a declaration belong to the package of the others.
    if (into.size() > first) add_items(file.items, into[first].needs);
  }
  for (const ast::File& file : read.files) {
    for (const ast::NestedPackage& nested : file.nested) {
      into.push_back({.name = plain(nested.declaration.name), .path = read.path, .needs = {}});
      add_items(nested.items, into.back().needs);
    }
  }
}

std::vector<bool> reached(const std::vector<PackageOutline>& packages,
                          std::vector<PackageName>* missing) {
  std::vector<bool> seen(packages.size());
  std::vector<size_t> open;
  if (!packages.empty()) {
    seen[0] = true;
    open.push_back(0);
  }
  while (!open.empty()) {
    const PackageOutline& package = packages[open.back()];
    open.pop_back();
    for (const PackageName& needed : package.needs) {
      const auto found = std::ranges::find(packages, needed, &PackageOutline::name);
      if (found == packages.end()) {
        if (missing != nullptr && std::ranges::find(*missing, needed) == missing->end())
          missing->push_back(needed);
        continue;
      }
      const auto index = static_cast<size_t>(found - packages.begin());
      if (seen[index]) continue;
      seen[index] = true;
      open.push_back(index);
    }
  }
  return seen;
}

}  // namespace

Result<std::vector<PackageOutline>> outline(const std::filesystem::path& folder) {
  Sources sources;
  std::vector<PackageOutline> packages;
  const ReadFiles own = TRY(read_package(sources, folder));
  add_packages(own, packages);
  if (packages.empty()) {
    return fail(Errc::Invalid,
                "{}: no package is declared; expected 'package ns:name;' at the top of a file",
                folder.string());
  }
  for (const ReadFiles& read : TRY(read_dependencies(sources, folder)))
    add_packages(read, packages);
  return packages;
}

std::vector<PackageName> missing_packages(const std::vector<PackageOutline>& packages) {
  std::vector<PackageName> missing;
  reached(packages, &missing);
  return missing;
}

std::vector<size_t> unused_packages(const std::vector<PackageOutline>& packages) {
  const std::vector<bool> seen = reached(packages, nullptr);
  std::vector<size_t> unused;
  for (size_t i = 0; i < seen.size(); ++i) {
    if (!seen[i]) unused.push_back(i);
  }
  return unused;
}

}  // namespace wasmcloud::wit
