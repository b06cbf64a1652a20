// env: the seams to the outside.
//
// Everything that is not a function of its arguments goes through here: time, randomness, files,
// processes, the network, environment variables, and waiting itself. Each seam is an interface with
// two forms: a real one, and a simulated one that is part of the product's tests and, later, of
// simulations of whole fleets. What uses a seam takes it by constructor; there are no globals.
//
// The entry point is Environment, the bundle that main() makes once and everything else is given
// parts of.
//
// Invariants:
//   - Threads, sleeps, condition variables and blocking I/O exist in this folder only.
//   - Every call that may block takes a Context and ends soon after it (files excepted: they are
//     local and short). None is made under a lock; that is asserted.
//   - Under the simulated forms a run is a function of its seed: no order depends on addresses,
//     hash seeds, threads or the computer's clock.
//   - Both forms of a seam pass the same test suite; that is what keeps the fakes honest.
#pragma once

#include "env/clock.h"
#include "env/context.h"
#include "env/executor.h"

namespace plumb::env {

class Files;
class Http;
class Processes;
class Random;
class Variables;

// References to one form of every seam; the owner outlives all users. Take the parts you need, not
// the bundle, unless you pass most of it on.
struct Environment {
  Executor& executor;
  const Clock& clock;  // the executor's
  Random& random;
  Files& files;
  Processes& processes;
  Http& http;
  const Variables& variables;
};

}  // namespace plumb::env
