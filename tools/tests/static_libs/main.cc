// Uses each static library once: static_libs URL prints what it found, or says what failed.
#include <cstdio>
#include <string>

#include <curl/curl.h>
#include <fmt/format.h>
#include <git2.h>
#include <netdb.h>
#include <spdlog/version.h>

#include "main/static_libc.h"

namespace {

int failed(const std::string& what) {
  std::fputs((what + "\n").c_str(), stderr);
  return 1;
}

size_t append(char* data, size_t size, size_t count, void* body) {
  static_cast<std::string*>(body)->append(data, size * count);
  return size * count;
}

// Empty, or what went wrong.
std::string fetch(const char* url, std::string& body) {
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_cleanup(curl);
  return code == CURLE_OK ? "" : curl_easy_strerror(code);
}

// The object id that Git gives these bytes, or empty.
std::string blob_id(const std::string& content) {
  git_oid oid;
  if (git_odb_hash(&oid, content.data(), content.size(), GIT_OBJECT_BLOB) != 0) return "";
  char hex[GIT_OID_HEXSZ + 1];
  return git_oid_tostr(hex, sizeof hex, &oid);
}

}  // namespace

int main(int argc, char** argv) {
  plumb::main::prepare_static_libc();
  if (argc != 2) return failed("usage: static_libs URL");
  curl_global_init(CURL_GLOBAL_ALL);
  git_libgit2_init();

  const curl_version_info_data* curl = curl_version_info(CURLVERSION_NOW);
  if ((curl->features & CURL_VERSION_HTTP2) == 0) return failed("libcurl has no HTTP/2");
  if ((curl->features & CURL_VERSION_ASYNCHDNS) == 0)
    return failed("libcurl resolves in its caller");
  std::string protocols;
  for (const char* const* name = curl->protocols; *name != nullptr; ++name) {
    protocols += fmt::format(" {}", *name);
  }
  int major = 0;
  int minor = 0;
  int revision = 0;
  git_libgit2_version(&major, &minor, &revision);
  if ((git_libgit2_features() & GIT_FEATURE_THREADS) == 0) return failed("libgit2 has no threads");
  fmt::print("libcurl {} ({}):{}\nlibgit2 {}.{}.{}\nspdlog {}\n", curl->version, curl->ssl_version,
             protocols, major, minor, revision, SPDLOG_VER_MAJOR);

  addrinfo* addresses = nullptr;
  if (const int code = getaddrinfo("localhost", "http", nullptr, &addresses); code != 0) {
    return failed(fmt::format("localhost: {}", gai_strerror(code)));
  }
  freeaddrinfo(addresses);

  if (blob_id("") != "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391") return failed("a wrong object id");

  std::string body;
  if (const std::string error = fetch(argv[1], body); !error.empty()) {
    return failed(fmt::format("{}: {}", argv[1], error));
  }
  fmt::print("fetched: {}", body);
  return 0;
}
