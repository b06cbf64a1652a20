// HTTP/2 for HttpServerForTest, by nghttp2.
#pragma once

#include <functional>
#include <string>

#include "env/http_server_for_test.h"

namespace plumb::env {

struct Http2ReplyForTest {
  int status = 200;
  HttpHeaders headers{};
  std::string body{};
  bool stay_open = false;         // after the body, the stream stays as it is
  std::function<bool()> ready{};  // null: at once; else asked until it says yes
};

// Called on the thread of the connection.
using Http2HandlerForTest = std::function<Http2ReplyForTest(const RequestForTest&)>;

// For HttpServerForTest::Options::http2. At most `max_streams` at once on a connection.
HttpServerForTest::Speaker http2_for_test(Http2HandlerForTest handler, uint32_t max_streams = 100);

}  // namespace plumb::env
