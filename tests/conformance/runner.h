#pragma once

#include "base/error.h"
#include "base/loop.h"
#include "component/component.h"
#include "component/linker.h"
#include "conformance/exceptions.h"
#include "conformance/script.h"
#include "engine/engine.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace wasmcloud::conformance {

struct Counts {
  uint32_t passed = 0;
  uint32_t failed = 0;
  uint32_t skipped = 0;
};

/// Why a command was not run, or that it did what it should, or what it did instead.
struct Outcome {
  enum class Kind : uint8_t { Passed, Failed, Skipped };
  Kind kind = Kind::Passed;
  std::string why;
};
/// Runs scripts and prints a line for each command that fails, or for each one if asked.
class Runner {
 public:
  enum class Print : uint8_t { Failures, Skips, All };
  /// How far to go: only judge binaries, or also compile and run them.
  enum class Depth : uint8_t { Definitions, All };
  Runner(std::shared_ptr<engine::Engine> engine, Print print,
         component::PrepareOptions::Shims shims, Depth depth, ExceptionTable table)
      : engine_(std::move(engine)),
        print_(print),
        shims_(shims),
        depth_(depth),
        table_(std::move(table)) {}

  /// Converts with wasm-tools into `scratch`, and runs.
  Counts run(const std::filesystem::path& wast, const std::filesystem::path& scratch);

 private:
  void count(const std::filesystem::path& wast, const Command& command, const Outcome& outcome,
             Counts& counts) const;

  std::shared_ptr<engine::Engine> engine_;
  Print print_;
  component::PrepareOptions::Shims shims_;
  Depth depth_;
  ExceptionTable table_;
};

}  // namespace wasmcloud::conformance
