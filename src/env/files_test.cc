// What holds for both forms of Files.
#include "env/files.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/mutex.h"
#include "env/simulated_files.h"

namespace plumb::env {
namespace {

using base::Code;

constexpr size_t kLimit = 1 << 20;

class RealWorld {
 public:
  Files& files() { return files_; }
  std::string parent() { return ::testing::TempDir(); }

 private:
  RealFiles files_;
};

class SimulatedWorld {
 public:
  Files& files() { return files_; }
  std::string parent() { return "/"; }

 private:
  SimulatedClock clock_;
  SimulatedFiles files_{clock_};
};

struct FormNames {
  template <typename World>
  static std::string GetName(int) {  // NOLINT(readability-identifier-naming): gtest's name
    return std::is_same_v<World, RealWorld> ? "Real" : "Simulated";
  }
};

template <typename World>
class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto directory = files_.temporary_directory(world_.parent());
    ASSERT_TRUE(directory.ok()) << directory.error().text();
    directory_.emplace(std::move(*directory));
  }

  std::string at(std::string_view name) const {
    return directory_->path() + "/" + std::string(name);
  }
  void write(std::string_view name, std::string_view content) {
    const base::Status written = files_.write_atomically(at(name), content);
    ASSERT_TRUE(written.ok()) << written.error().text();
  }
  std::string read(std::string_view name) {
    auto content = files_.read(at(name), kLimit);
    return content.ok() ? *std::move(content) : content.error().text();
  }
  std::vector<DirectoryEntry> list(std::string_view name) {
    auto entries = files_.list(at(name));
    EXPECT_TRUE(entries.ok()) << entries.error().text();
    return entries.ok() ? *std::move(entries) : std::vector<DirectoryEntry>();
  }
  template <typename T>
  static void expect_code(const base::Result<T>& result, Code code) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code(), code) << result.error().text();
  }

  World world_;
  Files& files_ = world_.files();
  std::optional<TemporaryDirectory> directory_;
};
using Forms = ::testing::Types<RealWorld, SimulatedWorld>;
TYPED_TEST_SUITE(FilesTest, Forms, FormNames);

TYPED_TEST(FilesTest, ReadsWhatWasWritten) {
  const std::string content("two\nlines\0and a NUL", 19);
  this->write("file", content);
  EXPECT_EQ(this->read("file"), content);
  this->write("empty", "");
  EXPECT_EQ(this->read("empty"), "");
}

TYPED_TEST(FilesTest, WritingReplaces) {
  this->write("file", "a long content");
  this->write("file", "short");
  EXPECT_EQ(this->read("file"), "short");
}

TYPED_TEST(FilesTest, WritingLeavesNothingElseBehind) {
  this->write("file", "1");
  EXPECT_EQ(this->list(""), (std::vector<DirectoryEntry>{{"file", FileKind::kFile}}));
  ASSERT_TRUE(this->files_.make_directories(this->at("taken/x")).ok());
  this->expect_code(this->files_.write_atomically(this->at("taken"), "2"), Code::kInvalid);
  EXPECT_EQ(this->list("").size(), 2);
}

TYPED_TEST(FilesTest, ReadingStopsAtTheLimit) {
  this->write("file", "12345");
  EXPECT_TRUE(this->files_.read(this->at("file"), 5).ok());
  EXPECT_TRUE(this->files_.read(this->at("file"), SIZE_MAX).ok());
  this->expect_code(this->files_.read(this->at("file"), 4), Code::kTooLarge);
  this->expect_code(this->files_.read(this->at("file"), 0), Code::kTooLarge);
}

TYPED_TEST(FilesTest, ErrorsNameTheCallThePathAndTheReason) {
  const auto missing = this->files_.read(this->at("missing"), kLimit);
  this->expect_code(missing, Code::kNotFound);
  EXPECT_EQ(missing.error().message(),
            "open " + this->at("missing") + ": No such file or directory");
}

TYPED_TEST(FilesTest, ErrorCodes) {
  this->write("file", "x");
  ASSERT_TRUE(this->files_.make_directories(this->at("full/x")).ok());
  Files& files = this->files_;
  this->expect_code(files.read(this->at("full"), kLimit), Code::kInvalid);
  this->expect_code(files.read(this->at("file/x"), kLimit), Code::kInvalid);
  this->expect_code(files.list(this->at("file")), Code::kInvalid);
  this->expect_code(files.list(this->at("missing")), Code::kNotFound);
  this->expect_code(files.stat(this->at("missing")), Code::kNotFound);
  this->expect_code(files.read_link(this->at("file")), Code::kInvalid);
  this->expect_code(files.remove(this->at("missing")), Code::kNotFound);
  this->expect_code(files.remove(this->at("full")), Code::kConflict);
  this->expect_code(files.append(this->at("full")), Code::kInvalid);
  this->expect_code(files.append(this->at("missing/file")), Code::kNotFound);
  this->expect_code(files.write_atomically(this->at("missing/file"), "x"), Code::kNotFound);
  this->expect_code(files.symlink("x", this->at("file")), Code::kAlreadyExists);
  this->expect_code(files.rename(this->at("missing"), this->at("x")), Code::kNotFound);
  this->expect_code(files.rename(this->at("file"), this->at("full")), Code::kInvalid);
  this->expect_code(files.rename(this->at("full"), this->at("full/x/y")), Code::kInvalid);
  this->expect_code(files.read("", kLimit), Code::kInvalid);
  this->expect_code(files.read(std::string("a\0b", 3), kLimit), Code::kInvalid);
}

