#include "env/url.h"

#include "base/text.h"

namespace plumb::env {
namespace {

constexpr size_t kMaxBytes = 64 * 1024;

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_ipv6_character(char c) {
  return (c >= 'a' && c <= 'f') || (c >= '0' && c <= '9') || c == ':' || c == '.';
}

base::Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? base::hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? base::hex_digit(text[i + 2]) : -1;
    if (low < 0) return base::invalid("the URL's user or password has a bad percent escape");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

base::Status read_user(std::string_view text, Url& url) {
  const size_t colon = text.find(':');
  PLUMB_TRY(url.user, percent_decode(text.substr(0, colon)));
  if (colon != std::string_view::npos) {
    PLUMB_TRY(url.password, percent_decode(text.substr(colon + 1)));
  }
  return base::ok();
}

base::Status read_port(std::string_view text, Url& url) {
  const auto port = base::parse_int(text);
  if (!port || *port < 1 || *port > 65535 || text.front() == '+') {
    return base::invalid("the URL's port " + base::quoted(text) + " is not a number to 65535");
  }
  url.port = static_cast<uint16_t>(*port);
  return base::ok();
}

// "host", "host:port", "[::1]:port".
base::Status read_host(std::string_view text, Url& url) {
  std::string_view host = text;
  std::string_view rest;
  const bool bracketed = text.starts_with('[');
  if (bracketed) {
    const size_t end = text.find(']');
    if (end == std::string_view::npos)
      return base::invalid("the URL's host lacks a closing bracket");
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') {
      return base::invalid("the URL has something other than a port after the host's bracket");
    }
  } else if (const size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  url.host = base::to_lower(host);
  if (url.host.empty()) return base::invalid("the URL has no host");
  if (!std::ranges::all_of(url.host, bracketed ? is_ipv6_character : is_host_character)) {
    return std::move(base::invalid("the URL's host " + base::quoted(host) + " is not a host name"))
        .advise("write an international name in its ASCII form (xn--…)");
  }
  // "host:" means the scheme's own port (RFC 3986 section 3.2.3).
  return rest.size() > 1 ? read_port(rest.substr(1), url) : base::ok();
}

// RFC 3986 section 5.2.4, on an absolute path.
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  const auto segments = base::split(path.substr(1), '/');
  for (size_t i = 0; i < segments.size(); ++i) {
    const bool last = i + 1 == segments.size();
    const bool dots = segments[i] == "." || segments[i] == "..";
    if (segments[i] == ".." && !kept.empty()) kept.pop_back();
    if (!dots) kept.push_back(segments[i]);
    if (dots && last) kept.emplace_back("");
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  return out.empty() ? "/" : out;
}

}  // namespace

std::string Url::authority() const {
  std::string out = host.find(':') == std::string_view::npos ? host : "[" + host + "]";
  if (port != (secure() ? 443 : 80)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::printable() const {
  const size_t query = target.find('?');
  return origin() + target.substr(0, query) + (query == std::string_view::npos ? "" : "?…");
}

base::Result<Url> parse_url(std::string_view text) {
  if (text.size() > kMaxBytes) return base::invalid("the URL is longer than 64 KiB");
  if (!std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return base::invalid("the URL has characters that must be percent-encoded");
  }
  text = text.substr(0, text.find('#'));
  const size_t colon = text.find("://");
  Url url;
  url.scheme = base::to_lower(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (url.scheme != "http" && url.scheme != "https") {
    return base::invalid("the URL does not start with http:// or https://");
  }
  url.port = url.secure() ? 443 : 80;
  text.remove_prefix(colon + 3);

  const size_t end = std::min(text.find_first_of("/?"), text.size());
  std::string_view authority = text.substr(0, end);
  if (const size_t at = authority.rfind('@'); at != std::string_view::npos) {
    PLUMB_CHECK_OK(read_user(authority.substr(0, at), url));
    authority.remove_prefix(at + 1);
  }
  PLUMB_CHECK_OK(read_host(authority, url));
  url.target = text.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

base::Result<Url> resolve_url(const Url& base, std::string_view reference) {
  reference = reference.substr(0, reference.find('#'));
  const size_t colon = reference.find(':');
  if (colon < reference.find_first_of("/?")) return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));

  const std::string_view base_path = std::string_view(base.target).substr(0, base.target.find('?'));
  std::string target;
  if (reference.empty()) {
    target = base.target;
  } else if (reference.front() == '?') {
    target = std::string(base_path) + std::string(reference);
  } else {
    const size_t query = std::min(reference.find('?'), reference.size());
    std::string path(reference.substr(0, query));
    if (path.front() != '/') path.insert(0, base_path.substr(0, base_path.rfind('/') + 1));
    target = remove_dot_segments(path) + std::string(reference.substr(query));
  }
  return parse_url(base.origin() + target);
}

}  // namespace plumb::env
