// Url: an http or https address, taken apart.
//
// What RFC 3986 calls a URI, cut down to what a request can be sent to. Parsing is strict (white
// space, control characters and bytes beyond ASCII must be percent-encoded; RFC 3986 section 2)
// and changes nothing but the case of scheme and host: paths keep their dot segments and escapes,
// because servers sign and compare them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace plumb::env {

struct Url {
  std::string scheme;    // "http" or "https"
  std::string user;      // decoded; empty if there is none
  std::string password;  // decoded
  std::string host;      // lower case; an IPv6 address without its brackets
  uint16_t port = 0;     // the scheme's own if the text has none
  std::string target;    // path and query, as the request line has them: "/a/b?c=d", never empty

  bool secure() const { return scheme == "https"; }
  // "host" or "host:port": as the Host header has it. The scheme's own port is left out.
  std::string authority() const;
  // "https://host:port": two URLs with the same origin may see each other's credentials.
  std::string origin() const { return scheme + "://" + authority(); }
  // Without user and password.
  std::string text() const { return origin() + target; }
  // For messages: without user, password and the query's content ("https://host/path?…"), where
  // tokens and signatures are.
  std::string printable() const;
  bool operator==(const Url&) const = default;
};

// kInvalid names what is wrong and never repeats user or password. A fragment is dropped.
base::Result<Url> parse_url(std::string_view text);

// What `reference`, a Location header for example, means at `base` (RFC 3986 section 5.2). A
// reference that has no user of its own gets none.
base::Result<Url> resolve_url(const Url& base, std::string_view reference);

}  // namespace plumb::env
