#include "wash/outcome.h"

namespace wasmcloud::wash {

Outcome Outcome::ok(std::string message, Value data) {
  return {.message = std::move(message), .success = true, .data = std::move(data)};
}

Outcome Outcome::failed(const Error& error, Value data) {
  ExitCode code = kExitFailed;
  if (error.code() == Errc::Usage) code = kExitUsage;
  if (error.code() == Errc::Cancelled) code = kExitInterrupted;
  return {.message = error.message(),
          .success = false,
          .data = std::move(data),
          .exit_code = code,
          .is_usage_error = code == kExitUsage};
}

std::string render(const Outcome& outcome, OutputFormat format) {
  if (format == OutputFormat::Json) {
    return to_json(Value::Map{{.key = "message", .value = outcome.message},
                              {.key = "success", .value = outcome.success},
                              {.key = "data", .value = outcome.data}}) +
           "\n";
  }
  return outcome.quiet ? std::string() : outcome.message + "\n";
}

}  // namespace wasmcloud::wash
