// Files: the local file system, kept to what a careful program needs of it.
//
// Calls are short and take no Context; like every call that may block they are not made under a
// lock. Errors name the call, the path and the system's reason. Paths are text; relative ones start
// at the working directory (simulated: at "/").
//
// Durability is part of the contract. What these report as done survives a power failure:
// write_atomically, make_directories, rename, AppendFile::sync. Removing, linking and plain appends
// may come undone. The algorithms that promise it are written once, over primitives that the real
// and the simulated form provide, so that a simulated crash tests the very steps that run for real.
//
// RealFiles may be used by any thread, SimulatedFiles belongs to the one thread of a simulation.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "env/clock.h"

namespace plumb::env {

enum class FileKind { kFile, kDirectory, kSymlink, kOther };

struct FileInfo {
  FileKind kind = FileKind::kFile;
  uint64_t size = 0;  // bytes, of files
  uint32_t mode = 0;  // permission bits
  WallTime modified;
};

struct DirectoryEntry {
  std::string name;
  FileKind kind = FileKind::kFile;
  bool operator==(const DirectoryEntry&) const = default;
};

// The work done so far, whether it succeeded or not; tests assert it.
struct FileCounters {
  uint64_t reads = 0;  // whole files
  uint64_t bytes_read = 0;
  uint64_t writes = 0;
  uint64_t bytes_written = 0;
  uint64_t syncs = 0;  // of files and of directories
  uint64_t renames = 0;
  uint64_t removals = 0;
};

class Files;

// Adds to the end of a file. One thread at a time; must not outlive its Files.
class AppendFile {
 public:
  class Handle;
  AppendFile(Files& files, std::string path, bool created, std::unique_ptr<Handle> handle);
  ~AppendFile();

  // After an error a part of `bytes` may have been added.
  base::Status append(std::string_view bytes);
  // Makes what was appended so far, and the file itself, durable. After an error nothing is known
  // of what was appended since the last sync (retrying does not help: Linux forgets dirty pages).
  base::Status sync();

 private:
  Files& files_;
  const std::string path_;
  bool directory_synced_;
  std::unique_ptr<Handle> handle_;
};

// An exclusive lock on a file, against other processes and against this one; released with the
// handle, and by the kernel when the process ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

// Removed, with all that is in it, with the handle.
class TemporaryDirectory {
 public:
  TemporaryDirectory(Files& files, std::string path) : files_(&files), path_(std::move(path)) {}
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory();
  const std::string& path() const { return path_; }

 private:
  Files* files_;  // null after a move
  std::string path_;
};

// Permission bits of what is created, before the umask: private by default, for caches and keys.
inline constexpr uint32_t kPrivateFile = 0600;
inline constexpr uint32_t kPrivateDirectory = 0700;

class Files {
 public:
  virtual ~Files() = default;

  // The whole content of a file (or pipe); kTooLarge if it is more than `limit` bytes.
  base::Result<std::string> read(const std::string& path, size_t limit);
  // Replaces or creates `path` so that readers, and a machine that comes back after a power
  // failure, see the old content or the new. Written first to ".NAME.SUFFIX.tmp" beside it, which a
  // crash can leave behind. A link at `path` is itself replaced.
  base::Status write_atomically(const std::string& path, std::string_view bytes,
                                uint32_t mode = kPrivateFile);
  // Opens `path` for appending, creating it if need be.
  base::Result<std::unique_ptr<AppendFile>> append(const std::string& path,
                                                   uint32_t mode = kPrivateFile);

  // Sorted by the bytes of the name, without "." and "..".
  base::Result<std::vector<DirectoryEntry>> list(const std::string& path);
  // Of a link: the link itself.
  base::Result<FileInfo> stat(const std::string& path);
  base::Status symlink(const std::string& target, const std::string& path);
  base::Result<std::string> read_link(const std::string& path);

