#include "env/files.h"

#include <utility>

#include "env/executor.h"

namespace plumb::env {
namespace {

constexpr int kNameAttempts = 100;

// "/a/b" → "/a"; "/b" → "/"; "b" → ".".
std::string directory_of(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  if (slash == 0) return "/";
  return std::string(path.substr(0, slash));
}

std::string name_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string path_in(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + '/' + name;
}

base::Status check_path(const char* call, const std::string& path) {
  assert_may_block(call);
  if (path.empty()) return base::invalid(std::string(call) + ": the path is empty");
  if (path.find('\0') != std::string::npos) {
    return base::invalid(std::string(call) + ": the path has a NUL byte");
  }
  return base::ok();
}

}  // namespace

AppendFile::AppendFile(Files& files, std::string path, bool created, std::unique_ptr<Handle> handle)
    : files_(files),
      path_(std::move(path)),
      directory_synced_(!created),
      handle_(std::move(handle)) {}

AppendFile::~AppendFile() = default;

base::Status AppendFile::append(std::string_view bytes) {
  assert_may_block("AppendFile::append");
  return files_.write(*handle_, bytes);
}

base::Status AppendFile::sync() {
  assert_may_block("AppendFile::sync");
  PLUMB_CHECK_OK(files_.sync(*handle_));
  if (directory_synced_) return base::ok();
  PLUMB_CHECK_OK(files_.sync_directory(directory_of(path_)));
  directory_synced_ = true;
  return base::ok();
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : files_(std::exchange(other.files_, nullptr)), path_(std::move(other.path_)) {}

TemporaryDirectory::~TemporaryDirectory() {
  if (files_ != nullptr) static_cast<void>(files_->remove_tree(path_));
}

base::Result<std::string> Files::read(const std::string& path, size_t limit) {
  PLUMB_CHECK_OK(check_path("Files::read", path));
  ++counters_.reads;
  PLUMB_TRY(std::string content, do_read(path, limit));
  counters_.bytes_read += content.size();
  return content;
}

base::Status Files::write(AppendFile::Handle& handle, std::string_view bytes) {
  ++counters_.writes;
  counters_.bytes_written += bytes.size();
  return handle.write(bytes);
}

base::Status Files::sync(AppendFile::Handle& handle) {
  ++counters_.syncs;
  return handle.sync();
}

base::Status Files::sync_directory(const std::string& path) {
  ++counters_.syncs;
  return do_sync_directory(path);
}

base::Status Files::write_new_file(const std::string& path, std::string_view bytes, uint32_t mode) {
  PLUMB_TRY(const Opened opened, do_open(path, OpenMode::kCreateNew, mode));
  PLUMB_CHECK_OK(write(*opened.handle, bytes));
  return sync(*opened.handle);
}

base::Status Files::write_atomically(const std::string& path, std::string_view bytes,
                                     uint32_t mode) {
  PLUMB_CHECK_OK(check_path("Files::write_atomically", path));
  const std::string directory = directory_of(path);
  const std::string temporary =
      path_in(directory, "." + name_of(path) + "." + unique_suffix() + ".tmp");
  base::Status written = write_new_file(temporary, bytes, mode);
  if (written.ok()) {
    ++counters_.renames;
    written = do_rename(temporary, path);
  }
  if (!written.ok()) {
    static_cast<void>(do_remove(temporary));  // the first error is the one to report
    return std::move(written).error().while_doing("write " + path);
  }
  return sync_directory(directory);
}

base::Result<std::unique_ptr<AppendFile>> Files::append(const std::string& path, uint32_t mode) {
  PLUMB_CHECK_OK(check_path("Files::append", path));
  PLUMB_TRY(Opened opened, do_open(path, OpenMode::kAppend, mode));
  return std::make_unique<AppendFile>(*this, path, opened.created, std::move(opened.handle));
}

base::Result<std::vector<DirectoryEntry>> Files::list(const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::list", path));
  return do_list(path);
}

base::Result<FileInfo> Files::stat(const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::stat", path));
  return do_stat(path, false);
}

base::Status Files::symlink(const std::string& target, const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::symlink", path));
  return do_symlink(target, path);
}

base::Result<std::string> Files::read_link(const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::read_link", path));
  return do_read_link(path);
}

base::Status Files::make_directories(const std::string& path, uint32_t mode) {
  PLUMB_CHECK_OK(check_path("Files::make_directories", path));
  // From the directory upwards to the first that exists, then down again.
  std::vector<std::string> missing;
  for (std::string directory = path;; directory = directory_of(directory)) {
    const auto info = do_stat(directory, true);
    if (info.ok()) {
      if (info->kind == FileKind::kDirectory) break;
      return base::Error(base::Code::kAlreadyExists, directory + " is not a directory")
          .while_doing("make directory " + path);
    }
    if (info.error().code() != base::Code::kNotFound) return info.error();
    if (directory_of(directory) == directory) return info.error();
    missing.push_back(directory);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const base::Status made = do_make_directory(missing.back(), mode);
    if (!made.ok() && made.error().code() != base::Code::kAlreadyExists) return made.error();
    PLUMB_CHECK_OK(sync_directory(directory_of(missing.back())));
  }
  return base::ok();
}

base::Status Files::rename(const std::string& from, const std::string& to) {
  PLUMB_CHECK_OK(check_path("Files::rename", from));
  PLUMB_CHECK_OK(check_path("Files::rename", to));
  ++counters_.renames;
  PLUMB_CHECK_OK(do_rename(from, to));
  // The new name first: at no time is there neither.
  PLUMB_CHECK_OK(sync_directory(directory_of(to)));
  if (directory_of(from) == directory_of(to)) return base::ok();
  return sync_directory(directory_of(from));
}

base::Status Files::remove(const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::remove", path));
  ++counters_.removals;
  return do_remove(path);
}

base::Status Files::remove_tree(const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::remove_tree", path));
  ++counters_.removals;
  return do_remove_tree(path);
}

base::Result<TemporaryDirectory> Files::temporary_directory(const std::string& parent) {
  PLUMB_CHECK_OK(check_path("Files::temporary_directory", parent));
  for (int attempt = 0; attempt < kNameAttempts; ++attempt) {
    const std::string path = path_in(parent, "plumb-" + unique_suffix());
    const base::Status made = do_make_directory(path, kPrivateDirectory);
    if (made.ok()) return TemporaryDirectory(*this, path);
    if (made.error().code() != base::Code::kAlreadyExists) return made.error();
  }
  return base::Error(base::Code::kAlreadyExists,
                     "make a temporary directory in " + parent + ": every name tried is taken");
}

base::Result<std::unique_ptr<FileLock>> Files::lock(const std::string& path) {
  PLUMB_CHECK_OK(check_path("Files::lock", path));
  return do_lock(path);
}

FileCounters Files::counters() const {
  return {.reads = counters_.reads,
          .bytes_read = counters_.bytes_read,
          .writes = counters_.writes,
          .bytes_written = counters_.bytes_written,
          .syncs = counters_.syncs,
          .renames = counters_.renames,
          .removals = counters_.removals};
}

}  // namespace plumb::env
