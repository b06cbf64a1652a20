// JSON to Value: Boost.JSON's basic_parser calls a handler that stacks finished values; a closing
// bracket folds the top of the stack into one block of exactly the right size.
#include <boost/json/basic_parser_impl.hpp>

#include "base/text.h"
#include "object/json.h"

namespace plumb::object {
namespace {

namespace json = boost::json;

struct Handler {
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;

  Duplicates duplicates = Duplicates::kLastWins;
  std::vector<Member> stack;    // finished values that wait for their bracket; keys empty in arrays
  std::vector<Text> keys;       // of the members whose value is still to come
  std::vector<bool> in_object;  // the brackets that are open
  std::string pending;          // pieces of a string or a number
  std::string problem;          // what is wrong, where the parser could not say it

  void add(Value value) {
    if (in_object.empty() || !in_object.back()) {
      stack.emplace_back(Text(), std::move(value));
    } else {
      stack.emplace_back(std::move(keys.back()), std::move(value));
      keys.pop_back();
    }
  }

  std::string_view whole(std::string_view last) {
    if (pending.empty()) return last;
    pending += last;
    return pending;
  }

  bool fail(json::error_code& code, std::string text) {
    problem = std::move(text);
    code = json::error::syntax;
    return false;
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_comment_part(std::string_view, json::error_code&) { return true; }
  bool on_comment(std::string_view, json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    in_object.push_back(true);
    return true;
  }

  bool on_object_end(std::size_t count, json::error_code& code) {
    in_object.pop_back();
    const std::span<Member> members(stack.data() + stack.size() - count, count);
    Text again;
    bool is_again = false;
    Value object =
        Value::make_object(members, duplicates == Duplicates::kReject ? &again : nullptr);
    is_again = duplicates == Duplicates::kReject && object.size() != count;
    stack.resize(stack.size() - count);
    if (is_again) return fail(code, "key " + base::quoted(again.view()) + " is there twice");
    add(std::move(object));
    return true;
  }

  bool on_array_begin(json::error_code&) {
    in_object.push_back(false);
    return true;
  }

  bool on_array_end(std::size_t count, json::error_code&) {
    in_object.pop_back();
    std::vector<Value>& items = scratch;
    items.clear();
    for (size_t i = stack.size() - count; i < stack.size(); ++i)
      items.push_back(std::move(stack[i].value));
    stack.resize(stack.size() - count);
    add(Value::make_array(items));
    return true;
  }

  bool on_key_part(std::string_view part, std::size_t, json::error_code&) {
    pending += part;
    return true;
  }

  bool on_key(std::string_view last, std::size_t, json::error_code&) {
    keys.emplace_back(whole(last));
    pending.clear();
    return true;
  }

  bool on_string_part(std::string_view part, std::size_t, json::error_code&) {
    pending += part;
    return true;
  }

  bool on_string(std::string_view last, std::size_t, json::error_code&) {
    add(Value(whole(last)));
    pending.clear();
    return true;
  }

  bool on_number_part(std::string_view part, json::error_code&) {
    pending += part;
    return true;
  }

  bool on_int64(std::int64_t number, std::string_view, json::error_code&) {
    pending.clear();
    add(Value(number));
    return true;
  }

  bool on_uint64(std::uint64_t number, std::string_view, json::error_code&) {
    pending.clear();
    add(Value(number));
    return true;
  }

  // Boost's own conversion is not exact; the digits are read again.
  bool on_double(double, std::string_view last, json::error_code& code) {
    const std::string_view digits = whole(last);
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc::result_out_of_range) {
      if (!underflows(digits)) {
        return fail(code, "number " + std::string(digits.substr(0, 40)) + " is too large");
      }
      number = digits.starts_with('-') ? -0.0 : 0.0;
    }
    pending.clear();
    add(Value(number));
    return true;
  }

  // from_chars says "out of range" both for 1e999 and for 1e-999, which is 0. Which it is tells the
  // power of ten of the first digit that is not 0.
  static bool underflows(std::string_view digits) {
    const size_t mark = std::min(digits.find_first_of("eE"), digits.size());
    const size_t point = std::min(digits.find('.'), mark);
    const auto first = static_cast<int64_t>(digits.find_first_of("123456789"));
    const auto before_point = static_cast<int64_t>(point) - first;
    int64_t exponent = 0;  // the parser has refused those beyond int
    const char* begin = digits.data() + std::min(mark + 1, digits.size());
    if (begin < digits.data() + digits.size() && *begin == '+') ++begin;
    std::from_chars(begin, digits.data() + digits.size(), exponent);
    return before_point + exponent < 0;
  }

  bool on_bool(bool flag, json::error_code&) {
    add(Value(flag));
    return true;
  }

  bool on_null(json::error_code&) {
    add(Value());
    return true;
  }

  std::vector<Value> scratch;
};

base::Place place_of(std::string_view text, size_t offset) {
  base::Place place;
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  place.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  place.column = 1 + static_cast<int>(base::utf8_length(before.substr(line_start)));
  return place;
}

std::string reason(const Handler& handler, const json::error_code& code, const JsonLimits& limits) {
  if (!handler.problem.empty()) return handler.problem;
  if (code == json::error::incomplete) return "JSON ends in the middle of a value";
  if (code == json::error::extra_data) return "there is more text after the JSON value";
  if (code == json::error::too_deep) {
    return "JSON is nested deeper than " + std::to_string(limits.depth) + " levels";
  }
  return "not JSON: " + code.message();
}

}  // namespace

base::Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
  json::parse_options options;
  options.max_depth = static_cast<size_t>(limits.depth);
  json::basic_parser<Handler> parser(options);
  parser.handler().duplicates = limits.duplicates;
  json::error_code code;
  const size_t used = parser.write_some(false, text.data(), text.size(), code);
  if (!code && used < text.size()) code = json::error::extra_data;
  if (!code) return std::move(parser.handler().stack.front().value);
  auto place = place_of(text, code == json::error::incomplete ? text.size() : used);
  const bool deep = code == json::error::too_deep;
  std::string message = reason(parser.handler(), code, limits);
  return (deep ? base::too_large(std::move(message)) : base::invalid(std::move(message)))
      .at(std::move(place));
}

}  // namespace plumb::object