  // Creates the directory and those above it that are missing; ok if it is there.
  base::Status make_directories(const std::string& path, uint32_t mode = kPrivateDirectory);
  // Moves within one file system, replacing a file (or empty directory) at `to`.
  base::Status rename(const std::string& from, const std::string& to);
  // A file, a link or an empty directory.
  base::Status remove(const std::string& path);
  // With everything below; links are removed and not followed. Ok if there is nothing.
  base::Status remove_tree(const std::string& path);
  // A new directory of mode 0700 in `parent`.
  base::Result<TemporaryDirectory> temporary_directory(const std::string& parent);

  // Creates the file if need be and locks it; kConflict if somebody holds it. Does not wait.
  base::Result<std::unique_ptr<FileLock>> lock(const std::string& path);

  FileCounters counters() const;

 protected:
  enum class OpenMode { kCreateNew, kAppend };
  struct Opened {
    std::unique_ptr<AppendFile::Handle> handle;
    bool created = false;
  };

 private:
  friend class AppendFile;

  base::Status write_new_file(const std::string& path, std::string_view bytes, uint32_t mode);
  base::Status write(AppendFile::Handle& handle, std::string_view bytes);
  base::Status sync(AppendFile::Handle& handle);
  base::Status sync_directory(const std::string& path);

  // The primitives: one system call or so each, no promises beyond it.
  virtual base::Result<std::string> do_read(const std::string& path, size_t limit) = 0;
  virtual base::Result<Opened> do_open(const std::string& path, OpenMode how, uint32_t mode) = 0;
  virtual base::Status do_sync_directory(const std::string& path) = 0;
  virtual base::Result<std::vector<DirectoryEntry>> do_list(const std::string& path) = 0;
  virtual base::Result<FileInfo> do_stat(const std::string& path, bool follow) = 0;
  virtual base::Status do_symlink(const std::string& target, const std::string& path) = 0;
  virtual base::Result<std::string> do_read_link(const std::string& path) = 0;
  virtual base::Status do_make_directory(const std::string& path, uint32_t mode) = 0;
  virtual base::Status do_rename(const std::string& from, const std::string& to) = 0;
  virtual base::Status do_remove(const std::string& path) = 0;
  virtual base::Status do_remove_tree(const std::string& path) = 0;
  virtual base::Result<std::unique_ptr<FileLock>> do_lock(const std::string& path) = 0;
  // Part of a file name that is not taken yet.
  virtual std::string unique_suffix() = 0;

  struct Counters {
    std::atomic<uint64_t> reads{0}, bytes_read{0}, writes{0}, bytes_written{0}, syncs{0},
        renames{0}, removals{0};
  };
  Counters counters_;
};

// An open file, as the two forms provide it. Destroying it closes the file.
class AppendFile::Handle {
 public:
  virtual ~Handle() = default;
  virtual base::Status write(std::string_view bytes) = 0;
  virtual base::Status sync() = 0;
};

class RealFiles final : public Files {
 private:
  base::Result<std::string> do_read(const std::string& path, size_t limit) override;
  base::Result<Opened> do_open(const std::string& path, OpenMode how, uint32_t mode) override;
  base::Status do_sync_directory(const std::string& path) override;
  base::Result<std::vector<DirectoryEntry>> do_list(const std::string& path) override;
  base::Result<FileInfo> do_stat(const std::string& path, bool follow) override;
  base::Status do_symlink(const std::string& target, const std::string& path) override;
  base::Result<std::string> do_read_link(const std::string& path) override;
  base::Status do_make_directory(const std::string& path, uint32_t mode) override;
  base::Status do_rename(const std::string& from, const std::string& to) override;
  base::Status do_remove(const std::string& path) override;
  base::Status do_remove_tree(const std::string& path) override;
  base::Result<std::unique_ptr<FileLock>> do_lock(const std::string& path) override;
  std::string unique_suffix() override;
};

}  // namespace plumb::env
