#include "main/static_libc.h"

#ifdef PLUMB_STATIC
#include <nss.h>
#endif

namespace plumb::main {

void prepare_static_libc() {
#ifdef PLUMB_STATIC
  __nss_configure_lookup("hosts", "files dns");
  __nss_configure_lookup("passwd", "files");
  __nss_configure_lookup("group", "files");
  __nss_configure_lookup("services", "files");
#endif
}

}  // namespace plumb::main
