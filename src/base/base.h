// base: what every folder may lean on.
//
// The vocabulary of the program before it knows anything about Kubernetes, Git or files: how a
// function fails (result.h), how things are named (id.h) and told apart by content (hash.h), how
// text is cut and escaped (text.h), how a lock is declared (mutex.h), and how the program speaks to
// whoever runs it (log.h).
//
// Invariants:
//   - No domain: nothing here knows what a manifest or a cluster is.
//   - No I/O and no clock. The one exception is log.cc, which writes to standard error.
//   - No state that outlives a call. A Logger is a handle that is passed on, not a global.
#pragma once

#include "base/hash.h"
#include "base/id.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/result.h"
#include "base/text.h"
