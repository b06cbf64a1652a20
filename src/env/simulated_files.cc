#include "env/simulated_files.h"

#include <deque>
#include <utility>

#include "base/text.h"
#include "env/errno_error.h"

namespace plumb::env {
namespace {

constexpr int kMaxLinks = 40;  // as Linux

// The names along a path, without empty ones and ".".
std::vector<std::string> names_of(std::string_view path) {
  std::vector<std::string> names;
  for (const std::string_view name : base::split(path, '/')) {
    if (!name.empty() && name != ".") names.emplace_back(name);
  }
  return names;
}

}  // namespace

// A file, directory or link: as the running system sees it, and as the disk has it.
struct SimulatedFiles::Node {
  FileKind kind = FileKind::kFile;
  uint32_t mode = 0;
  WallTime modified;
  std::string target;  // of a link
  std::string content;
  std::string synced_content;
  std::map<std::string, NodePtr> entries;
  std::map<std::string, NodePtr> synced_entries;
};

struct SimulatedFiles::Found {
  NodePtr parent;    // null for the root
  std::string name;  // in the parent
  NodePtr node;      // null if there is no such entry
};

class SimulatedFiles::SimulatedHandle final : public AppendFile::Handle {
 public:
  SimulatedHandle(SimulatedFiles& files, std::string path, NodePtr node)
      : files_(files), path_(std::move(path)), node_(std::move(node)), boot_(files.boots_) {}

  base::Status write(std::string_view bytes) override {
    const std::string doing = "write " + path_;
    if (boot_ != files_.boots_) return errno_error(EIO, doing);
    const base::Status begun = files_.begin(FileCall::kWrite, doing);
    if (!begun.ok()) bytes = bytes.substr(0, bytes.size() / 2);
    node_->content += bytes;
    node_->modified = files_.clock_.wall_now();
    return begun;
  }

  base::Status sync() override {
    const std::string doing = "sync " + path_;
    if (boot_ != files_.boots_) return errno_error(EIO, doing);
    PLUMB_CHECK_OK(files_.begin(FileCall::kSync, doing));
    node_->synced_content = node_->content;
    return base::ok();
  }

 private:
  SimulatedFiles& files_;
  const std::string path_;
  const NodePtr node_;
  const uint64_t boot_;
};

class SimulatedFiles::SimulatedLock final : public FileLock {
 public:
  SimulatedLock(SimulatedFiles& files, NodePtr node)
      : files_(files), node_(std::move(node)), boot_(files.boots_) {
    files_.locked_.insert(node_.get());
  }
  ~SimulatedLock() override {
    if (boot_ == files_.boots_) files_.locked_.erase(node_.get());
  }

