// `make test`: compiled for this machine and run; ends with 1 if anything is not as it should be.
#include "service.h"

#include <cstdio>
#include <map>

namespace {

/// A store in memory, which fails for the key "broken".
class Memory final : public Store {
 public:
  std::expected<std::optional<std::string>, std::string> get(std::string_view key) const override {
    if (key == "broken") return std::unexpected("no such disk");
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }
  std::expected<void, std::string> set(std::string_view key, std::string_view value) override {
    values_.insert_or_assign(std::string(key), std::string(value));
    return {};
  }

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

bool all_right = true;

void expect(const Answer& is, const Answer& should_be) {
  if (is == should_be) return;
  std::fprintf(stderr, "%d %s  should be %d %s", is.status, is.text.c_str(), should_be.status,
               should_be.text.c_str());
  all_right = false;
}

}  // namespace

int main() {
  Memory store;
  expect(route(store, "POST", "", R"({"key": "a b", "value": "1"})"),
         {200, "[in_memory] Stored key 'a b'\n"});
  for (const char* query : {"key=a+b", "key=a%20b", "other=1&key=a%20b"})
    expect(route(store, "GET", query, ""), {200, "[in_memory] 1\n"});
  expect(route(store, "GET", "key=c", ""), {404, "[in_memory] Key 'c' not found\n"});
  for (const char* query : {"", "other=1", "key"}) {
    const Answer missing = {400, "Missing parameter 'key'\n"};
    const Answer empty = {404, "[in_memory] Key '' not found\n"};
    expect(route(store, "GET", query, ""), query == std::string_view("key") ? empty : missing);
  }
  for (const char* body : {"no JSON", "", "[]", "{}", R"({"key": 1, "value": "1"})"})
    expect(route(store, "POST", "", body), {400, "expected {\"key\": \"...\", \"value\": \"...\"}\n"});
  expect(route(store, "PUT", "", ""), {405, "Method not allowed; use GET or POST\n"});
  expect(route(store, "GET", "key=broken", ""), {500, "cannot read 'broken': no such disk\n"});
  std::puts(all_right ? "all tests passed" : "some tests failed");
  return all_right ? 0 : 1;
}
