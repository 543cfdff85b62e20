#include "base/descriptor.h"
#include "base/file.h"
#include "oci/signature.h"
#include "wash/commands/commands.h"
#include "wash/commands/registry_flags.h"
#include "wash/run_until_signal.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace wasmcloud::wash {
namespace {

constexpr uint64_t kMaxKey = uint64_t{1} << 20;
constexpr std::string_view kPasswordVariable = "COSIGN_PASSWORD";

const Flag kKeyFlag = {.name = "--key",
                       .value = "PATH",
                       .takes = Takes::One,
                       .help = "The private key; by default cosign.key",
                       .default_value = "cosign.key"};
const Flag kPublicKeyFlag = {.name = "--key",
                             .value = "PATH",
                             .takes = Takes::One,
                             .help = "The public key; by default cosign.pub",
                             .default_value = "cosign.pub"};

std::string path_of(const Invocation& invocation, std::string_view flag,
                    std::string_view otherwise) {
  const Arguments& arguments = invocation.arguments;
  return resolve(arguments.has(flag) ? arguments.value(flag) : otherwise,
                 invocation.working_directory);
}

/// Asks without showing what is typed. A signal would end the program with the terminal silent, so
/// that its key counts as a letter, and cancels.
Result<Secret> ask_password(Terminal& terminal, std::string_view question) {
  terminal.write(Stream::Err, question);
  termios before = {};
  const bool known = ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (known) {
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  std::string line;
  std::getline(std::cin, line);
  if (known) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  terminal.write(Stream::Err, "\n");
  constexpr char kInterrupt = 3;
  Secret password(std::move(line));
  if (password.reveal().contains(kInterrupt)) return fail(Errc::Cancelled, "interrupted");
  return password;
}

/// The key's password: what the environment says, or a person; empty where there is neither.
Result<Secret> password_of(const Invocation& invocation, const std::string& key_path, bool is_new) {
  if (auto given = invocation.environment(std::string(kPasswordVariable)))
    return Secret(std::move(*given));
  if (!invocation.interactive) return Secret();
  Secret first = TRY(ask_password(invocation.terminal, fmt::format("Password of {}: ", key_path)));
  if (!is_new) return first;
  const Secret again = TRY(ask_password(invocation.terminal, "The same again: "));
  if (first == again) return first;
  return fail(Errc::Invalid, "the passwords differ; no key was written");
}

/// Writes a file that was not there, for its owner's eyes if `mode` says so.
Result<void> write_new(const std::string& path, std::string_view content, mode_t mode) {
  OwnedDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file.is_open() && errno == EEXIST)
    return fail(Errc::Exists, "{} exists already; remove it, or give another --key", path);
  if (!file.is_open()) return fail_errno(errno, "writing " + path);
  int error = write_all(file.get(), content);
  if (error == 0) error = file.close();
  if (error == 0) return {};
  ::unlink(path.c_str());
  return fail_errno(error, "writing " + path);
}

/// cosign.key has its public half in cosign.pub; any other name, beside it.
std::string public_path(const std::string& path) {
  return (path.ends_with(".key") ? path.substr(0, path.size() - 4) : path) + ".pub";
}

Result<Outcome> generate_key(const Invocation& invocation) {
  const std::string path = path_of(invocation, "--key", "cosign.key");
  const std::string beside = public_path(path);
  for (const std::string& each : {path, beside}) {
    if (file_exists(each))
      return fail(Errc::Exists, "{} exists already; remove it, or give another --key", each);
  }
  const Secret password = TRY(password_of(invocation, path, true));
  const oci::SigningKey key = TRY(oci::SigningKey::generate());
  const Secret pem = TRY(key.to_pem(password));
  const std::string public_pem = TRY(key.public_pem());
  TRY(write_new(path, pem.reveal(), S_IRUSR | S_IWUSR));
  TRY(write_new(beside, public_pem, 0666));
  return Outcome::ok(
      fmt::format(
          "Wrote the private key {}{}\nWrote the public key {}", path,
          password.empty() ? " (without a password: keep it where only you can read it)" : "",
          beside),
      Value::Map{{.key = "private_key", .value = path}, {.key = "public_key", .value = beside}});
}

Result<Outcome> sign(const Invocation& invocation) {
  const auto given = invocation.arguments.positionals();
  if (invocation.arguments.has("--generate-key")) {
    if (!given.empty()) return fail(Errc::Usage, "--generate-key takes no REFERENCE");
    return generate_key(invocation);
  }
  if (given.empty()) return fail(Errc::Usage, "REFERENCE is missing");
  const oci::Reference reference = TRY(oci::Reference::parse(given[0]));
  const std::string path = path_of(invocation, "--key", "cosign.key");
  Result<std::string> read = read_file(path, kMaxKey);
  if (!read && read.error().code() == Errc::NotFound)
    return fail(Errc::NotFound,
                "there is no key {}; make one with 'wash sign --generate-key', or give --key",
                path);
  if (!read) return fail(std::move(read).error());
  const Secret pem(std::move(*read));
  const Secret password =
      pem.reveal().contains("ENCRYPTED") ? TRY(password_of(invocation, path, false)) : Secret();
  Result<oci::SigningKey> key = oci::SigningKey::parse(pem, password);
  if (!key) {
    Error error = std::move(key).error().within(path);
    if (error.code() == Errc::Denied)
      return fail(Errc::Denied, "{}; it is taken from {}", error.message(), kPasswordVariable);
    return fail(std::move(error));
  }
  Loop loop;
  oci::Registry registry(loop, registry_options_of(invocation));
  const oci::Signed made =
      TRY(run_until_signal(loop, oci::sign_artifact(registry, reference, std::move(*key)),
                           "interrupted; the signature may not be there"));
  return Outcome::ok(
      fmt::format("{} {}@{}", made.was_signed ? "Already signed with this key:" : "Signed",
                  reference.name(), made.digest),
      Value::Map{{.key = "reference", .value = reference.text()},
                 {.key = "digest", .value = made.digest},
                 {.key = "signature", .value = made.signatures.text()}});
}

Result<Outcome> verify(const Invocation& invocation) {
  const oci::Reference reference =
      TRY(oci::Reference::parse(invocation.arguments.positionals()[0]));
  const std::string path = path_of(invocation, "--key", "cosign.pub");
  Result<std::string> pem = read_file(path, kMaxKey);
  if (!pem && pem.error().code() == Errc::NotFound)
    return fail(Errc::NotFound, "there is no key {}; give --key the signer's public key", path);
  if (!pem) return fail(std::move(pem).error());
  Result<oci::VerifyingKey> key = oci::VerifyingKey::parse(*pem);
  if (!key) return fail(std::move(key).error().within(path));
  Loop loop;
  oci::Registry registry(loop, registry_options_of(invocation));
  const oci::VerifiedArtifact verified = TRY(run_until_signal(
      loop, oci::verify_artifact(registry, reference, std::move(*key)), "interrupted"));
  Value::List names;
  for (const std::string& name : verified.names) names.emplace_back(name);
  return Outcome::ok(
      fmt::format("Verified {}@{}", reference.name(), verified.digest),
      Value::Map{{.key = "reference", .value = reference.text()},
                 {.key = "digest", .value = verified.digest},
                 {.key = "signatures", .value = static_cast<int64_t>(verified.signatures)},
                 {.key = "signed_as", .value = std::move(names)}});
}

}  // namespace

