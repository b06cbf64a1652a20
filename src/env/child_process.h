// Starting a program, for RealProcesses: from the fork to the exec.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "env/file_descriptor.h"
#include "env/process.h"

namespace plumb::env {

// A program that runs, and our ends of its pipes, which do not block. The leader of a session and
// process group whose id is `pid`.
struct Child {
  pid_t pid = 0;
  FileDescriptor process;  // readable when it has exited (pidfd_open(2))
  FileDescriptor input;
  FileDescriptor output;
  FileDescriptor error_output;
};

// The calling thread must live as long as the program: the kernel kills the program with it.
base::Result<Child> start_child(const Command& command);

}  // namespace plumb::env
