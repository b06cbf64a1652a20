#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "env/errno_error.h"
#include "env/file_descriptor.h"
#include "env/files.h"
#include "env/random.h"

namespace plumb::env {
namespace {

FileKind kind_of(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kFile;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  if (S_ISLNK(mode)) return FileKind::kSymlink;
  return FileKind::kOther;
}

// Repeats a system call that a signal interrupted.
template <typename Call>
auto retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

FileDescriptor open_at(const std::string& path, int flags, uint32_t mode = 0) {
  return FileDescriptor(
      retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, static_cast<mode_t>(mode)); }));
}

base::Status sync_descriptor(const FileDescriptor& file, const std::string& path) {
  if (retry([&] { return fsync(file.number()); }) != 0) return errno_error(errno, "sync " + path);
  return base::ok();
}

class RealHandle final : public AppendFile::Handle {
 public:
  RealHandle(std::string path, FileDescriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}

  base::Status write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t count =
          retry([&] { return ::write(file_.number(), bytes.data(), bytes.size()); });
      if (count < 0) return errno_error(errno, "write " + path_);
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return base::ok();
  }

  base::Status sync() override { return sync_descriptor(file_, path_); }

 private:
  const std::string path_;
  const FileDescriptor file_;
};

class RealLock final : public FileLock {
 public:
  explicit RealLock(FileDescriptor file) : file_(std::move(file)) {}

 private:
  const FileDescriptor file_;  // closing it releases the lock
};

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

base::Result<std::string> RealFiles::do_read(const std::string& path, size_t limit) {
  const FileDescriptor file = open_at(path, O_RDONLY | O_NOCTTY);
  if (!file.open()) return errno_error(errno, "open " + path);
  constexpr size_t kChunk = 64 * 1024;
  limit = std::min(limit, std::string().max_size() - 1);
  std::string content;
  struct stat info{};
  if (fstat(file.number(), &info) == 0 && S_ISREG(info.st_mode)) {
    content.reserve(std::min<size_t>(limit, static_cast<size_t>(info.st_size)) + 1);
  }
  while (content.size() <= limit) {
    const size_t held = content.size();
    const size_t room = std::min(std::max(kChunk, content.capacity() - held), limit - held + 1);
    content.resize(held + room);
    const ssize_t count = retry([&] { return ::read(file.number(), content.data() + held, room); });
    if (count < 0) return errno_error(errno, "read " + path);
    content.resize(held + static_cast<size_t>(count));
    if (count == 0) return content;
  }
  return base::too_large("read " + path + ": more than " + std::to_string(limit) + " bytes");
}

base::Result<Files::Opened> RealFiles::do_open(const std::string& path, OpenMode how,
                                               uint32_t mode) {
  // First as a new file, so that it is known who creates it.
  FileDescriptor file = open_at(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, mode);
  const bool created = file.open();
  if (!created && errno == EEXIST && how == OpenMode::kAppend) {
    file = open_at(path, O_WRONLY | O_CREAT | O_APPEND, mode);
  }
  if (!file.open()) return errno_error(errno, "open " + path);
  return Opened{std::make_unique<RealHandle>(path, std::move(file)), created};
}

base::Status RealFiles::do_sync_directory(const std::string& path) {
  const FileDescriptor directory = open_at(path, O_RDONLY | O_DIRECTORY);
  if (!directory.open()) return errno_error(errno, "open " + path);
  return sync_descriptor(directory, path);
}

base::Result<std::vector<DirectoryEntry>> RealFiles::do_list(const std::string& path) {
  FileDescriptor file = open_at(path, O_RDONLY | O_DIRECTORY);
  if (!file.open()) return errno_error(errno, "list " + path);
  const std::unique_ptr<DIR, CloseDirectory> directory(fdopendir(file.number()));
  if (!directory) return errno_error(errno, "list " + path);
  const int number = file.release();  // now closed with the directory
  std::vector<DirectoryEntry> entries;
  while (true) {
    errno = 0;
    const dirent* entry = readdir(directory.get());
    if (entry == nullptr && errno != 0) return errno_error(errno, "list " + path);
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    struct stat info{};
    if (fstatat(number, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;  // removed meanwhile
      return errno_error(errno, "list " + path);
    }
    entries.push_back({name, kind_of(info.st_mode)});
  }
  std::ranges::sort(entries, {}, &DirectoryEntry::name);
  return entries;
}

base::Result<FileInfo> RealFiles::do_stat(const std::string& path, bool follow) {
  struct stat info{};
  const int flags = follow ? 0 : AT_SYMLINK_NOFOLLOW;
  if (fstatat(AT_FDCWD, path.c_str(), &info, flags) != 0) return errno_error(errno, "stat " + path);
  const auto modified =
      std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::nanoseconds(info.st_mtim.tv_nsec);
  return FileInfo{.kind = kind_of(info.st_mode),
                  .size = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0,
                  .mode = info.st_mode & 07777U,
                  .modified = WallTime(std::chrono::floor<WallTime::duration>(modified))};
}

base::Status RealFiles::do_symlink(const std::string& target, const std::string& path) {
  if (::symlink(target.c_str(), path.c_str()) != 0) return errno_error(errno, "link " + path);
  return base::ok();
}

base::Result<std::string> RealFiles::do_read_link(const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t count = readlink(path.c_str(), target.data(), target.size());
  if (count < 0) return errno_error(errno, "read link " + path);
  target.resize(static_cast<size_t>(count));
  return target;
}

base::Status RealFiles::do_make_directory(const std::string& path, uint32_t mode) {
  if (mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0) {
    return errno_error(errno, "make directory " + path);
  }
  return base::ok();
}

base::Status RealFiles::do_rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    return errno_error(errno, "rename " + from + " to " + to);
  }
  return base::ok();
}

base::Status RealFiles::do_remove(const std::string& path) {
  if (::remove(path.c_str()) != 0) return errno_error(errno, "remove " + path);
  return base::ok();
}

base::Status RealFiles::do_remove_tree(const std::string& path) {
  // libstdc++ goes down by openat() with O_NOFOLLOW: a directory exchanged for a link meanwhile is
  // not followed (CVE-2022-21658's kind).
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return errno_error(error.value(), "remove " + path);
  return base::ok();
}

base::Result<std::unique_ptr<FileLock>> RealFiles::do_lock(const std::string& path) {
  FileDescriptor file = open_at(path, O_RDWR | O_CREAT, kPrivateFile);
  if (!file.open()) return errno_error(errno, "open " + path);
  if (retry([&] { return flock(file.number(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return errno_error(errno, "lock " + path);
    return base::conflict("lock " + path + ": somebody else holds it");
  }
  return std::unique_ptr<FileLock>(std::make_unique<RealLock>(std::move(file)));
}

std::string RealFiles::unique_suffix() {
  std::array<uint8_t, 8> bytes;
  RealRandom().fill(bytes);
  return base::to_hex(bytes);
}

}  // namespace plumb::env
