// `make test`: compiled for this machine and run; ends with 1 if anything is not as it should be.
#include "service.h"

#include <cstdio>

namespace {

bool all_right = true;

void expect(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "not so: %s\n", what);
  all_right = false;
}

}  // namespace

int main() {
  expect(answer("/").status == 200, "the root is found");
  expect(answer("/").text == "Hello from wasmCloud!\n", "the root is greeted");
  expect(answer("/else").status == 404, "nothing else is found");
  std::puts(all_right ? "all tests passed" : "some tests failed");
  return all_right ? 0 : 1;
}
