#include "cli/command.h"
#include "cli/fmt.h"
#include "cli/version.h"

namespace plumb::cli {

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(std::make_unique<FmtCommand>());
  commands.push_back(std::make_unique<VersionCommand>());
  return commands;
}

}  // namespace plumb::cli