TYPED_TEST(FilesTest, ListsSortedWithKinds) {
  this->write("b", "");
  this->write("Z", "");
  ASSERT_TRUE(this->files_.make_directories(this->at("a")).ok());
  ASSERT_TRUE(this->files_.symlink("nowhere", this->at("c")).ok());
  EXPECT_EQ(this->list(""), (std::vector<DirectoryEntry>{{"Z", FileKind::kFile},
                                                         {"a", FileKind::kDirectory},
                                                         {"b", FileKind::kFile},
                                                         {"c", FileKind::kSymlink}}));
}

TYPED_TEST(FilesTest, StatsWithoutFollowing) {
  ASSERT_TRUE(this->files_.write_atomically(this->at("file"), "12345", 0700).ok());
  ASSERT_TRUE(this->files_.symlink("file", this->at("link")).ok());
  const auto file = this->files_.stat(this->at("file"));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->kind, FileKind::kFile);
  EXPECT_EQ(file->size, 5);
  EXPECT_EQ(file->mode, 0700U);
  EXPECT_GT(format_rfc3339(file->modified), "2025");
  const auto link = this->files_.stat(this->at("link"));
  ASSERT_TRUE(link.ok());
  EXPECT_EQ(link->kind, FileKind::kSymlink);
}

TYPED_TEST(FilesTest, FilesArePrivateByDefault) {
  this->write("file", "");
  EXPECT_EQ(this->files_.stat(this->at("file"))->mode, 0600U);
  EXPECT_EQ(this->files_.stat(this->directory_->path())->mode, 0700U);
}

TYPED_TEST(FilesTest, LinksLeadToTheirTargets) {
  this->write("file", "content");
  ASSERT_TRUE(this->files_.make_directories(this->at("dir/sub")).ok());
  ASSERT_TRUE(this->files_.symlink("../../file", this->at("dir/sub/up")).ok());
  ASSERT_TRUE(this->files_.symlink(this->at("dir"), this->at("absolute")).ok());
  ASSERT_TRUE(this->files_.symlink("loop", this->at("loop")).ok());
  EXPECT_EQ(this->read("dir/sub/up"), "content");
  EXPECT_EQ(this->read("absolute/sub/up"), "content");
  EXPECT_EQ(*this->files_.read_link(this->at("dir/sub/up")), "../../file");
  this->expect_code(this->files_.read(this->at("loop"), kLimit), Code::kInvalid);
  // Replaced itself, not written through.
  this->write("dir/sub/up", "new");
  EXPECT_EQ(this->read("file"), "content");
}

TYPED_TEST(FilesTest, MakesDirectoriesOnce) {
  EXPECT_TRUE(this->files_.make_directories(this->at("a/b/c")).ok());
  const uint64_t syncs = this->files_.counters().syncs;
  EXPECT_TRUE(this->files_.make_directories(this->at("a/b/c")).ok());
  EXPECT_EQ(this->files_.counters().syncs, syncs);
  EXPECT_TRUE(this->files_.make_directories(this->at("a/b/d/")).ok());
  EXPECT_EQ(this->list("a/b").size(), 2);
  this->write("file", "");
  this->expect_code(this->files_.make_directories(this->at("file")), Code::kAlreadyExists);
  ASSERT_TRUE(this->files_.symlink("a", this->at("link")).ok());
  EXPECT_TRUE(this->files_.make_directories(this->at("link/e")).ok());
  EXPECT_EQ(this->list("a").size(), 2);
}

TYPED_TEST(FilesTest, RenamesAcrossDirectories) {
  this->write("file", "content");
  this->write("old", "old");
  ASSERT_TRUE(this->files_.make_directories(this->at("dir")).ok());
  EXPECT_TRUE(this->files_.rename(this->at("file"), this->at("dir/file")).ok());
  EXPECT_EQ(this->read("dir/file"), "content");
  EXPECT_TRUE(this->files_.rename(this->at("old"), this->at("dir/file")).ok());
  EXPECT_EQ(this->read("dir/file"), "old");
  EXPECT_TRUE(this->files_.rename(this->at("dir"), this->at("moved")).ok());
  EXPECT_EQ(this->read("moved/file"), "old");
  EXPECT_EQ(this->list("").size(), 1);
}

