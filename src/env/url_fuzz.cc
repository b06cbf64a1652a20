// Any bytes: as a URL and as a reference; what is accepted prints to text that parses to the same,
// without its user.
#include <cstdlib>

#include "env/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumb::env;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto check = [](const plumb::base::Result<Url>& parsed) {
    if (!parsed.ok()) return;
    Url url = *parsed;
    url.user.clear();
    url.password.clear();
    const auto back = parse_url(url.text());
    if (!back.ok() || !(*back == url)) std::abort();
    (void)url.printable();
  };
  check(parse_url(text));
  check(resolve_url(*parse_url("https://user@host/a/b/c?d"), text));
  return 0;
}
