#include "env/simulated_files.h"

#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace plumb::env {
namespace {

constexpr size_t kLimit = 1 << 20;

class SimulatedFilesTest : public ::testing::Test {
 protected:
  std::string read(const std::string& path) {
    auto content = files_.read(path, kLimit);
    return content.ok() ? *std::move(content) : "(" + content.error().text() + ")";
  }
  bool exists(const std::string& path) { return files_.stat(path).ok(); }

  SimulatedClock clock_;
  SimulatedFiles files_{clock_};
};

TEST_F(SimulatedFilesTest, WhatWasReportedAsDurableSurvivesACrash) {
  ASSERT_TRUE(files_.make_directories("/a/b").ok());
  ASSERT_TRUE(files_.write_atomically("/a/b/file", "content").ok());
  ASSERT_TRUE(files_.rename("/a/b/file", "/a/moved").ok());
  auto log = files_.append("/a/log");
  ASSERT_TRUE(log.ok());
  ASSERT_TRUE((*log)->append("synced").ok());
  ASSERT_TRUE((*log)->sync().ok());
  ASSERT_TRUE((*log)->append(" and not").ok());
  EXPECT_EQ(read("/a/log"), "synced and not");
  files_.crash();
  EXPECT_EQ(read("/a/moved"), "content");
  EXPECT_EQ(read("/a/log"), "synced");
  EXPECT_FALSE(exists("/a/b/file"));
}

TEST_F(SimulatedFilesTest, WhatWasNotSyncedIsLost) {
  ASSERT_TRUE(files_.write_atomically("/kept", "content").ok());
  ASSERT_TRUE(files_.symlink("x", "/link").ok());
  ASSERT_TRUE(files_.append("/new").ok());
  ASSERT_TRUE(files_.remove("/kept").ok());
  files_.crash();
  EXPECT_FALSE(exists("/link"));
  EXPECT_FALSE(exists("/new"));
  EXPECT_EQ(read("/kept"), "content");  // the removal came undone
}

TEST_F(SimulatedFilesTest, HandlesAndLocksDoNotOutliveACrash) {
  auto log = files_.append("/log");
  ASSERT_TRUE(log.ok());
  const auto lock = files_.lock("/lock");
  ASSERT_TRUE(lock.ok());
  files_.crash();
  EXPECT_FALSE((*log)->append("x").ok());
  EXPECT_FALSE((*log)->sync().ok());
  EXPECT_TRUE(files_.lock("/lock").ok());
}

TEST_F(SimulatedFilesTest, FaultsHitTheNthCallOfAKind) {
  files_.inject({.call = FileCall::kWrite, .nth = 2, .error_number = ENOSPC});
  EXPECT_TRUE(files_.write_atomically("/first", "1").ok());
  const base::Status second = files_.write_atomically("/second", "2");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), base::Code::kUnavailable);
  EXPECT_EQ(second.error().message(),
            "write /second: write /.second.1.tmp: No space left on device");
  EXPECT_TRUE(files_.write_atomically("/third", "3").ok());
  EXPECT_EQ(files_.list("/")->size(), 2);
}

TEST_F(SimulatedFilesTest, ALastingFaultEndsWithHeal) {
  files_.inject({.lasting = true});
  EXPECT_FALSE(files_.write_atomically("/file", "1").ok());
  EXPECT_FALSE(files_.list("/").ok());
  files_.heal();
  EXPECT_TRUE(files_.write_atomically("/file", "1").ok());
}

TEST_F(SimulatedFilesTest, AFailedWriteMayHaveWrittenAPart) {
  auto log = files_.append("/log");
  ASSERT_TRUE(log.ok());
  files_.inject({.call = FileCall::kWrite});
  EXPECT_FALSE((*log)->append("12345678").ok());
  EXPECT_EQ(read("/log"), "1234");
}

TEST_F(SimulatedFilesTest, DatesComeFromTheClock) {
  clock_.set_wall(WallTime(std::chrono::seconds(1000)));
  ASSERT_TRUE(files_.write_atomically("/file", "").ok());
  EXPECT_EQ(files_.stat("/file")->modified, WallTime(std::chrono::seconds(1000)));
}

// Whatever step fails, and whatever then reaches the disk: the file is the old one or the new one,
// and the new one if the write was reported as done.
TEST(CrashTest, AnAtomicWriteIsAllOrNothing) {
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SeededRandom random(seed);
    const SimulatedClock clock;
    SimulatedFiles files(clock);
    ASSERT_TRUE(files.write_atomically("/file", "old content").ok());
    files.inject({.nth = 1 + random.below(6), .lasting = true});
    const bool done = files.write_atomically("/file", "the new content").ok();
    files.crash(random);
    const auto content = files.read("/file", kLimit);
    ASSERT_TRUE(content.ok()) << "seed " << seed;
    EXPECT_TRUE(*content == "the new content" || (!done && *content == "old content"))
        << "seed " << seed << ": " << *content;
    seen.insert(*content);
  }
  EXPECT_EQ(seen.size(), 2);  // both happen
}

// A log that is appended to and crashes at any time holds what was synced, and of the rest a
// prefix.
TEST(CrashTest, AnAppendedFileKeepsWhatWasSynced) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SeededRandom random(seed);
    const SimulatedClock clock;
    SimulatedFiles files(clock);
    std::string written;
    std::string synced;
    {
      auto log = files.append("/log");
      ASSERT_TRUE(log.ok());
      ASSERT_TRUE((*log)->sync().ok());
      for (uint64_t step = random.below(20); step > 0; --step) {
        if (random.below(3) == 0) {
          ASSERT_TRUE((*log)->sync().ok());
          synced = written;
        } else {
          const std::string line(random.below(10), static_cast<char>('a' + step));
          ASSERT_TRUE((*log)->append(line).ok());
          written += line;
        }
      }
    }
    files.crash(random);
    const auto content = files.read("/log", kLimit);
    ASSERT_TRUE(content.ok());
    EXPECT_TRUE(content->starts_with(synced)) << "seed " << seed;
    EXPECT_TRUE(written.starts_with(*content)) << "seed " << seed;
  }
}

// Against a map: what write_atomically and rename report as done, a crash does not undo.
TEST(CrashTest, RandomWritesAndRenamesSurviveAsReported) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    const SimulatedClock clock;
    SimulatedFiles files(clock);
    ASSERT_TRUE(files.make_directories("/d").ok());
    const std::vector<std::string> paths = {"/a", "/b", "/d/a", "/d/b"};
    std::map<std::string, std::string> model;
    for (int step = 0; step < 30; ++step) {
      const std::string& path = paths[random.below(paths.size())];
      if (random.below(2) == 0) {
        const std::string content = std::to_string(random.uint64());
        ASSERT_TRUE(files.write_atomically(path, content).ok());
        model[path] = content;
      } else {
        const std::string& to = paths[random.below(paths.size())];
        const bool renamed = files.rename(path, to).ok();
        ASSERT_EQ(renamed, model.contains(path)) << "seed " << seed;
        if (renamed && path != to) {
          model[to] = model[path];
          model.erase(path);
        }
      }
      if (random.below(5) == 0) files.crash(random);
      for (const std::string& each : paths) {
        const auto content = files.read(each, kLimit);
        ASSERT_EQ(content.ok(), model.contains(each)) << "seed " << seed << " " << each;
        ASSERT_EQ(content.ok() ? *content : "", model.contains(each) ? model[each] : "");
      }
    }
  }
}

}  // namespace
}  // namespace plumb::env
