#include "cli/command.h"

#include <ostream>

#include "base/text.h"

namespace plumb::cli {

void Options::flag(std::string names, std::string help, bool& target) {
  rows_.push_back({std::move(names), std::move(help), Flag{&target}});
}

void Options::value(std::string names, std::string help, std::string value_name,
                    std::string& target) {
  rows_.push_back({std::move(names), std::move(help), Text{&target, std::move(value_name)}});
}

void Options::arguments(std::string name, std::string help, std::vector<std::string>& target,
                        bool optional) {
  rows_.push_back({std::move(name), std::move(help), List{&target, optional}});
}

ExitCode exit_code_of(const base::Error& error) {
  switch (error.code()) {
    case base::Code::kInternal: return ExitCode::kInternal;
    case base::Code::kUnavailable:
    case base::Code::kThrottled:
    case base::Code::kDeadlineExceeded:
    case base::Code::kCancelled: return ExitCode::kUnavailable;
    default: return ExitCode::kInvalid;
  }
}

ExitCode report(World& world, const Command& command, const base::Error& error) {
  world.err << "plumb " << command.name() << ": " << base::printable(error.text()) << '\n';
  return exit_code_of(error);
}

}  // namespace plumb::cli
