// The pages that --help prints, made from the same tables that the command line is read by.
#pragma once

#include <string>

#include "cli/command.h"

namespace plumb::cli {

// All commands, and the exit codes.
std::string program_help(const std::vector<std::unique_ptr<Command>>& commands);

// One command: usage, options, description.
std::string command_help(const Command& command, const Options& options);

}  // namespace plumb::cli
