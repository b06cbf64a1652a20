#include "cli/help.h"

#include "base/text.h"

namespace plumb::cli {
namespace {

constexpr std::string_view kExitCodes = R"(
Exit codes:
  0   done
  1   done, and the answer is no: something differs
  2   the command line is wrong
  3   an input is wrong or missing
  4   a peer did not answer; try again
  70  a mistake of plumb's own; please report it

'plumb COMMAND --help' says more about a command.
)";

// Two columns: `left` padded to `width`, then `right`.
std::string row(const std::string& left, const std::string& right, size_t width) {
  const size_t padding = left.size() < width ? width - left.size() : 1;
  return "  " + left + std::string(padding, ' ') + right + "\n";
}

// "-c, --check", "-o, --output FORMAT", "FILE…".
std::string left_column(const Options::Row& row) {
  std::string out = base::replace_all(row.names, ",", ", ");
  if (const auto* text = std::get_if<Options::Text>(&row.kind)) out += " " + text->value_name;
  return out;
}

}  // namespace

std::string program_help(const std::vector<std::unique_ptr<Command>>& commands) {
  std::string out =
      "plumb: Git is the single source of truth, and what runs is exactly true to it.\n\n"
      "Usage: plumb COMMAND [OPTIONS]\n\nCommands:\n";
  constexpr size_t kWidth = 12;
  for (const auto& command : commands) out += row(command->name(), command->summary(), kWidth);
  return out.append(kExitCodes);
}

std::string command_help(const Command& command, const Options& options) {
  std::string usage = "Usage: plumb " + command.name() + " [OPTIONS]";
  std::string table;
  constexpr size_t kWidth = 20;
  for (const Options::Row& option : options.rows()) {
    if (const auto* list = std::get_if<Options::List>(&option.kind)) {
      usage += list->optional ? " [" + option.names + "…]" : " " + option.names + "…";
    }
    table += row(left_column(option), option.help, kWidth);
  }
  table += row("-h, --help", "This page", kWidth);
  return command.summary() + ".\n\n" + usage + "\n\n" + table + "\n" +
         std::string(base::trim(command.description())) + "\n";
}

}  // namespace plumb::cli
