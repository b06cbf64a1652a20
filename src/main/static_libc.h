// What a fully static binary owes its C library before it resolves a name or looks up a user.
#pragma once

namespace plumb::main {

// Limits the name service to what is built into glibc: files and DNS. Otherwise a static binary
// loads the plugins that the host's /etc/nsswitch.conf names, which belong to the host's glibc and
// may not fit ours. Call once, first in main(). Does nothing in the ordinary, dynamic build.
void prepare_static_libc();

}  // namespace plumb::main
