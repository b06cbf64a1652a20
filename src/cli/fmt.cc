#include "cli/fmt.h"

#include <istream>
#include <iterator>
#include <ostream>

#include "object/yaml_format.h"

namespace plumb::cli {
namespace {

// Half of what parsing takes, because the formatted text may be longer and is parsed again.
constexpr size_t kFileLimit = size_t{32} << 20;

}  // namespace

std::string FmtCommand::description() const {
  return R"(
Rewrites each FILE in canonical form and prints the names of those that changed: two spaces a level,
lists not indented under their key, no needless quotes, one newline at the end. Comments, the order of
keys and the meaning stay. '-' reads standard input and writes standard output.

  plumb fmt apps/*.yaml
  plumb fmt --check apps/*.yaml     exit code 1 if a file would change; nothing is written
  kubectl get deploy web -o yaml | plumb fmt -)";
}

void FmtCommand::declare(Options& options) {
  options.flag("--check",
               "Only print the names of files that would change, and exit with 1 if there are any",
               check_);
  options.arguments("FILE", "YAML files, or '-' for standard input", paths_);
}

ExitCode FmtCommand::run(World& world) {
  auto code = ExitCode::kOk;
  for (const std::string& path : paths_) {
    if (path == "-") {
      code = std::max(code, format_input(world));
      continue;
    }
    const auto changed = format_file(world, path);
    if (!changed.ok()) {
      // The other files are formatted all the same.
      code = std::max(code, report(world, *this, changed.error()));
    } else if (*changed) {
      world.out << path << '\n';
      if (check_) code = std::max(code, ExitCode::kNo);
    }
  }
  return code;
}

ExitCode FmtCommand::format_input(World& world) {
  std::string text;
  for (char c = 0; text.size() <= kFileLimit && world.in.get(c);) text += c;
  // Half of an input must not come out as if it were the whole.
  if (world.in.bad()) return report(world, *this, base::invalid("could not read standard input"));
  if (text.size() > kFileLimit) {
    return report(world, *this, base::too_large("standard input has more than 32 MiB"));
  }
  auto formatted = object::format_yaml(text);
  if (!formatted.ok()) {
    base::Place place = formatted.error().place();
    place.file = "standard input";
    return report(world, *this, std::move(formatted).error().at(std::move(place)));
  }
  if (!check_) world.out << *formatted;
  if (!check_ || *formatted == text) return ExitCode::kOk;
  world.out << "-\n";
  return ExitCode::kNo;
}

// Whether the file changed, or would.
base::Result<bool> FmtCommand::format_file(World& world, const std::string& path) {
  PLUMB_TRY(const std::string text, world.files.read(path, kFileLimit));
  auto formatted = object::format_yaml(text);
  if (!formatted.ok()) {
    base::Place place = formatted.error().place();
    place.file = path;
    return std::move(formatted).error().at(std::move(place));
  }
  if (*formatted == text) return false;
  if (check_) return true;
  PLUMB_TRY(const env::FileInfo info, world.files.stat(path));
  if (info.kind == env::FileKind::kSymlink) {
    return base::invalid("is a symbolic link")
        .at({path, 0, 0, "", ""})
        .advise("name the file it points to");
  }
  PLUMB_CHECK_OK(world.files.write_atomically(path, *formatted, info.mode));
  return true;
}

}  // namespace plumb::cli
