#pragma once

#include "base/loop.h"
#include "component/component.h"
#include "component/instance.h"
#include "component/linker.h"
#include "engine/engine.h"
#include "wasi/context.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace wasmcloud {

/// A ready-made component from WASH_SHARED_DIR; nothing if it is not there.
inline std::optional<std::vector<std::byte>> shared_guest(std::string_view name) {
  std::ifstream in(fmt::format("{}/guests/{}.wasm", WASH_SHARED_DIR, name), std::ios::binary);
  if (!in) return std::nullopt;
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto bytes = std::as_bytes(std::span(text));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

inline Result<std::shared_ptr<const component::Prepared>> prepare(
    const component::Linker& linker, std::span<const std::byte> bytes) {
  auto engine = TRY(engine::Engine::create({}));
  return linker.prepare(TRY(component::Component::load(std::move(engine), bytes)));
}

}  // namespace wasmcloud
