#include "oci/credentials.h"

#include "base/base64.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "oci/reference.h"

#include <boost/json.hpp>

namespace wasmcloud::oci {
namespace json = boost::json;
namespace {

constexpr uint64_t kMaxConfig = uint64_t{4} << 20;
constexpr std::chrono::seconds kHelperTime(60);

const json::object* object_in(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

std::string_view text_in(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  const json::string* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

/// Keys are hosts, or URLs of them that older versions of docker wrote.
std::string_view host_of_key(std::string_view key) {
  if (const size_t scheme = key.find("://"); scheme != key.npos) key.remove_prefix(scheme + 3);
  return key.substr(0, key.find('/'));
}

const json::value* find_for(const json::object& map, std::string_view registry) {
  if (const json::value* exact = map.if_contains(registry)) return exact;
  for (const auto& member : map) {
    if (means_registry(member.key(), registry)) return &member.value();
  }
  return nullptr;
}

Result<Credentials> of_entry(const json::object& entry, std::string_view registry) {
  Credentials out{.user = std::string(text_in(entry, "username")),
                  .password = Secret(std::string(text_in(entry, "password"))),
                  .identity_token = Secret(std::string(text_in(entry, "identitytoken")))};
  const std::string_view encoded = text_in(entry, "auth");
  if (encoded.empty()) return out;
  // auth ::= base64(user ":" password)
  Result<std::string> decoded = from_base64(encoded);
  const size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return fail(Errc::Malformed, "auths[\"{}\"].auth should be user:password in base 64", registry);
  }
  out.user = decoded->substr(0, colon);
  out.password = Secret(decoded->substr(colon + 1));
  wipe(*decoded);
  return out;
}

Task<Credentials> ask_helper(Loop& loop, std::string helper, std::string registry) {
  if (helper.empty() || helper.contains('/'))
    co_return fail(Errc::Malformed, "'{}' is no name of a credential helper", helper);
  ProcessOptions options;
  options.command = {fmt::format("docker-credential-{}", helper), "get"};
  options.input = Input::Text;
  // The Docker Hub goes by the URL of its index here.
  options.input_text =
      registry == hub::kName ? fmt::format("https://{}/v1/", hub::kIndex) : registry;
  options.output = Output::Capture;
  options.errors = Output::Null;
  Result<Finished> finished = co_await with_deadline(loop, kHelperTime, options.command.front(),
                                                     run_process(loop, options));
  if (!finished && finished.error().code() == Errc::NotFound)
    co_return fail(Errc::NotFound,
                   "the credential helper docker-credential-{} is not installed; install it, or "
                   "give --user and --password",
                   helper);
  if (!finished) co_return fail(std::move(finished).error());
  const Secret output(std::move(finished->output));
  const std::string_view said = output.reveal();
  if (!finished->status.ok()) {
    // The protocol's words for "nothing is known": not an error.
    if (said.contains("credentials not found")) co_return Credentials{};
    co_return fail(Errc::Refused, "the credential helper docker-credential-{} ended with {}",
                   helper, finished->status.describe());
  }
  json::error_code error;
  const json::value root = json::parse({said.data(), said.size()}, error);
  const json::object* const object = error ? nullptr : root.if_object();
  if (object == nullptr)
    co_return fail(Errc::Malformed,
                   "the credential helper docker-credential-{} did not answer in JSON", helper);
  const std::string_view user = text_in(*object, "Username");
  Secret secret{std::string(text_in(*object, "Secret"))};
  if (user == "<token>")
    co_return Credentials{.user = {}, .password = {}, .identity_token = std::move(secret)};
  co_return Credentials{
      .user = std::string(user), .password = std::move(secret), .identity_token = {}};
}

/// What the file says, before any helper is asked.
struct Found {
  Credentials credentials;
  std::string helper;
};

Result<Found> look_up(const std::string& path, const std::string& registry) {
  Result<std::string> read = read_file(path, kMaxConfig);
  if (!read && read.error().code() == Errc::NotFound) return Found{};
  if (!read) return fail(std::move(read).error());
  const Secret text(std::move(*read));
  json::error_code error;
  const json::value root = json::parse({text.reveal().data(), text.reveal().size()}, error);
  const json::object* const object = error ? nullptr : root.if_object();
  if (object == nullptr) return fail(Errc::Malformed, "{} is no JSON object", path);
  Found found;
  if (const json::object* helpers = object_in(*object, "credHelpers")) {
    const json::value* const name = find_for(*helpers, registry);
    if (name != nullptr && name->is_string()) {
      found.helper = std::string_view(name->get_string());
      return found;
    }
  }
  if (const json::object* auths = object_in(*object, "auths")) {
    const json::value* const entry = find_for(*auths, registry);
    if (entry != nullptr && entry->is_object()) {
      Result<Credentials> made = of_entry(entry->get_object(), registry);
      if (!made) return fail(std::move(made).error().within(path));
      found.credentials = std::move(*made);
      if (!found.credentials.is_anonymous()) return found;
    }
  }
  found.helper = text_in(*object, "credsStore");
  return found;
}

}  // namespace

bool means_registry(std::string_view key, std::string_view registry) {
  const std::string_view host = host_of_key(key);
  if (registry == hub::kName)
    return host == hub::kName || host == hub::kIndex || host == hub::kHost;
  return host == registry;
}

Task<Credentials> find_credentials(Loop& loop, std::string config_path, std::string registry) {
  if (config_path.empty()) co_return Credentials{};
  Found found = CO_TRY(co_await loop.offload([&] { return look_up(config_path, registry); }));
  if (found.helper.empty()) co_return std::move(found.credentials);
  Result<Credentials> asked = co_await ask_helper(loop, found.helper, registry);
  if (!asked) co_return fail(std::move(asked).error().within(config_path));
  co_return std::move(*asked);
}

std::string docker_config_path(const std::optional<std::string>& docker_config,
                               const std::optional<std::string>& home) {
  if (docker_config && !docker_config->empty()) return *docker_config + "/config.json";
  if (home && !home->empty()) return *home + "/.docker/config.json";
  return {};
}

}  // namespace wasmcloud::oci
