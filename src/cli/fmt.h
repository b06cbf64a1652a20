// plumb fmt: canonical YAML, comments kept.
#pragma once

#include "cli/command.h"

namespace plumb::cli {

class FmtCommand final : public Command {
 public:
  std::string name() const override { return "fmt"; }
  std::string summary() const override { return "Format YAML files, keeping comments"; }
  std::string description() const override;
  void declare(Options& options) override;
  ExitCode run(World& world) override;

 private:
  ExitCode format_input(World& world);
  base::Result<bool> format_file(World& world, const std::string& path);

  bool check_ = false;
  std::vector<std::string> paths_;
};

}  // namespace plumb::cli
