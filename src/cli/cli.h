// cli: what a person types.
//
// One file a command. A command declares its options in a table (options.h), so that the library
// that reads the command line stays in one file (parse.cc), and then runs in a World: the seams it
// may touch. commands.cc is the explicit list of all of them. Entry point: run().
//
// Invariants: results go to standard output, everything else to standard error; an error says what
// is wrong, where, and what to do, and decides the exit code; nothing is read from the environment
// but through the World.
#pragma once

#include <iosfwd>
#include <span>
#include <string>

#include "env/files.h"

namespace plumb::cli {

// Part of the contract with scripts; documented in docs/cli.md and in --help.
enum class ExitCode : int {
  kOk = 0,
  kNo = 1,  // it worked, and the answer is no: something is not formatted, differs, is out of sync
  kUsage = 2,        // the command line is wrong
  kInvalid = 3,      // an input is wrong or missing
  kUnavailable = 4,  // a peer did not answer; trying again may help
  kInternal = 70,    // a mistake of ours
};

ExitCode exit_code_of(const base::Error& error);

// What commands may touch. Must outlive run().
struct World {
  env::Files& files;
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

// `arguments` without the program's name.
ExitCode run(std::span<const std::string> arguments, World& world);

}  // namespace plumb::cli
