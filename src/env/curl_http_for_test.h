// What the tests of CurlHttp share.
#pragma once

#include <gtest/gtest.h>

#include "env/curl_http.h"
#include "env/http_server_for_test.h"
#include "env/thread_executor.h"

namespace plumb::env {

class CurlHttpTest : public ::testing::Test {
 protected:
  // Answers everything with what it was sent.
  static bool echo(ConnectionForTest& connection, const RequestForTest& request) {
    std::string text = request.method + " " + request.target + "\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
    return connection.write(response_for_test(200, {}, text + "\n" + request.body));
  }

  base::Result<HttpResponse> get(const std::string& url) {
    return http_.send(context_, {.url = url});
  }

  // The rest of a body.
  base::Result<std::string> read_all(HttpStream& stream) {
    std::string body;
    while (true) {
      PLUMB_TRY(auto piece, stream.read(context_));
      if (!piece) return body;
      body += *piece;
    }
  }

  ThreadExecutor executor_{{.workers = 4, .max_tasks = 512}};
  Context context_{executor_.clock()};
  CurlHttp http_{executor_};
};

#define EXPECT_CODE(want, ...)                                     \
  do {                                                             \
    const auto& expect_code_result = (__VA_ARGS__);                \
    ASSERT_FALSE(expect_code_result.ok());                         \
    EXPECT_EQ(expect_code_result.error().code(), base::Code::want) \
        << expect_code_result.error().text();                      \
  } while (false)

}  // namespace plumb::env
