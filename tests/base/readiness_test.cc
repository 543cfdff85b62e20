#include "base/readiness.h"

#include "base/ref.h"

#include <gtest/gtest.h>

namespace wasmcloud {
namespace {

TEST(Signal, WakesEveryListenerAndForgetsThoseThatLeft) {
  Loop loop;
  Event first(loop);
  Event second(loop);
  Event left(loop);
  Signal signal;
  Signal::Listener a(first);
  a.listen(signal);
  Signal::Listener b(second);
  b.listen(signal);
  {
    Signal::Listener c(left);
    c.listen(signal);
  }
  signal.notify();
  EXPECT_TRUE(first.is_set());
  EXPECT_TRUE(second.is_set());
  EXPECT_FALSE(left.is_set());
}

TEST(Signal, WakesListenersWhenItIsDestroyed) {
  Loop loop;
  Event event(loop);
  Signal::Listener listener(event);
  {
    Signal signal;
    listener.listen(signal);
  }
  EXPECT_TRUE(event.is_set());
}

TEST(Signal, ListeningElsewhereLeavesTheFirstSignal) {
  Loop loop;
  Event event(loop);
  Signal one;
  Signal two;
  Signal::Listener listener(event);
  listener.listen(one);
  listener.listen(two);
  EXPECT_FALSE(one.has_listeners());
  one.notify();
  EXPECT_FALSE(event.is_set());
  two.notify();
  EXPECT_TRUE(event.is_set());
}

struct Noted : Counted {
  explicit Noted(int* d) : deaths(d) {}
  ~Noted() override { ++*deaths; }
  int* deaths;
};

TEST(Ref, DeletesWithTheLastOwner) {
  int deaths = 0;
  Ref<Noted> a = make_ref<Noted>(&deaths);
  Ref<Counted> b = a;
  Ref<Noted> c = std::move(a);
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move): a moved-from Ref is null by contract
  c = nullptr;
  EXPECT_EQ(deaths, 0);
  b = nullptr;
  EXPECT_EQ(deaths, 1);
}

}  // namespace
}  // namespace wasmcloud
