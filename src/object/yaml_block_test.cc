#include "object/yaml_block.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "object/random_value.h"

namespace plumb::object {
namespace {

// Whether the whole text is read without libyaml, and as what.
std::string read(std::string_view text) {
  const YamlOptions options;
  YamlBlockReader reader(text, options);
  std::string out;
  while (true) {
    YamlDocument document;
    const auto outcome = reader.next(document);
    if (outcome == YamlBlockReader::Outcome::kUnread) return "libyaml";
    if (outcome == YamlBlockReader::Outcome::kEnd) return out;
    out += (out.empty() ? "" : " ") + to_json(document.value, {0, false});
  }
}

struct Pair {
  std::string_view in, out;
};

TEST(YamlBlockReader, ReadsWhatManifestsAreMadeOf) {
  const Pair cases[] = {
      {"a: 1\nb: two three # comment\n", R"({"a":1,"b":"two three"})"},
      {"a:\n  b:\n    c: d\n  e:\n", R"({"a":{"b":{"c":"d"},"e":null}})"},
      {"a:\n- b\n- c: d\n  e: f\n-\n  - g\n- - h\n  - i\nj: k",
       R"({"a":["b",{"c":"d","e":"f"},["g"],["h","i"]],"j":"k"})"},
      {"a: \"x \\\"y\\\" \\n\"\nb: 'it''s'\n\"c\": ''", R"({"a":"x \"y\" \n","b":"it's","c":""})"},
      {"a: [1, \"b\", c d, {e: f, \"g\":h}, []]\ni: {}",
       R"({"a":[1,"b","c d",{"e":"f","g":"h"},[]],"i":{}})"},
      {"a: |\n  x\n   y\n\n  z\n\nb: |-\n    x\n\nc: |+\n\n  x\n\nd: |\n\ne: 1",
       R"({"a":"x\n y\n\nz\n","b":"x","c":"\nx\n\n","d":"","e":1})"},
      {"a: one\n  two\n\n  - three\nb: c", R"({"a":"one two\n- three","b":"c"})"},
      {"# head\n---\n# nothing\n---\na: é\n--- # x\n- b\n", R"(null {"a":"é"} ["b"])"},
      {"a: 'b  \n  c\n\n  d'\ne: \"f\\n\n g\n\"", "libyaml"},
      {"a: 'b  \n  c\n\n  d'\ne: \"f\\n\n g\n \"", R"({"a":"b c\nd","e":"f\n g "})"},
      {"1: a\nyes: b", R"({"1":"a","true":"b"})"},
      {"", ""},
      {"# nothing", ""},
  };
  for (const Pair& c : cases) EXPECT_EQ(read(c.in), c.out) << c.in;
}

TEST(YamlBlockReader, LeavesTheRestToLibyaml) {
  constexpr const char* kByteOrderMark =
      "\xEF\xBB\xBF"
      "a: b";
  const std::string_view cases[] = {"a",
                                    "[a]",
                                    "a: &b c",
                                    "a: *b",
                                    "a: !b c",
                                    "<<: {}",
                                    "? a",
                                    "a: >\n  b",
                                    "a: |2\n   b",
                                    "a: \"\\x41\"",
                                    "a: 'b\nc'",
                                    "'a\n b': c",
                                    "a: [b,\n c]",
                                    "a: b: c",
                                    "a:\tb",
                                    "\ta: b",
                                    "a: b\r\n",
                                    "a: \x01",
                                    "a: \xFF",
                                    "a: \xC2\x85",
                                    "%YAML 1.1\n---\na: b",
                                    "a: b\n...",
                                    "--- a",
                                    "a: .nan",
                                    "~: a",
                                    "a: @b",
                                    "a: - b",
                                    "a: b\n   # c\n  d",
                                    "a:\n    b: c\n  d: e",
                                    "a: [b:]",
                                    "a: [b: c]",
                                    "a: {b}",
                                    "- a\nb: c",
                                    "a: b\n- c",
                                    "a: 'b' c",
                                    kByteOrderMark};
  for (const std::string_view text : cases) EXPECT_EQ(read(text), "libyaml") << text;
}

// A directive makes libyaml read the document.
base::Result<Value> read_by_libyaml(const std::string& text) {
  return parse_first_yaml("%YAML 1.1\n---\n" + text);
}

// Documents of the pieces that the reader tells apart, most of them broken somewhere.
TEST(YamlBlockReader, AgreesWithLibyaml) {
  static constexpr const char* kPieces[] = {
      "a",        "b c",     "1",       "é",    ": ",    ":\n",    ":",    "- ",     "-\n",
      "-",        "\n",      "\n",      "\n  ", "\n  ",  "\n    ", "\n ",  " ",      "#",
      " # c",     "'",       "\"",      "'x'",  "\"y\"", "\\n",    "|",    "|-",     "|+",
      "|\n  x",   "[",       "]",       "{",    "}",     ", ",     ",",    "? ",     "&x ",
      "*x",       "!t ",     ">",       "\t",   "~",     "<<",     "k: v", "\nk: v", "\n- v",
      "\n  k: v", "\n  - v", "\n---\n", "\r\n", "=",     "/",      "@"};
  RandomValue random(31);
  int read_without = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text = random.below(2) == 0 ? "k: " : "";
    for (uint32_t k = 1 + random.below(12); k > 0; --k) {
      text += kPieces[random.below(std::size(kPieces))];
    }
    // Behind the directive, a "---" before any content would be a document more.
    if (!text.starts_with("k") && text.find("---") != std::string::npos) continue;
    read_without += read(text) != "libyaml" ? 1 : 0;
    const auto ours = parse_first_yaml(text);
    const auto libyaml = read_by_libyaml(text);
    ASSERT_EQ(ours.ok(), libyaml.ok())
        << text << "\n"
        << (ours.ok() ? libyaml.error().text() : ours.error().text());
    if (!ours.ok()) continue;
    ASSERT_EQ(*ours, *libyaml) << text;
  }
  EXPECT_GT(read_without, 3000);
}

