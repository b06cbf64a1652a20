#include "object/json.h"

#include <gtest/gtest.h>

#include "object/random_value.h"

namespace plumb::object {
namespace {

std::string round_trip(std::string_view text) {
  const auto value = parse_json(text);
  return value.ok() ? to_json(*value) : value.error().text();
}

struct Pair {
  std::string_view in, out;
};

TEST(Json, ReadsAndPrintsAsGo) {
  const Pair cases[] = {
      {" null ", "null"},
      {"[true,false]", "[true,false]"},
      {"-0", "0"},
      {"-0.0", "-0"},
      {"1.0", "1"},
      {"1.5", "1.5"},
      {"1e3", "1000"},
      {"1e20", "100000000000000000000"},
      {"1e21", "1e+21"},
      {"1E-7", "1e-7"},
      {"0.000001", "0.000001"},
      {"1.5e-10", "1.5e-10"},
      {"1e-999", "0"},
      {"-1e-999", "-0"},
      {"0.1", "0.1"},
      {"-12345.678", "-12345.678"},
      {"0.00001234", "0.00001234"},
      {"0.000000999", "9.99e-7"},
      {"123456789012345678901", "123456789012345680000"},
      {"-1.5e300", "-1.5e+300"},
      {"5e-324", "5e-324"},
      {"9223372036854775807", "9223372036854775807"},
      {"18446744073709551615", "18446744073709551615"},
      {"18446744073709551616", "18446744073709552000"},
      {"-9223372036854775808", "-9223372036854775808"},
      {R"("\u00e9\ud83d\ude00\/")", "\"é😀/\""},
      {R"("<&>\u2028\u2029\u0000\t\b\f")", R"("\u003c\u0026\u003e\u2028\u2029\u0000\t\b\f")"},
      {R"({"b":1,"a":{},"c":[]})", R"({"a":{},"b":1,"c":[]})"},
      {R"({"a":1,"a":2})", R"({"a":2})"},
  };
  for (const Pair& c : cases) EXPECT_EQ(round_trip(c.in), c.out) << c.in;
}

TEST(Json, SaysWhatIsWrongAndWhere) {
  const Pair cases[] = {
      {"", "line 1:1: JSON ends in the middle of a value"},
      {"{\"a\": 1,\n \"b\" 2}", "line 2:6: not JSON: syntax error"},
      {"[1,2", "line 1:5: JSON ends in the middle of a value"},
      {"{} {}", "line 1:4: there is more text after the JSON value"},
      {"[1e400]", "line 1:7: number 1e400 is too large"},
      {"[01]", "line 1:3: not JSON: syntax error"},
      {"[\"ä€😀\", x]", "line 1:9: not JSON: syntax error"},
      {"// no\n1", "line 1:1: not JSON: syntax error"},
  };
  for (const Pair& c : cases) EXPECT_EQ(round_trip(c.in), c.out) << c.in;
}

TEST(Json, RefusesWhatIsNotUnicode) {
  for (const char* text :
       {"\"\xFF\"", "\"\xED\xA0\x80\"", R"("\ud800")", R"("\udc00")", R"("\ud800x")"}) {
    EXPECT_FALSE(parse_json(text).ok()) << text;
  }
}

TEST(Json, BadBytesPrintAsReplacementCharacters) {
  EXPECT_EQ(to_json(Value("a\xFF\xC3")), "\"a\\ufffd\\ufffd\"");
}

TEST(Json, DuplicatesAreRefusedOnRequest) {
  const JsonLimits strict{.duplicates = Duplicates::kReject};
  const auto result = parse_json(R"({"x":{"b":1,"a":2,"b":3}})", strict);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message(), "key \"b\" is there twice");
  EXPECT_EQ(result.error().place().line, 1);
  EXPECT_FALSE(parse_json(R"({"":1,"":2})", strict).ok());
  EXPECT_TRUE(parse_json(R"({"x":{"b":1},"b":3})", strict).ok());
}

TEST(Json, DepthIsLimited) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(256)).ok());
  const auto result = parse_json(nested(257));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), base::Code::kTooLarge);
  EXPECT_EQ(result.error().message(), "JSON is nested deeper than 256 levels");
  EXPECT_FALSE(parse_json(std::string(1'000'000, '[')).ok());
}

TEST(Json, IndentsOnRequest) {
  const Value value = parse_json(R"({"a":[1,{"b":2}],"c":{},"d":[]})").value();
  EXPECT_EQ(to_json(value, {.indent = 2}), R"({
  "a": [
    1,
    {
      "b": 2
    }
  ],
  "c": {},
  "d": []
})");
}

TEST(Json, HtmlStaysOnRequest) { EXPECT_EQ(to_json("<&>", {.escape_html = false}), "\"<&>\""); }

// The sign of the exponent alone does not tell a number that is too large from one that is nearly
// 0.
TEST(Json, NumbersBeyondADoubleAreTooLargeOrZeroByTheirValue) {
  const std::string zeros(400, '0');
  EXPECT_EQ(round_trip("1" + zeros + "e-10").substr(0, 17), "line 1:406: numbe");
  EXPECT_EQ(round_trip("1" + zeros + ".5").substr(0, 17), "line 1:404: numbe");
  EXPECT_EQ(round_trip("0." + zeros + "1e5"), "0");
  EXPECT_EQ(round_trip("0." + zeros + "1"), "0");
  EXPECT_EQ(round_trip("0." + zeros + "1E+401"), "1");
  EXPECT_EQ(round_trip("1" + zeros + "e-400"), "1");
}

// Two hundred thousand members under one brace, in reverse: no quadratic step anywhere.
TEST(Json, LargeObjectsAreReadInReasonableWork) {
  std::string text = "{";
  for (int i = 200'000; i > 0; --i) text += "\"k" + std::to_string(i) + "\":1,";
  text.back() = '}';
  const auto value = parse_json(text);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->size(), 200'000U);
}

TEST(JsonProperty, ParseUndoesEmit) {
  RandomValue random(3);
  for (int i = 0; i < 3000; ++i) {
    const Value value = random.value();
    for (const int indent : {0, 2}) {
      const std::string text = to_json(value, {.indent = indent});
      const auto back = parse_json(text);
      ASSERT_TRUE(back.ok()) << text << "\n" << back.error().text();
      ASSERT_EQ(*back, value) << text;
      ASSERT_EQ(to_json(*back, {.indent = indent}), text);
    }
  }
}

TEST(JsonProperty, EveryDoubleComesBack) {
  RandomValue random(4);
  for (int i = 0; i < 100'000; ++i) {
    const uint64_t bits =
        static_cast<uint64_t>(random.below(UINT32_MAX)) << 32 | random.below(UINT32_MAX);
    const Value value(std::bit_cast<double>(bits));
    if (value.is_null()) continue;
    const auto back = parse_json(to_json(value));
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(back->as_double(), value.as_double()) << to_json(value);
  }
}

}  // namespace
}  // namespace plumb::object
