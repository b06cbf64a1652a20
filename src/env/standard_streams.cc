#include "env/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

namespace plumb::env {

void fill_closed_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) != -1) continue;
    // open() takes the lowest free number: this one, because those below are open by now.
    open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace plumb::env
