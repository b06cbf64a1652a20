// Wiring only: the real world, and the command line.
#include <iostream>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "env/files.h"
#include "env/standard_streams.h"
#include "main/static_libc.h"

int main(int argc, char** argv) {
  plumb::env::fill_closed_standard_streams();
  plumb::main::prepare_static_libc();
  std::ios::sync_with_stdio(false);
  plumb::env::RealFiles files;
  plumb::cli::World world{files, std::cin, std::cout, std::cerr};
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(plumb::cli::run(arguments, world));
}
