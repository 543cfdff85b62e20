#include "component/composition/composition.h"

#include "component/composition/imports.h"
#include "component/composition/plan.h"
#include "component/composition/write.h"
#include "component/decoder.h"

namespace wasmcloud::component {
namespace {

Result<ValidatedComponent> read(const Composition::Part& part, const Features& features) {
  if (binary_kind(part.bytes) != BinaryKind::Component)
    return fail(Errc::Invalid, "it is no component");
  return validate(TRY(decode(part.bytes)), part.bytes, features);
}

}  // namespace

Result<std::vector<std::byte>> compose(const Composition& composition, const Features& features) {
  std::vector<ValidatedComponent> components;
  for (const Composition::Part& part : composition.parts) {
    auto component = read(part, features);
    if (!component) return fail(std::move(component).error().within(part.name));
    components.push_back(std::move(*component));
  }
  composition::Wiring wiring = TRY(composition::wire(composition, components));
  composition::SharedTypes types(wiring.resources);
  TRY(composition::check(wiring, types));
  const composition::MergedImports imports = TRY(composition::merge_imports(wiring, types));
  std::vector<std::byte> binary = TRY(composition::write(composition, wiring, imports, types));
  // What the parts' rules do not say: above all, exports that mention what is not exported.
  const auto valid = [&]() -> Result<void> {
    TRY(validate(TRY(decode(binary)), binary, features));
    return {};
  }();
  if (!valid) return fail(Error(Errc::Invalid, valid.error().message()).within("the composition"));
  return binary;
}

}  // namespace wasmcloud::component
