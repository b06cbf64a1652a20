// A command: its words, its options, and what it does.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "cli/cli.h"

namespace plumb::cli {

// The options and arguments of a command, as a table that binds each to a variable. The variables
// must outlive the parsing; their values before it are the defaults.
class Options {
 public:
  // `names` as "-c,--check".
  void flag(std::string names, std::string help, bool& target);
  void value(std::string names, std::string help, std::string value_name, std::string& target);
  // What stands without a name. At least one unless `optional`.
  void arguments(std::string name, std::string help, std::vector<std::string>& target,
                 bool optional = false);

  struct Flag {
    bool* target;
  };
  struct Text {
    std::string* target;
    std::string value_name;
  };
  struct List {
    std::vector<std::string>* target;
    bool optional;
  };
  struct Row {
    std::string names;
    std::string help;
    std::variant<Flag, Text, List> kind;
  };
  const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Row> rows_;
};

class Command {
 public:
  virtual ~Command() = default;

  virtual std::string name() const = 0;
  virtual std::string summary() const = 0;  // one line, for the list of commands
  // What it does, examples, exit codes of its own; printed by --help.
  virtual std::string description() const = 0;
  virtual void declare(Options& options) = 0;
  virtual ExitCode run(World& world) = 0;
};

// Every command, in the order of the list that --help prints.
std::vector<std::unique_ptr<Command>> all_commands();

// For commands: prints "plumb NAME: error" and gives the exit code.
ExitCode report(World& world, const Command& command, const base::Error& error);

}  // namespace plumb::cli
