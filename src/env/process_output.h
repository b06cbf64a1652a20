// What the two forms of Processes share.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "env/process.h"

namespace plumb::env {

// kInvalid if no program could be started with these arguments: none at all, or a NUL byte.
base::Status check_command(const Command& command);

// Collects output up to a limit, or hands it on line by line.
class ProcessOutput {
 public:
  ProcessOutput(size_t limit, std::function<void(std::string_view)> on_line = nullptr)
      : limit_(limit), on_line_(std::move(on_line)) {}

  void add(std::string_view bytes);
  // Hands on the last line, if it has no end. Returns what was collected.
  std::string finish();
  // True if something was dropped.
  bool truncated() const { return truncated_; }

 private:
  void collect(std::string_view bytes);

  const size_t limit_;
  const std::function<void(std::string_view)> on_line_;
  std::string held_;  // everything so far, or the line begun
  bool truncated_ = false;
};

}  // namespace plumb::env