TYPED_TEST(FilesTest, RemovesATreeAndNothingItLinksTo) {
  this->write("outside", "kept");
  ASSERT_TRUE(this->files_.make_directories(this->at("tree/deep/er")).ok());
  ASSERT_TRUE(this->files_.make_directories(this->at("kept")).ok());
  this->write("kept/file", "kept");
  this->write("tree/deep/file", "x");
  ASSERT_TRUE(this->files_.symlink("../kept", this->at("tree/to_directory")).ok());
  ASSERT_TRUE(this->files_.symlink("../outside", this->at("tree/to_file")).ok());
  EXPECT_TRUE(this->files_.remove_tree(this->at("tree")).ok());
  EXPECT_TRUE(this->files_.remove_tree(this->at("tree")).ok());
  EXPECT_EQ(this->list("").size(), 2);
  EXPECT_EQ(this->read("kept/file"), "kept");
  EXPECT_EQ(this->read("outside"), "kept");

  ASSERT_TRUE(this->files_.symlink("kept", this->at("link")).ok());
  EXPECT_TRUE(this->files_.remove_tree(this->at("link")).ok());
  EXPECT_EQ(this->read("kept/file"), "kept");
}

TYPED_TEST(FilesTest, AppendsToTheEnd) {
  this->write("log", "old,");
  auto log = this->files_.append(this->at("log"));
  ASSERT_TRUE(log.ok());
  EXPECT_TRUE((*log)->append("first,").ok());
  auto other = this->files_.append(this->at("log"));
  ASSERT_TRUE(other.ok());
  EXPECT_TRUE((*other)->append("second,").ok());
  EXPECT_TRUE((*log)->append("third").ok());
  EXPECT_TRUE((*log)->sync().ok());
  EXPECT_EQ(this->read("log"), "old,first,second,third");
}

TYPED_TEST(FilesTest, CountsTheWork) {
  const FileCounters before = this->files_.counters();
  this->write("file", "12345");
  this->read("file");
  this->read("file");
  auto log = this->files_.append(this->at("log"));
  ASSERT_TRUE(log.ok());
  EXPECT_TRUE((*log)->append("123").ok());
  EXPECT_TRUE((*log)->sync().ok());  // the file and, being new, its directory
  EXPECT_TRUE((*log)->sync().ok());  // the file
  EXPECT_TRUE(this->files_.remove(this->at("log")).ok());
  const FileCounters after = this->files_.counters();
  EXPECT_EQ(after.reads - before.reads, 2);
  EXPECT_EQ(after.bytes_read - before.bytes_read, 10);
  EXPECT_EQ(after.writes - before.writes, 2);
  EXPECT_EQ(after.bytes_written - before.bytes_written, 8);
  EXPECT_EQ(after.syncs - before.syncs, 5);
  EXPECT_EQ(after.renames - before.renames, 1);
  EXPECT_EQ(after.removals - before.removals, 1);
}

TYPED_TEST(FilesTest, OneHolderOfALock) {
  auto lock = this->files_.lock(this->at("lock"));
  ASSERT_TRUE(lock.ok());
  this->expect_code(this->files_.lock(this->at("lock")), Code::kConflict);
  EXPECT_TRUE(this->files_.lock(this->at("other")).ok());
  lock->reset();
  EXPECT_TRUE(this->files_.lock(this->at("lock")).ok());
}

TYPED_TEST(FilesTest, ATemporaryDirectoryGoesWithItsHandle) {
  std::string path;
  {
    auto made = this->files_.temporary_directory(this->directory_->path());
    ASSERT_TRUE(made.ok());
    const TemporaryDirectory directory = std::move(*made);
    path = directory.path();
    EXPECT_TRUE(this->files_.write_atomically(path + "/file", "x").ok());
    const auto second = this->files_.temporary_directory(this->directory_->path());
    ASSERT_TRUE(second.ok());
    EXPECT_NE(second->path(), path);
  }
  this->expect_code(this->files_.stat(path), Code::kNotFound);
  EXPECT_TRUE(this->list("").empty());
}

TEST(FilesDeathTest, AFileCallUnderALockIsNamed) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        RealFiles files;
        base::Mutex mutex;
        base::MutexLock lock(mutex);
        static_cast<void>(files.read("/etc/hostname", kLimit));
      },
      "Files::read may block, and was called with 1 base::Mutex held");
}

}  // namespace
}  // namespace plumb::env