 private:
  SimulatedFiles& files_;
  const NodePtr node_;
  const uint64_t boot_;
};

SimulatedFiles::SimulatedFiles(const Clock& clock)
    : clock_(clock), root_(new_node(FileKind::kDirectory, kPrivateDirectory)) {}

SimulatedFiles::~SimulatedFiles() = default;

SimulatedFiles::NodePtr SimulatedFiles::new_node(FileKind kind, uint32_t mode) const {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->mode = mode;
  node->modified = clock_.wall_now();
  return node;
}

void SimulatedFiles::inject(Fault fault) { fault_ = fault; }

base::Status SimulatedFiles::begin(FileCall call, const std::string& doing) {
  ++calls_;
  if (!fault_ || (fault_->call != FileCall::kAny && fault_->call != call)) return base::ok();
  if (fault_->nth > 1) {
    --fault_->nth;
    return base::ok();
  }
  const int error_number = fault_->error_number;
  if (!fault_->lasting) fault_.reset();
  return errno_error(error_number, doing);
}

void SimulatedFiles::crash() { power_off(nullptr); }
void SimulatedFiles::crash(Random& random) { power_off(&random); }

void SimulatedFiles::power_off(Random* random) {
  ++boots_;
  locked_.clear();
  fault_.reset();
  std::set<const Node*> seen;  // a node can be in two directories of the disk
  std::deque<NodePtr> rest = {root_};
  for (; !rest.empty(); rest.pop_front()) {
    Node& node = *rest.front();
    if (!seen.insert(&node).second) continue;
    if (random != nullptr) {
      if (node.content.starts_with(node.synced_content)) {
        const size_t unsynced = node.content.size() - node.synced_content.size();
        node.synced_content =
            node.content.substr(0, node.synced_content.size() + random->below(unsynced + 1));
      }
      if (random->below(2) == 0) node.synced_entries = node.entries;
    }
    node.content = node.synced_content;
    node.entries = node.synced_entries;
    for (const auto& [name, child] : node.entries) rest.push_back(child);
  }
}

base::Result<SimulatedFiles::Found> SimulatedFiles::find(const std::string& path, bool follow,
                                                         const std::string& doing) const {
  std::vector<Found> above;  // the way from the root to here
  Found here{nullptr, "", root_};
  std::deque<std::string> rest;
  for (std::string& name : names_of(path)) rest.push_back(std::move(name));
  int links = 0;
  while (!rest.empty()) {
    if (here.node == nullptr) return errno_error(ENOENT, doing);
    if (here.node->kind != FileKind::kDirectory) return errno_error(ENOTDIR, doing);
    const std::string name = std::move(rest.front());
    rest.pop_front();
    if (name == "..") {
      if (above.empty()) continue;
      here = std::move(above.back());
      above.pop_back();
      continue;
    }
    const auto entry = here.node->entries.find(name);
    Found next{here.node, name, entry == here.node->entries.end() ? nullptr : entry->second};
    if (next.node && next.node->kind == FileKind::kSymlink && (follow || !rest.empty())) {
      if (++links > kMaxLinks) return errno_error(ELOOP, doing);
      const std::vector<std::string> names = names_of(next.node->target);
      rest.insert(rest.begin(), names.begin(), names.end());
      if (next.node->target.starts_with('/')) {
        above.clear();
        here = {nullptr, "", root_};
      }
      continue;
    }
    above.push_back(std::move(here));
    here = std::move(next);
  }
  return here;
}

base::Result<SimulatedFiles::Found> SimulatedFiles::find_existing(const std::string& path,
                                                                  bool follow,
                                                                  const std::string& doing) const {
  PLUMB_TRY(Found found, find(path, follow, doing));
  if (found.node == nullptr) return errno_error(ENOENT, doing);
  return found;
}

base::Result<std::string> SimulatedFiles::do_read(const std::string& path, size_t limit) {
  PLUMB_CHECK_OK(begin(FileCall::kRead, "read " + path));
  PLUMB_TRY(const Found found, find_existing(path, true, "open " + path));
  if (found.node->kind == FileKind::kDirectory) return errno_error(EISDIR, "read " + path);
  if (found.node->content.size() > limit) {
    return base::too_large("read " + path + ": more than " + std::to_string(limit) + " bytes");
  }
  return found.node->content;
}

base::Result<Files::Opened> SimulatedFiles::do_open(const std::string& path, OpenMode how,
                                                    uint32_t mode) {
  const std::string doing = "open " + path;
  PLUMB_CHECK_OK(begin(FileCall::kOpen, doing));
  PLUMB_TRY(Found found, find(path, how == OpenMode::kAppend, doing));
  const bool created = found.node == nullptr;
  if (created) {
    found.node = new_node(FileKind::kFile, mode);
    found.parent->entries[found.name] = found.node;
  } else if (how == OpenMode::kCreateNew) {
    return errno_error(EEXIST, doing);
  } else if (found.node->kind == FileKind::kDirectory) {
    return errno_error(EISDIR, doing);
  }
  return Opened{std::make_unique<SimulatedHandle>(*this, path, found.node), created};
}

base::Status SimulatedFiles::do_sync_directory(const std::string& path) {
  const std::string doing = "sync " + path;
  PLUMB_CHECK_OK(begin(FileCall::kSyncDirectory, doing));
  PLUMB_TRY(const Found found, find_existing(path, true, doing));
  if (found.node->kind != FileKind::kDirectory) return errno_error(ENOTDIR, doing);
  found.node->synced_entries = found.node->entries;
  return base::ok();
}

base::Result<std::vector<DirectoryEntry>> SimulatedFiles::do_list(const std::string& path) {
  const std::string doing = "list " + path;
  PLUMB_CHECK_OK(begin(FileCall::kList, doing));
  PLUMB_TRY(const Found found, find_existing(path, true, doing));
  if (found.node->kind != FileKind::kDirectory) return errno_error(ENOTDIR, doing);
  std::vector<DirectoryEntry> entries;
  for (const auto& [name, node] : found.node->entries) entries.push_back({name, node->kind});
  return entries;
}

base::Result<FileInfo> SimulatedFiles::do_stat(const std::string& path, bool follow) {
  PLUMB_CHECK_OK(begin(FileCall::kStat, "stat " + path));
  PLUMB_TRY(const Found found, find_existing(path, follow, "stat " + path));
  const Node& node = *found.node;
  return FileInfo{
      .kind = node.kind, .size = node.content.size(), .mode = node.mode, .modified = node.modified};
}

base::Status SimulatedFiles::do_symlink(const std::string& target, const std::string& path) {
  const std::string doing = "link " + path;
  PLUMB_CHECK_OK(begin(FileCall::kLink, doing));
  if (target.empty()) return errno_error(ENOENT, doing);
  PLUMB_TRY(const Found found, find(path, false, doing));
  if (found.node != nullptr) return errno_error(EEXIST, doing);
  const NodePtr link = new_node(FileKind::kSymlink, 0777);
  link->target = target;
  found.parent->entries[found.name] = link;
  return base::ok();
}

base::Result<std::string> SimulatedFiles::do_read_link(const std::string& path) {
  const std::string doing = "read link " + path;
  PLUMB_CHECK_OK(begin(FileCall::kReadLink, doing));
  PLUMB_TRY(const Found found, find_existing(path, false, doing));
  if (found.node->kind != FileKind::kSymlink) return errno_error(EINVAL, doing);
  return found.node->target;
}

base::Status SimulatedFiles::do_make_directory(const std::string& path, uint32_t mode) {
  const std::string doing = "make directory " + path;
  PLUMB_CHECK_OK(begin(FileCall::kMakeDirectory, doing));
  PLUMB_TRY(const Found found, find(path, false, doing));
  if (found.node != nullptr) return errno_error(EEXIST, doing);
  found.parent->entries[found.name] = new_node(FileKind::kDirectory, mode);
  return base::ok();
}

base::Status SimulatedFiles::do_rename(const std::string& from, const std::string& to) {
  const std::string doing = "rename " + from + " to " + to;
  PLUMB_CHECK_OK(begin(FileCall::kRename, doing));
  PLUMB_TRY(const Found source, find_existing(from, false, doing));
  PLUMB_TRY(const Found target, find(to, false, doing));
  if (source.parent == nullptr || target.parent == nullptr) return errno_error(EBUSY, doing);
  if (target.node == source.node) return base::ok();
  const bool is_directory = source.node->kind == FileKind::kDirectory;
  if (is_directory) {
    // Not into itself: the target's parent must not lie below the source.
    std::deque<NodePtr> below = {source.node};
    for (; !below.empty(); below.pop_front()) {
      if (below.front() == target.parent) return errno_error(EINVAL, doing);
      for (const auto& [name, child] : below.front()->entries) below.push_back(child);
    }
  }
  if (target.node != nullptr) {
    const bool onto_directory = target.node->kind == FileKind::kDirectory;
    if (is_directory && !onto_directory) return errno_error(ENOTDIR, doing);
    if (!is_directory && onto_directory) return errno_error(EISDIR, doing);
    if (onto_directory && !target.node->entries.empty()) return errno_error(ENOTEMPTY, doing);
  }
  target.parent->entries[target.name] = source.node;
  source.parent->entries.erase(source.name);
  return base::ok();
}

base::Status SimulatedFiles::do_remove(const std::string& path) {
  const std::string doing = "remove " + path;
  PLUMB_CHECK_OK(begin(FileCall::kRemove, doing));
  PLUMB_TRY(const Found found, find_existing(path, false, doing));
  if (found.parent == nullptr) return errno_error(EBUSY, doing);
  if (!found.node->entries.empty()) return errno_error(ENOTEMPTY, doing);
  found.parent->entries.erase(found.name);
  return base::ok();
}

base::Status SimulatedFiles::do_remove_tree(const std::string& path) {
  const std::string doing = "remove " + path;
  PLUMB_CHECK_OK(begin(FileCall::kRemoveTree, doing));
  const auto found = find_existing(path, false, doing);
  if (!found.ok()) {
    const bool absent = found.error().code() == base::Code::kNotFound;
    return absent ? base::ok() : base::Status(found.error());
  }
  if (found->parent == nullptr) return errno_error(EBUSY, doing);
  found->parent->entries.erase(found->name);
  return base::ok();
}

base::Result<std::unique_ptr<FileLock>> SimulatedFiles::do_lock(const std::string& path) {
  PLUMB_CHECK_OK(begin(FileCall::kLock, "lock " + path));
  PLUMB_TRY(Found found, find(path, true, "open " + path));
  if (found.node == nullptr) {
    found.node = new_node(FileKind::kFile, kPrivateFile);
    found.parent->entries[found.name] = found.node;
  }
  if (found.node->kind == FileKind::kDirectory) return errno_error(EISDIR, "open " + path);
  if (locked_.contains(found.node.get())) {
    return base::conflict("lock " + path + ": somebody else holds it");
  }
  return std::unique_ptr<FileLock>(std::make_unique<SimulatedLock>(*this, found.node));
}

std::string SimulatedFiles::unique_suffix() { return std::to_string(next_suffix_++); }

}  // namespace plumb::env
