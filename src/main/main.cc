// Wiring only: the command line decides everything.
#include "main/static_libc.h"

int main() {
  plumb::main::prepare_static_libc();
  return 0;
}
