// The three streams that every program is promised, and does not always get.
#pragma once

namespace plumb::env {

// Opens /dev/null, the wrong way round, in place of each of standard input, output and error that
// is closed (`plumb … >&-`). Otherwise the next file, pipe or socket takes the number, and results
// and messages are written into it. Reading and writing still fail as on a closed stream. Call
// once, before anything is opened.
void fill_closed_standard_streams();

}  // namespace plumb::env