TEST(YamlBlockReader, AgreesWithLibyamlOnWhatWeWrite) {
  RandomValue random(32);
  int read_without = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = to_yaml(random.value());
    read_without += read(text) != "libyaml" ? 1 : 0;
    const auto libyaml = read_by_libyaml(text);
    ASSERT_TRUE(libyaml.ok()) << libyaml.error().text() << text;
    ASSERT_EQ(*parse_yaml(text), *libyaml) << text;
  }
  EXPECT_GT(read_without, 300);
}

// Places count from the start of the text, whoever read what comes before.
TEST(YamlBlockReader, KeepsPlacesAcrossReaders) {
  const std::string text = "a: 1\n---\nb: &x 1\n---\nc: 1\n---\nd:\n  e: *x\n";
  EXPECT_EQ(parse_yaml_documents(text).error().place().line, 8);
  const auto documents = parse_yaml_documents(text.substr(0, text.rfind("---")));
  ASSERT_TRUE(documents.ok()) << documents.error().text();
  ASSERT_EQ(documents->size(), 3u);
  EXPECT_EQ((*documents)[1].line, 2);
  EXPECT_EQ((*documents)[2].line, 4);
  EXPECT_EQ((*documents)[2].offset, text.find("---\nc"));
  YamlOptions strict;
  strict.duplicates = Duplicates::kReject;
  EXPECT_EQ(
      parse_yaml_documents("a: 1\n---\nb: 1\nb: 1\n", strict).error().text(),
      "line 4:1: key \"b\" already set in map; remove one of the two; the first is on line 3");
}

TEST(YamlBlockReader, ReadsManyDocumentsThatNeedLibyaml) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "---\na: &x " + std::to_string(i) + "\nb: *x\n---\nc: 1\n";
  const auto documents = parse_yaml_documents(text);
  ASSERT_TRUE(documents.ok()) << documents.error().text();
  ASSERT_EQ(documents->size(), 400u);
  for (int i = 0; i < 200; ++i) {
    const YamlDocument& document = (*documents)[static_cast<size_t>(2 * i)];
    EXPECT_EQ(document.value["b"], Value(i));
    EXPECT_EQ(document.line, 1 + 5 * i);
  }
}

}  // namespace
}  // namespace plumb::object
