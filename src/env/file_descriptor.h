// FileDescriptor: owns an open descriptor and closes it. For the real forms alone.
#pragma once

#include <utility>

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace plumb::env {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = std::exchange(other.number_, -1);
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  // Gives up ownership.
  int release() { return std::exchange(number_, -1); }
  void close() {
    if (open()) ::close(release());
  }

 private:
  int number_ = -1;  // negative: none
};

// pidfd_open(2): readable once the process has exited. By number: glibc 2.36 declares the function
// without C linkage.
inline FileDescriptor open_process(pid_t pid) {
  return FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

}  // namespace plumb::env
