#include <gtest/gtest.h>

#include "object/random_value.h"
#include "object/yaml.h"
#include "object/yaml_key_order.h"

namespace plumb::object {
namespace {

struct Pair {
  std::string_view json, yaml;
};

std::string write(std::string_view json) { return to_yaml(*parse_json(json)); }

TEST(YamlEmit, WritesBlocks) {
  const Pair cases[] = {
      {"null", "null\n"},
      {"{}", "{}\n"},
      {"[]", "[]\n"},
      {R"({"a":{},"b":[],"c":"","d":null,"e":true})", "a: {}\nb: []\nc: \"\"\nd: null\ne: true\n"},
      {R"({"a":{"b":{"c":1}}})", "a:\n  b:\n    c: 1\n"},
      {R"({"a":[1,{"b":2,"c":[3]}]})", "a:\n- 1\n- b: 2\n  c:\n  - 3\n"},
      {R"([[1,[2]],[],{"a":[]}])", "- - 1\n  - - 2\n- []\n- a: []\n"},
      {R"("a\nb")", "|-\n  a\n  b\n"},
  };
  for (const Pair& c : cases) EXPECT_EQ(write(c.json), c.yaml) << c.json;
}

TEST(YamlEmit, WritesNumbersAsGo) {
  const Pair cases[] = {
      {"1e6", "1000000\n"},
      {"1.5e6", "1500000\n"},
      {"1234567.5", "1.2345675e+06\n"},
      {"1e20", "1e+20\n"},
      {"1e19", "10000000000000000000\n"},
      {"1e21", "1e+21\n"},
      {"0.0001", "0.0001\n"},
      {"0.00001", "1e-05\n"},
      {"-0.0", "0\n"},
      {"18446744073709551615", "18446744073709551615\n"},
  };
  for (const Pair& c : cases) EXPECT_EQ(write(c.json), c.yaml) << c.json;
}

TEST(YamlEmit, QuotesWhatWouldReadAsSomethingElse) {
  const Pair cases[] = {
      {R"("true")", "\"true\"\n"},
      {R"("y")", "\"y\"\n"},
      {R"("~")", "\"~\"\n"},
      {R"("5")", "\"5\"\n"},
      {R"("0o17")", "\"0o17\"\n"},
      {R"("1_000")", "\"1_000\"\n"},
      {R"(".inf")", "\".inf\"\n"},
      {R"("1:30")", "\"1:30\"\n"},
      {R"("1:60")", "1:60\n"},
      {R"("2001-01-01")", "\"2001-01-01\"\n"},
      {R"("2001-02-29")", "2001-02-29\n"},
      {R"("2001-01-01T10:00:00Z")", "\"2001-01-01T10:00:00Z\"\n"},
      {R"("2001-01-01 10:00:00.5")", "\"2001-01-01 10:00:00.5\"\n"},
      {R"("a: b")", "'a: b'\n"},
      {R"("a #b")", "'a #b'\n"},
      {R"("a:b#c")", "a:b#c\n"},
      {R"("- a")", "'- a'\n"},
      {R"("-a")", "-a\n"},
      {R"("---a")", "'---a'\n"},
      {R"("*a")", "'*a'\n"},
      {R"("it's @")", "it's @\n"},
      {R"("'a'")", "'''a'''\n"},
      {R"(" a")", "' a'\n"},
      {R"("a\tb")", "\"a\\tb\"\n"},
      {R"("\u0000\u0007\u001b\u007f\u0085\u2028")", "\"\\0\\a\\e\\x7F\\N\\L\"\n"},
      {R"("é你\u00a0")", "é你\xC2\xA0\n"},
      {R"("😀")", "\"\\U0001F600\"\n"},
      {R"("\ufeffa")", "\"\\uFEFF\\x61\"\n"},
      {R"("<<")", "<<\n"},
      {R"({"<<":1,"on":2,"":3})", "\"\": 3\n\"<<\": 1\n\"on\": 2\n"},
  };
  for (const Pair& c : cases) EXPECT_EQ(write(c.json), c.yaml) << c.json;
}

TEST(YamlEmit, WritesLinesAsBlocks) {
  const Pair cases[] = {
      {R"({"a":"x\n"})", "a: |\n  x\n"},
      {R"({"a":"x\n\ny","b":1})", "a: |-\n  x\n\n  y\nb: 1\n"},
      {R"({"a":"x\n\n","b":1})", "a: |+\n  x\n\nb: 1\n"},
      {R"({"a":{"b":"\n"},"c":1})", "a:\n  b: |2+\n\nc: 1\n"},
      {R"({"a":" x\ny"})", "a: |2-\n   x\n  y\n"},
      {R"({"a":"x \ny"})", "a: \"x \\ny\"\n"},
      {R"({"a":"x\ty\nz"})", "a: \"x\\ty\\nz\"\n"},
      {R"(["x\ny"])", "- |-\n  x\n  y\n"},
      {R"({"a\nb":{"c":1}})", "? |-\n  a\n  b\n: c: 1\n"},
      {R"({"a\nb":[1]})", "? |-\n  a\n  b\n: - 1\n"},
  };
  for (const Pair& c : cases) EXPECT_EQ(write(c.json), c.yaml) << c.json;
}

TEST(YamlEmit, FoldsAfterEightyColumns) {
  const std::string word(39, 'w');
  const std::string two = word + " " + word;
  EXPECT_EQ(to_yaml(Value(two + "aa b c")), two + "aa\n  b c\n");
  EXPECT_EQ(to_yaml(Value(two + "a b")), two + "a b\n");
  EXPECT_EQ(to_yaml(Value(two + "aaa  b c")), two + "aaa  b\n  c\n");
  EXPECT_EQ(to_yaml(Value("#" + two + " b")), "'#" + two + "\n  b'\n");
  EXPECT_EQ(to_yaml(Value("\t" + two + "  b")), "\"\\t" + two + "\n  \\ b\"\n");
  EXPECT_EQ(to_yaml(Value::object({{"k", two + " b"}})), "k: " + two + "\n  b\n");
  // Characters count, not bytes; keys do not fold.
  std::string wide;
  for (int i = 0; i < 79; ++i) wide += "é";
  EXPECT_EQ(to_yaml(Value(wide + "é b")), wide + "é b\n");
  EXPECT_EQ(to_yaml(Value(wide + "éé b")), wide + "éé\n  b\n");
  EXPECT_EQ(to_yaml(Value::object({{two + " b c", 1}})), two + " b c: 1\n");
}

TEST(YamlEmit, WritesLongKeysAfterAQuestionMark) {
  const std::string key(129, 'k');
  EXPECT_EQ(to_yaml(Value::object({{key, 1}})), "? " + key + "\n: 1\n");
  EXPECT_EQ(to_yaml(Value::object({{key.substr(1), 1}})), key.substr(1) + ": 1\n");
}

TEST(YamlEmit, OrdersKeysAsPeopleCount) {
  const std::vector<std::string_view> ordered = {"",    "-",  ".a",  "_",  "1",  "01",  "2",  "10",
                                                 "A",   "a",  "a-b", "a.", "a0", "a00", "a1", "a1b",
                                                 "a01", "a2", "a10", "ab", "b",  "é",   "ж"};
  for (size_t i = 0; i + 1 < ordered.size(); ++i) {
    EXPECT_TRUE(yaml_key_less(ordered[i], ordered[i + 1])) << ordered[i] << " " << ordered[i + 1];
    EXPECT_FALSE(yaml_key_less(ordered[i + 1], ordered[i])) << ordered[i] << " " << ordered[i + 1];
    EXPECT_FALSE(yaml_key_less(ordered[i], ordered[i]));
  }
  EXPECT_EQ(write(R"({"a10":1,"a9":2,"B":3,"_x":4})"), "_x: 4\nB: 3\na9: 2\na10: 1\n");
}

TEST(YamlEmit, RepairsWhatIsNotUtf8) { EXPECT_EQ(to_yaml(Value("a\xFF")), "a\xEF\xBF\xBD\n"); }

TEST(YamlEmit, AppendsToWhatIsThere) {
  std::string out = "---\n";
  append_yaml(out, Value::object({{"a", Value::array({1})}}));
  append_yaml(out, Value("x"));
  EXPECT_EQ(out, "---\na:\n- 1\nx\n");
}

TEST(YamlEmit, ReadsBackAsTheSameValue) {
  RandomValue random(11);
  for (int i = 0; i < 3000; ++i) {
    const Value value = random.value();
    const std::string text = to_yaml(value);
    const auto again = parse_yaml(text);
    ASSERT_TRUE(again.ok()) << again.error().text() << "\n" << text;
    ASSERT_EQ(*again, value) << text;
    ASSERT_EQ(to_yaml(*again), text);
  }
}

}  // namespace
}  // namespace plumb::object
