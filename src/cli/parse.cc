// The command line: CLI11, behind the option table of command.h. The only file that includes it.
#include <ostream>

#include <CLI/CLI.hpp>

#include "base/text.h"
#include "cli/command.h"
#include "cli/help.h"

namespace plumb::cli {
namespace {

void bind(CLI::App& app, const Options::Row& row) {
  if (const auto* flag = std::get_if<Options::Flag>(&row.kind)) {
    app.add_flag(row.names, *flag->target, row.help);
  } else if (const auto* text = std::get_if<Options::Text>(&row.kind)) {
    app.add_option(row.names, *text->target, row.help);
  } else {
    const auto& list = std::get<Options::List>(row.kind);
    app.add_option(row.names, *list.target, row.help);
  }
}

// CLI11 takes "[a,b]" apart, although a file may be called so. A byte that no argument can hold
// hides the bracket from it.
constexpr char kGuard = '\0';

void guard(std::vector<std::string>& arguments) {
  for (std::string& argument : arguments) {
    if (argument.starts_with('[') && argument.ends_with(']')) argument += kGuard;
  }
}

void unguard(std::string& argument) {
  if (argument.ends_with(kGuard)) argument.pop_back();
}

void unguard(const Options::Row& row) {
  if (const auto* text = std::get_if<Options::Text>(&row.kind)) {
    unguard(*text->target);
  } else if (const auto* list = std::get_if<Options::List>(&row.kind)) {
    for (std::string& argument : *list->target) unguard(argument);
  }
}

// The name of an argument that is required and not there, or "". CLI11 would ask for it before it
// names an unknown option.
std::string missing(const Options& options) {
  for (const Options::Row& row : options.rows()) {
    const auto* list = std::get_if<Options::List>(&row.kind);
    if (list != nullptr && !list->optional && list->target->empty()) return row.names;
  }
  return "";
}

ExitCode usage_error(World& world, const std::string& name, const std::string& problem) {
  world.err << name << ": " << base::printable(problem) << "; '" << name
            << " --help' lists what there is\n";
  return ExitCode::kUsage;
}

// Reads the arguments of one command; nothing if it may run, else what to leave with.
std::optional<ExitCode> parse(Command& command, std::span<const std::string> arguments,
                              World& world) {
  Options options;
  command.declare(options);
  CLI::App app("", command.name());
  for (const Options::Row& row : options.rows()) bind(app, row);
  try {
    // CLI11 takes the arguments from the back.
    std::vector<std::string> words(arguments.rbegin(), arguments.rend());
    guard(words);
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    world.out << command_help(command, options);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    return usage_error(world, "plumb " + command.name(), error.what());
  }
  for (const Options::Row& row : options.rows()) unguard(row);
  const std::string name = missing(options);
  if (name.empty()) return std::nullopt;
  return usage_error(world, "plumb " + command.name(), name + " is required");
}

ExitCode finished(World& world, const std::string& name, ExitCode code) {
  world.out.flush();
  if (world.out) return code;
  world.err << name << ": could not write to standard output; is the disk full?\n";
  return ExitCode::kInvalid;
}

}  // namespace

ExitCode run(std::span<const std::string> arguments, World& world) {
  const auto commands = all_commands();
  std::string name = arguments.empty() ? "" : arguments.front();
  std::vector<std::string> rest(arguments.begin() + (arguments.empty() ? 0 : 1), arguments.end());
  if (name == "--version") name = "version";
  if (name == "help" && !rest.empty()) {
    name = rest.front();
    rest = {"--help"};
  }
  if (name == "-h" || name == "--help" || name == "help") {
    world.out << program_help(commands);
    return finished(world, "plumb", ExitCode::kOk);
  }
  if (name.empty()) return usage_error(world, "plumb", "name a command");
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const auto& command) { return command->name() == name; });
  if (found == commands.end()) {
    return usage_error(world, "plumb", "there is no command " + base::quoted(name));
  }
  const auto parsed = parse(**found, rest, world);
  return finished(world, "plumb " + name, parsed ? *parsed : (*found)->run(world));
}

}  // namespace plumb::cli