const Command& sign_command() {
  static const Command kCommand = {
      .name = "sign",
      .summary = "Sign an artifact in a registry with a key",
      .description =
          "Signs the manifest that REFERENCE names, and stores the signature beside it as cosign "
          "does, so that either can verify it. The key is cosign's, encrypted with the password "
          "in COSIGN_PASSWORD, or an ECDSA P-256 key in PEM.",
      .flags = {{.name = "--generate-key",
                 .help = "Write a new key pair, to the file of --key and one in .pub beside it"},
                kKeyFlag,
                kInsecureFlag,
                kUserFlag,
                kPasswordFlag,
                kOciCaFlag},
      .positionals = {{.name = "REFERENCE",
                       .help = "HOST[:PORT]/NAME[:TAG][@DIGEST]",
                       .required = false}},
      .examples = {{.command = "wash sign --generate-key",
                    .what = "Make cosign.key and cosign.pub"},
                   {.command = "wash sign registry.example.com/team/app:1.0",
                    .what = "Sign what was pushed"}},
      .run = outcome_of<sign>,
  };
  return kCommand;
}

const Command& verify_command() {
  static const Command kCommand = {
      .name = "verify",
      .summary = "Check that an artifact was signed with a key",
      .description =
          "Fails unless the manifest that REFERENCE names now has a signature by this key, made by "
          "'wash sign' or by cosign with a key pair. The digest it tells is what was verified.",
      .flags = {kPublicKeyFlag, kInsecureFlag, kUserFlag, kPasswordFlag, kOciCaFlag},
      .positionals = {{.name = "REFERENCE", .help = "HOST[:PORT]/NAME[:TAG][@DIGEST]"}},
      .examples = {{.command = "wash verify --key team.pub registry.example.com/team/app:1.0",
                    .what = "Check who signed it"}},
      .run = outcome_of<verify>,
  };
  return kCommand;
}

}  // namespace wasmcloud::wash
