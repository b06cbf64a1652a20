#include "base/mutex.h"

#include <gtest/gtest.h>

namespace plumb::base {
namespace {

TEST(Mutex, CountsWhatThisThreadHolds) {
  Mutex first;
  Mutex second;
  EXPECT_EQ(mutexes_held_by_this_thread(), 0);
  {
    const MutexLock lock(first);
    EXPECT_EQ(mutexes_held_by_this_thread(), 1);
    {
      const MutexLock inner(second);
      EXPECT_EQ(mutexes_held_by_this_thread(), 2);
    }
    EXPECT_EQ(mutexes_held_by_this_thread(), 1);
  }
  EXPECT_EQ(mutexes_held_by_this_thread(), 0);
}

}  // namespace
}  // namespace plumb::base
