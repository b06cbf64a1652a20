// SimulatedFiles: a file system in memory that can fail and lose power.
//
// As on a disk, a write reaches the memory of the machine, and only a sync the disk: crash() goes
// back to what was synced, file contents and the entries of directories each on their own. Faults
// can be injected at the nth primitive call (about a system call) of a kind.
//
// Not simulated: permissions are kept but not checked, every user is root; there are no hard links
// and no special files.
#pragma once

#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "env/clock.h"
#include "env/files.h"
#include "env/random.h"

namespace plumb::env {

// The kinds of primitive calls. write_atomically is kOpen, kWrite, kSync, kRename, kSyncDirectory.
enum class FileCall {
  kAny,
  kRead,
  kOpen,
  kWrite,
  kSync,
  kSyncDirectory,
  kList,
  kStat,
  kLink,
  kReadLink,
  kMakeDirectory,
  kRename,
  kRemove,
  kRemoveTree,
  kLock,
};

class SimulatedFiles final : public Files {
 public:
  struct Fault {
    FileCall call = FileCall::kAny;
    uint64_t nth = 1;  // of that kind from now on; 1: the next
    int error_number = EIO;
    bool lasting = false;  // that one and all after it, until heal() or crash()
  };

  // `clock` dates what is written.
  explicit SimulatedFiles(const Clock& clock);
  ~SimulatedFiles() override;

  // Replaces the fault that was set before. A write that fails has written the first half.
  void inject(Fault fault);
  void heal() { fault_.reset(); }

  // The power fails and comes back: everything that was not synced is lost, locks are released, and
  // handles from before fail with EIO.
  void crash();
  // As crash(), but of what was not synced each directory's entries, and each file's content up to
  // some length, may have reached the disk all the same: any disk is free to do so.
  void crash(Random& random);

  // Primitive calls so far.
  uint64_t calls() const { return calls_; }

 private:
  struct Node;
  using NodePtr = std::shared_ptr<Node>;
  struct Found;
  class SimulatedHandle;
  class SimulatedLock;

  base::Status begin(FileCall call, const std::string& doing);
  base::Result<Found> find(const std::string& path, bool follow, const std::string& doing) const;
  base::Result<Found> find_existing(const std::string& path, bool follow,
                                    const std::string& doing) const;
  NodePtr new_node(FileKind kind, uint32_t mode) const;
  void power_off(Random* random);

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

  const Clock& clock_;
  NodePtr root_;
  std::optional<Fault> fault_;
  std::set<const Node*> locked_;
  uint64_t calls_ = 0;
  uint64_t boots_ = 0;  // crashes so far; handles of an earlier boot are dead
  uint64_t next_suffix_ = 0;
};

}  // namespace plumb::env
