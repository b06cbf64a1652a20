// plumb version: which plumb this is.
#pragma once

#include "cli/command.h"

namespace plumb::cli {

class VersionCommand final : public Command {
 public:
  std::string name() const override { return "version"; }
  std::string summary() const override {
    return "Print the version and the commit it was built from";
  }
  std::string description() const override;
  void declare(Options& options) override;
  ExitCode run(World& world) override;

 private:
  bool short_ = false;
};

}  // namespace plumb::cli
