// What libcurl's failures mean.
#pragma once

#include <string_view>

#include <curl/curl.h>

#include "base/result.h"

namespace plumb::env {

// `detail` is libcurl's own text for this failure, if it has one; `connect_status` the proxy's
// answer to CONNECT, or 0.
base::Error curl_error(CURLcode code, std::string_view detail, long connect_status);

}  // namespace plumb::env
