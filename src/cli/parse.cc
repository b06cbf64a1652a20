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
    app.add_option(row.names, *list.target, row.help)->required(!list.optional);
  }
}

ExitCode usage_error(World& world, const std::string& name, const std::string& problem) {
  world.err << name << ": " << problem << "; '" << name << " --help' lists what there is\n";
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
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    world.out << command_help(command, options);
    return ExitCode::kOk;
  } catch (const CLI::ParseError& error) {
    return usage_error(world, "plumb " + command.name(), error.what());
  }
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
  if (name == "--version") name = "version";
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
  const auto parsed = parse(**found, arguments.subspan(1), world);
  return finished(world, "plumb " + name, parsed ? *parsed : (*found)->run(world));
}

}  // namespace plumb::cli
