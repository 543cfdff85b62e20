#include "wasi/cli/bindings_0_3.h"

#include "bindings/wasi/cli_0_3/types.abi.h"
#include "wasi/context.h"
#include "wasi/io/guest_streams.h"

#include <gtest/gtest.h>

#include <unistd.h>

namespace wasmcloud::wasi::cli::v0_3 {
namespace {

using ErrorCode = wit::types::ErrorCode;

class Cli03 : public testing::Test {
 protected:
  void start() { context.emplace(loop, environment); }
  ~Cli03() override {
    if (context) EXPECT_TRUE(run_to_end(loop, context->finish()));
  }
  std::expected<void, ErrorCode> await(Ended ended) {
    return run_to_end(loop, ended.read()).value();
  }
  /// Writes `text` to standard output in a stream of its own, and tells how that ended.
  std::expected<void, ErrorCode> print(std::string text) {
    auto [writer, reader] = component::make_stream<uint8_t>(loop);
    TaskGroup writes(loop);
    size_t written = 0;
    writes.spawn(write_all, std::move(writer), std::move(text), &written);
    const auto end = await(*StdoutInterface(*context).write_via_stream(std::move(reader)));
    loop.run_until([&] { return writes.size() == 0; });
    return end;
  }

  Loop loop;
  Environment environment;
  std::optional<Context> context;
};

TEST_F(Cli03, StandardInputIsReadToItsEnd) {
  environment.input = input_from("one two");
  start();
  StdinInterface standard_input(*context);
  // What a stream did not ask for is left for the next.
  auto [unread, well] = *standard_input.read_via_stream();
  unread.close();
  EXPECT_TRUE(await(std::move(well)));
  auto [stream, ended] = *standard_input.read_via_stream();
  EXPECT_EQ(read_some(loop, stream, 4), "one ");
  EXPECT_EQ(read_all(loop, stream), "two");
  EXPECT_TRUE(await(std::move(ended)));
}

TEST_F(Cli03, WhatIsWrittenArrives) {
  std::vector<std::string> lines;
  environment.output = output_to_lines([&](std::string_view line) { lines.emplace_back(line); });
  start();
  EXPECT_TRUE(print("one\ntw"));
  EXPECT_TRUE(print("o\n"));
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two"}));
}

TEST_F(Cli03, ABrokenPipeIsToldByItsName) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  ::signal(SIGPIPE, SIG_IGN);
  environment.output = std::make_shared<DescriptorOutput>(ends[1]);
  start();
  EXPECT_EQ(print("text").error(), ErrorCode::Pipe);
  ::close(ends[1]);
}

TEST_F(Cli03, TheEnvironmentIsAsGiven) {
  environment.arguments = {"program", "x"};
  environment.variables = {{"A", "1"}, {"B", ""}};
  start();
  EnvironmentInterface interface(environment);
  EXPECT_EQ(*interface.get_arguments(), environment.arguments);
  EXPECT_EQ(interface.get_environment()->at(0), std::tuple("A", "1"));
  EXPECT_EQ(interface.get_environment()->size(), 2U);
  EXPECT_EQ(*interface.get_initial_cwd(), std::nullopt);
  EXPECT_EQ(*TerminalStdoutInterface(environment).get_terminal_stdout(), std::nullopt);
}

TEST_F(Cli03, ExitEndsTheGuestWithItsStatus) {
  const auto ended = ExitInterface().exit_with_code(7);
  EXPECT_EQ(ended.error().code(), Errc::Exit);
  EXPECT_EQ(ended.error().number(), 7);
  EXPECT_EQ(ExitInterface().exit(std::unexpected(std::monostate())).error().number(), 1);
}

}  // namespace
}  // namespace wasmcloud::wasi::cli::v0_3
