#include "base/descriptor.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>

namespace wasmcloud {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> made;
    EXPECT_EQ(::pipe2(made.data(), O_CLOEXEC | O_NONBLOCK), 0);
    out = OwnedDescriptor(made[0]);
    in = OwnedDescriptor(made[1]);
  }
  OwnedDescriptor out;
  OwnedDescriptor in;
};

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(OwnedDescriptor, IsClosedByItsLastOwner) {
  Pipe pipe;
  const int fd = pipe.in.get();
  {
    OwnedDescriptor other = std::move(pipe.in);
    EXPECT_FALSE(pipe.in.is_open());
    EXPECT_EQ(other.get(), fd);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(OwnedDescriptor, SaysWhetherClosingWentWell) {
  Pipe pipe;
  EXPECT_EQ(pipe.in.close(), 0);
  EXPECT_FALSE(pipe.in.is_open());
  EXPECT_EQ(pipe.in.close(), EBADF);
}

TEST(WriteAll, WaitsWhereTheDescriptorDoesNotBlock) {
  Pipe pipe;
  const std::string text(1'000'000, 'x');  // far more than a pipe holds
  std::string got;
  std::thread reader([&] {
    std::array<char, 4096> piece;
    while (got.size() < text.size()) {
      const ssize_t count = ::read(pipe.out.get(), piece.data(), piece.size());
      if (count > 0) got.append(piece.data(), static_cast<size_t>(count));
    }
  });
  EXPECT_EQ(write_all(pipe.in.get(), text), 0);
  reader.join();
  EXPECT_EQ(got, text);
}

TEST(WriteAll, SaysWhyItFailed) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.out.close();
  EXPECT_EQ(write_all(pipe.in.get(), "to nobody"), EPIPE);
}

}  // namespace
}  // namespace wasmcloud
