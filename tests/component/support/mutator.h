#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace wasmcloud::component {

/// Changes components a little, so that most mutants get past the sections' frames: sizes are put
/// right, and what is in core modules stays as it is. The same seed gives the same mutants.
class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}

  std::vector<std::byte> mutate(std::span<const std::byte> component);
  size_t below(size_t bound) { return static_cast<size_t>(random_() % bound); }

 private:
  struct Section {
    uint8_t id = 0;
    std::vector<std::byte> body;
  };
  std::vector<Section> split(std::span<const std::byte> component);
  void change_sections(std::vector<Section>& sections);
  void change_bytes(std::vector<std::byte>& body);

  std::mt19937_64 random_;
};

}  // namespace wasmcloud::component
