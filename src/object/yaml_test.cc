#include "object/yaml.h"

#include <gtest/gtest.h>

#include "object/random_value.h"

namespace plumb::object {
namespace {

// The documents as JSON, or the error.
std::string read(std::string_view text, const YamlOptions& options = {}) {
  const auto documents = parse_yaml_documents(text, options);
  if (!documents.ok()) return documents.error().text();
  std::string out;
  for (const YamlDocument& document : *documents) {
    out += (out.empty() ? "" : " ") + to_json(document.value, {0, false});
  }
  return out;
}

struct Pair {
  std::string_view in, out;
};

TEST(Yaml, ResolvesPlainScalarsByYaml11) {
  const Pair cases[] = {
      {"~", "null"},
      {"null", "null"},
      {"nUll", "\"nUll\""},
      {"y", "true"},
      {"Yes", "true"},
      {"yEs", "\"yEs\""},
      {"on", "true"},
      {"N", "false"},
      {"OFF", "false"},
      {"true_", "\"true_\""},
      {"0", "0"},
      {"-0", "0"},
      {"017", "15"},
      {"0o17", "15"},
      {"08", "8"},
      {"0x1F", "31"},
      {"-0x1f", "-31"},
      {"0b101", "5"},
      {"0b-1", "-1"},
      {"0b12", "\"0b12\""},
      {"0x", "\"0x\""},
      {"1_000", "1000"},
      {"_1", "\"_1\""},
      {"1.5", "1.5"},
      {".5", "0.5"},
      {"5.", "5"},
      {"+.5", "0.5"},
      {".5_0", "0.5"},
      {"._5", "\"._5\""},
      {"1e3", "1000"},
      {"1e", "\"1e\""},
      {"1e999", "\"1e999\""},
      {"1e-999", "0"},
      {"0.0000000001e400", "\"0.0000000001e400\""},
      {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "9223372036854775808"},
      {"18446744073709551616", "18446744073709552000"},
      {"+9223372036854775808", "9223372036854776000"},
      {"-9223372036854775809", "-9223372036854776000"},
      {"0x10000000000000000", "\"0x10000000000000000\""},
      {"1:30", "\"1:30\""},
      {"2001-01-01", "\"2001-01-01\""},
      {"50cent", "\"50cent\""},
      {"1.2.3", "\"1.2.3\""},
      {"<<", "\"<<\""},
      {"-", "[null]"},
      {"--", "\"--\""},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(Yaml, ObeysTags) {
  const Pair cases[] = {
      {"!!str 1", "\"1\""},
      {"!!str", "\"\""},
      {"!!int '12'", "12"},
      {"!!float 1", "1"},
      {"!!bool 'yes'", "true"},
      {"!!null ''", "null"},
      {"!!timestamp 2001-01-01", "\"2001-01-01\""},
      {"!!binary aGk=", "\"hi\""},
      {"!!binary /w==", "\"\xEF\xBF\xBD\""},
      {"! 12", "\"12\""},
      {"&a ! 12", "\"12\""},
      {"! &a 12", "\"12\""},
      {"&a 12", "12"},
      {"é: ! 12", "{\"é\":\"12\"}"},
      {"!mine 12", "\"12\""},
      {"!!set {a: 1}", "{\"a\":1}"},
      {"%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1", "\"1\""},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(Yaml, MakesKeysOfScalars) {
  const Pair cases[] = {
      {"1: a", R"({"1":"a"})"},
      {"0x10: a", R"({"16":"a"})"},
      {"yes: a", R"({"true":"a"})"},
      {"1.10: a", R"({"1.1":"a"})"},
      {"123456789.5: a", R"({"1.2345679e+08":"a"})"},
      {".inf: a", R"({".inf":"a"})"},
      {"2001-01-01: a", R"({"2001-01-01":"a"})"},
      {"'1': a\n1: b", R"({"1":"b"})"},
      {"a: &k 0x1\n*k : b", R"({"1":"b","a":1})"},
      {"? a\n: b", R"({"a":"b"})"},
      {"? a", R"({"a":null})"},
      {"a:\nb:", R"({"a":null,"b":null})"},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(Yaml, ReadsEveryStyle) {
  const Pair cases[] = {
      {"a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", R"({"a":"x\n y\n","b":"x y"})"},
      {"a: |+\n  x\n\nb: |2-\n   x\n", R"({"a":"x\n\n","b":" x"})"},
      {"a: 'it''s\n  folded'", R"({"a":"it's folded"})"},
      {R"(a: "\x41\u00e9\U0001F600\n\0\
  b")",
       R"({"a":"Aé😀\n\u0000b"})"},
      {"{a: [1, 'b', {c: d}], e}", R"({"a":[1,"b",{"c":"d"}],"e":null})"},
      {"- - a\n  - b\n- c: d\n  e: f", R"([["a","b"],{"c":"d","e":"f"}])"},
      {"a:\n- b\n-\n- c", R"({"a":["b",null,"c"]})"},
      {"a: b\r\nc: d\r\n", R"({"a":"b","c":"d"})"},
      {"\xEF\xBB\xBF"
       "a: b",
       R"({"a":"b"})"},
      {"a:\t1 # comment\n", R"({"a":1})"},
      {R"({"a": "\u00e9", "b": [1.5, null]})", R"({"a":"é","b":[1.5,null]})"},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(Yaml, RepeatsWhatAliasesNameAndMergesMaps) {
  const Pair cases[] = {
      {"- &a x\n- *a\n- &a z\n- *a", R"(["x","x","z","z"])"},
      {"a: &a {b: [1]}\nc: *a", R"({"a":{"b":[1]},"c":{"b":[1]}})"},
      {"<<: {a: 1, b: 1}\nb: 2", R"({"a":1,"b":2})"},
      {"b: 2\n<<: {a: 1, b: 1}", R"({"a":1,"b":1})"},
      {"<<: [{a: 1}, {a: 2, b: 2}]", R"({"a":1,"b":2})"},
      {"- &a {a: 1}\n- &b {<<: *a, b: 2}\n- <<: [*b, {c: 3}]",
       R"([{"a":1},{"a":1,"b":2},{"a":1,"b":2,"c":3}])"},
      {"'<<': {a: 1}", R"({"<<":{"a":1}})"},
      {"- &a [&a x, *a]\n- *a", R"([["x","x"],"x"])"},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(Yaml, SaysWhatIsWrongAndWhere) {
  const Pair cases[] = {
      {"v:\n- [A,", "line 3:1: did not find expected node content"},
      {"a: b: c",
       "line 1:5: mapping values are not allowed in this context; quote the value if it "
       "holds \": \", or check the indentation"},
      {"a:\n\t- b",
       "line 2:1: found character that cannot start any token; indent with spaces, not "
       "tabs; quote a value that starts with @, ` or %"},
      {"b: *a",
       "line 1:4 b: unknown anchor 'a' referenced; define it before, as &a, in the same "
       "document"},
      {"- &a x\n---\n- *a",
       "line 3:3 [0]: unknown anchor 'a' referenced; define it before, as &a, "
       "in the same document"},
      {"a: &a [*a]", "line 1:8 a[0]: anchor 'a' value contains itself"},
      {"a:\n  b: {{ .Values.x }}",
       "line 2:7 a.b: invalid map key: object; a key is a text or a "
       "number; {{ }} without quotes reads as an object"},
      {"[a]: b",
       "line 1:1: invalid map key: array; a key is a text or a number; {{ }} without "
       "quotes reads as an object"},
      {"~: b", "line 1:1: unsupported map key: null; quote the key"},
      {"18446744073709551615: b",
       "line 1:1: unsupported map key: 18446744073709551615; quote the "
       "key"},
      {"a: [.nan]",
       "line 1:5 a[0]: unsupported value: .nan; JSON has no infinities and no NaN: "
       "write a number, or quote it to mean the text"},
      {"v: !!float 'error'", "line 1:4 v: cannot decode !!str `error` as a !!float"},
      {"v: !!int 2001-01-01", "line 1:4 v: cannot decode !!str `2001-01-01` as a !!int"},
      {"v: !!binary '*'", "line 1:4 v: !!binary value contains invalid base64 data"},
      {"<<: 1", "line 1:5: map merge requires map or sequence of maps as the value"},
      {"- &a [{b: 1}]\n- <<: *a",
       "line 2:7 [1]: map merge requires map or sequence of maps as the "
       "value"},
      {"a: \x01",
       "line 1:4: control characters are not allowed; remove it, or write it as \\x.. in "
       "double quotes"},
      {"é: 1\nab: \xFF", "line 2:5: invalid leading UTF-8 octet"},
      {"\xFF\xFE"
       "a",
       "the text is UTF-16; save it as UTF-8"},
      {"a: 'b", "line 1:6: found unexpected end of stream; close the quote"},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(Yaml, LetsTheLastOfEqualKeysWinOrRefusesThem) {
  YamlOptions strict;
  strict.duplicates = Duplicates::kReject;
  EXPECT_EQ(read("a: 1\nb: 2\na: 3"), R"({"a":3,"b":2})");
  EXPECT_EQ(read("x:\n  a: 1\n  b: 2\n  a: 3", strict),
            "line 4:3 x: key \"a\" already set in map; remove one of the two; the first is on "
            "line 2");
  EXPECT_EQ(read("x: {a: 1}\nw: {a: 1}\nz: [{a: 1}, {a: 1}]", strict),
            R"({"w":{"a":1},"x":{"a":1},"z":[{"a":1},{"a":1}]})");
  EXPECT_EQ(read("<<: {a: 1}\na: 2", strict), R"({"a":2})");
}

TEST(Yaml, BoundsNesting) {
  YamlOptions options;
  options.depth = 3;
  EXPECT_EQ(read("[[[1]]]", options), "[[[1]]]");
  EXPECT_EQ(read("[[[[1]]]]", options), "line 1:4: YAML is nested deeper than 3 levels");
  EXPECT_EQ(parse_yaml(std::string(100'000, '[')).error().code(), base::Code::kTooLarge);
}

TEST(Yaml, BoundsWhatAliasesAdd) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const std::string before = "*" + std::string(1, static_cast<char>(c - 1));
    text += std::string(1, c) + ": &" + c + " [" + before;
    for (int i = 0; i < 8; ++i) text += ", " + before;
    text += "]\n";
  }
  EXPECT_EQ(parse_yaml(text).error().message(), "document contains excessive aliasing");

  std::string merges = "- &a0 {x: 1, y: 2}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    merges += "- &a" + std::to_string(i) + " {<<: [" + before + ", " + before + "]}\n";
  }
  EXPECT_EQ(parse_yaml(merges).error().message(), "document contains excessive aliasing");
}

TEST(Yaml, KeepsDocumentsApart) {
  const auto documents =
      parse_yaml_documents("# head\na: 1\n---\n# nothing\n---\né\n...\n---\n{}\n");
  ASSERT_TRUE(documents.ok()) << documents.error().text();
  ASSERT_EQ(documents->size(), 4u);
  EXPECT_EQ((*documents)[0].line, 2);
  EXPECT_EQ((*documents)[0].offset, 7u);
  EXPECT_FALSE((*documents)[0].empty);
  EXPECT_EQ((*documents)[1].line, 3);
  EXPECT_TRUE((*documents)[1].empty);
  EXPECT_EQ((*documents)[2].value, Value("é"));
  EXPECT_EQ((*documents)[3].line, 8);
  EXPECT_EQ((*documents)[3].offset, 37u);
  EXPECT_FALSE((*documents)[3].empty);
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("# only a comment"), "");
}

TEST(Yaml, StopsWhereTheVisitorFails) {
  int seen = 0;
  const auto status = visit_yaml_documents("1\n---\n2\n---\n[", {}, [&](YamlDocument document) {
    ++seen;
    return document.value == Value(2) ? base::Status(base::invalid("enough")) : base::ok();
  });
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(status.error().message(), "enough");
}

TEST(Yaml, ReadsOneDocumentOrTheFirst) {
  EXPECT_EQ(*parse_yaml("a: 1\n---\n# nothing\n"), Value::object({{"a", 1}}));
  EXPECT_EQ(*parse_yaml(""), Value());
  EXPECT_EQ(parse_yaml("a: 1\n---\nb: 1\n").error().text(),
            "line 2: a second document starts here, where one is wanted; remove it, or the --- "
            "before it");
  EXPECT_EQ(*parse_first_yaml("a: 1\n---\n]"), Value::object({{"a", 1}}));
  EXPECT_EQ(*parse_first_yaml("# nothing"), Value());
}

TEST(Yaml, CutsFilesApartAsKubectlDoes) {
  const auto chunks = split_yaml("a: 1\n--- # comment\n---\nb: |\n  ---\n---\n\n---");
  ASSERT_TRUE(chunks.ok()) << chunks.error().text();
  ASSERT_EQ(chunks->size(), 3u);
  EXPECT_EQ((*chunks)[0].text, "a: 1\n");
  EXPECT_EQ((*chunks)[1].text, "b: |\n  ---\n");
  EXPECT_EQ((*chunks)[1].line, 4);
  EXPECT_EQ((*chunks)[1].offset, 23u);
  EXPECT_EQ((*chunks)[2].text, "\n");
  EXPECT_EQ(split_yaml("a: 1\n--- b: 2\n").error().text(),
            "line 2:4: invalid Yaml document separator: \"b: 2\"; put what follows --- on the next "
            "line");
  EXPECT_TRUE(split_yaml("")->empty());
}

std::string place_of(std::string_view text, const std::vector<std::string>& path) {
  const auto place = locate_yaml(text, 0, path);
  const auto key = locate_yaml_key(text, 0, path);
  if (!place.ok()) return place.error().text();
  return place->text() + ", " + key->text();
}

TEST(Yaml, LocatesValuesAndKeys) {
  constexpr std::string_view kText =
      "base: &base\n"
      "  image: x\n"
      "web:\n"
      "  <<: *base\n"
      "  ports: [80, {name: http}]\n"
      "  'é': 1\n"
      "  1: one\n"
      "  1: again\n"
      "again: *base\n";
  struct {
    std::vector<std::string> path;
    std::string_view place;
  } cases[] = {
      {{}, "line 1:1, line 1:1"},
      {{"web"}, "line 4:3, line 3:1"},
      {{"web", "image"}, "line 2:10, line 2:3"},
      {{"web", "ports", "1", "name"}, "line 5:22, line 5:16"},
      {{"web", "ports", "0"}, "line 5:11, line 5:11"},
      {{"web", "é"}, "line 6:8, line 6:3"},
      {{"web", "1"}, "line 8:6, line 8:3"},
      {{"again"}, "line 1:7, line 9:1"},
      {{"again", "image"}, "line 2:10, line 2:3"},
      {{"web", "ports", "2"}, "nothing is at /web/ports/2"},
      {{"web", "no"}, "nothing is at /web/no"},
  };
  for (const auto& c : cases) EXPECT_EQ(place_of(kText, c.path), c.place);
  EXPECT_EQ(locate_yaml("a: 1", 1, {}).error().code(), base::Code::kNotFound);
  EXPECT_EQ(locate_yaml("a: 1\n---\n- b", 1, std::vector<std::string>{"0"})->text(), "line 3:3");
}

// Every value of a random document is found.
TEST(Yaml, LocatesEveryValue) {
  const std::function<void(const std::string&, const Value&, std::vector<std::string>&)> check =
      [&](const std::string& text, const Value& value, std::vector<std::string>& path) {
        const auto place = locate_yaml(text, 0, path);
        ASSERT_TRUE(place.ok()) << place.error().text() << "\n" << text;
        for (size_t i = 0; i < value.items().size(); ++i) {
          path.push_back(std::to_string(i));
          check(text, value.items()[i], path);
          path.pop_back();
        }
        for (const Member& member : value.members()) {
          path.emplace_back(member.key());
          check(text, member.value, path);
          path.pop_back();
        }
      };
  RandomValue random(3, {.depth = 3, .width = 4});
  for (int i = 0; i < 50; ++i) {
    const Value value = random.value();
    std::vector<std::string> path;
    check(to_yaml(value), value, path);
  }
}

TEST(Yaml, BoundsTheSearchForMissingKeys) {
  std::string merges = "- &a0 {x: 1}\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    merges += "- &a" + std::to_string(i) + " {<<: [" + before + ", " + before + "]}\n";
  }
  EXPECT_FALSE(locate_yaml(merges, 0, std::vector<std::string>{"59", "y"}).ok());
}

}  // namespace
}  // namespace plumb::object
