#include "env/http2_server_for_test.h"

#include <map>

#include <nghttp2/nghttp2.h>

namespace plumb::env {
namespace {

class Http2Session {
 public:
  Http2Session(ConnectionForTest& connection, const Http2HandlerForTest& handler,
               uint32_t max_streams)
      : connection_(connection), handler_(handler) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_send_callback(callbacks, on_send);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_server_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry limit{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, max_streams};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, &limit, 1);
  }
  ~Http2Session() { nghttp2_session_del(session_); }
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  void run() {
    while (nghttp2_session_want_read(session_) || nghttp2_session_want_write(session_)) {
      answer_ready();
      if (nghttp2_session_send(session_) != 0) return;
      if (!connection_.readable(std::chrono::milliseconds(2))) continue;
      const std::string bytes = connection_.read();
      if (bytes.empty()) return;
      const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
      if (nghttp2_session_mem_recv(session_, data, bytes.size()) < 0) return;
    }
  }

 private:
  struct Stream {
    RequestForTest request;
    Http2ReplyForTest reply;
    size_t sent = 0;
    bool waiting = false;  // for reply.ready
  };

  static Http2Session& self(void* session) { return *static_cast<Http2Session*>(session); }

  static ssize_t on_send(nghttp2_session*, const uint8_t* data, size_t size, int, void* session) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (!self(session).connection_.write(bytes)) return NGHTTP2_ERR_CALLBACK_FAILURE;
    return static_cast<ssize_t>(size);
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                       size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                       void* session) {
    RequestForTest& request = self(session).streams_[frame->hd.stream_id].request;
    std::string key(reinterpret_cast<const char*>(name), name_size);
    std::string text(reinterpret_cast<const char*>(value), value_size);
    if (key == ":method") {
      request.method = text;
    } else if (key == ":path") {
      request.target = text;
    } else {
      request.headers.add(std::move(key), std::move(text));
    }
    return 0;
  }

  static int on_data(nghttp2_session*, uint8_t, int32_t id, const uint8_t* data, size_t size,
                     void* session) {
    self(session).streams_[id].request.body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* session) {
    const bool ends = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;
    if (ends && (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA)) {
      Stream& stream = self(session).streams_[frame->hd.stream_id];
      stream.reply = self(session).handler_(stream.request);
      stream.waiting = true;
    }
    return 0;
  }

  static int on_close(nghttp2_session*, int32_t id, uint32_t, void* session) {
    self(session).streams_.erase(id);
    return 0;
  }

  static ssize_t read_body(nghttp2_session*, int32_t id, uint8_t* out, size_t room, uint32_t* flags,
                           nghttp2_data_source*, void* session) {
    Stream& stream = self(session).streams_[id];
    const std::string& body = stream.reply.body;
    const size_t count = std::min(room, body.size() - stream.sent);
    std::copy_n(body.begin() + static_cast<ptrdiff_t>(stream.sent), count, out);
    stream.sent += count;
    if (stream.sent == body.size() && !stream.reply.stay_open) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (count == 0 && stream.reply.stay_open) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(count);
  }

  void answer_ready() {
    for (auto& [id, stream] : streams_) {
      if (!stream.waiting || (stream.reply.ready && !stream.reply.ready())) continue;
      stream.waiting = false;
      answer(id, stream.reply);
    }
  }

  void answer(int32_t id, const Http2ReplyForTest& reply) {
    HttpHeaders fields{{":status", std::to_string(reply.status)}};
    for (const auto& [name, value] : reply.headers) fields.add(name, value);
    std::vector<nghttp2_nv> list;
    for (const auto& [name, value] : fields) {
      list.push_back({reinterpret_cast<uint8_t*>(const_cast<char*>(name.data())),
                      reinterpret_cast<uint8_t*>(const_cast<char*>(value.data())), name.size(),
                      value.size(), NGHTTP2_NV_FLAG_NONE});
    }
    nghttp2_data_provider provider{.source = {.ptr = nullptr}, .read_callback = read_body};
    nghttp2_submit_response(session_, id, list.data(), list.size(), &provider);
  }

  ConnectionForTest& connection_;
  const Http2HandlerForTest& handler_;
  nghttp2_session* session_ = nullptr;
  std::map<int32_t, Stream> streams_;
};

}  // namespace

HttpServerForTest::Speaker http2_for_test(Http2HandlerForTest handler, uint32_t max_streams) {
  return [handler = std::move(handler), max_streams](ConnectionForTest& connection) {
    Http2Session(connection, handler, max_streams).run();
  };
}

}  // namespace plumb::env
