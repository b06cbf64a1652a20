#include "object/yaml_format.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <dirent.h>
#include <gtest/gtest.h>

#include "object/random_yaml.h"
#include "object/yaml.h"
#include "object/yaml_node.h"

namespace plumb::object {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_folder(const std::string& path) {
  DIR* directory = opendir(path.c_str());
  if (directory != nullptr) closedir(directory);
  return directory != nullptr;
}

bool exists(const std::string& path) { return is_folder(path) || std::ifstream(path).good(); }

// The files below a folder, sorted.
std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> found;
  std::vector<std::string> folders{folder};
  while (!folders.empty()) {
    const std::string current = folders.back();
    folders.pop_back();
    DIR* directory = opendir(current.c_str());
    while (const dirent* entry = directory == nullptr ? nullptr : readdir(directory)) {
      const std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      const std::string path = current + '/' + name;
      (is_folder(path) ? folders : found).push_back(path);
    }
    if (directory != nullptr) closedir(directory);
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> comments_of(const std::string& text) {
  std::vector<std::string> texts;
  const auto file = YamlFile::parse(text);
  if (!file.ok()) return texts;
  for (const YamlComment& comment : file->comments()) texts.emplace_back(file->text(comment));
  std::ranges::sort(texts);
  return texts;
}

// What must hold for every text that can be formatted.
void expect_lawful(const std::string& text, const std::string& name) {
  const auto once = format_yaml(text);
  ASSERT_TRUE(once.ok()) << name << ": " << once.error().text() << "\n" << text;
  const auto twice = format_yaml(*once);
  ASSERT_TRUE(twice.ok()) << name << ": " << twice.error().text() << "\n" << *once;
  EXPECT_EQ(*twice, *once) << name << "\n" << text;
  EXPECT_EQ(comments_of(*once), comments_of(text)) << name;

  const auto before = parse_yaml_documents(text);
  const auto after = parse_yaml_documents(*once);
  ASSERT_EQ(before.ok(), after.ok()) << name;
  if (!before.ok()) return;
  ASSERT_EQ(before->size(), after->size()) << name;
  for (size_t i = 0; i < before->size(); ++i) {
    EXPECT_EQ((*before)[i].value, (*after)[i].value) << name << "\n" << text << "\n" << *once;
  }
}

struct Case {
  const char* name;
  const char* in;
  const char* out;
};

class FormatYaml : public testing::TestWithParam<Case> {};

TEST_P(FormatYaml, GivesTheCanonicalForm) {
  const auto formatted = format_yaml(GetParam().in);
  ASSERT_TRUE(formatted.ok()) << formatted.error().text();
  EXPECT_EQ(*formatted, GetParam().out);
  expect_lawful(GetParam().in, GetParam().name);
}

constexpr Case kCases[] = {
    {"EmptyText", "", ""},
    {"OnlyBlanks", "  \n\n", ""},
    {"OnlyComments", "\n# a\n\n\n#b \n", "# a\n\n#b\n"},
    {"SequencesStandUnderTheirKey", "a:\n    - x\n    - y: 1\n      z: 2\n",
     "a:\n- x\n- y: 1\n  z: 2\n"},
    {"FourSpacesBecomeTwo", "a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"},
    {"NestedSequences", "- - a\n  -   - b\n", "- - a\n  - - b\n"},
    {"QuotesGoWhereNothingNeedsThem", "a: \"x\"\n'b': 'y z'\n", "a: x\nb: y z\n"},
    {"QuotesStayWhereTheTypeWouldChange",
     "a: 'true'\nb: \"8080\"\nc: '1e3'\nd: 'null'\ne: ''\nf: '2001-01-01'\n'y': '0x1'\n",
     "a: \"true\"\nb: \"8080\"\nc: \"1e3\"\nd: \"null\"\ne: \"\"\nf: \"2001-01-01\"\n"
     "\"y\": \"0x1\"\n"},
    {"QuotesStayWhereCharactersNeedThem", "a: \"x: y\"\nb: \"# no\"\nc: '{{ x }}'\nd: \"*a\"\n",
     "a: 'x: y'\nb: '# no'\nc: '{{ x }}'\nd: '*a'\n"},
    {"QuotedMergeKeyStaysQuoted", "'<<': 1\n", "\"<<\": 1\n"},
    {"EscapesStay", "a: \"b\\nc\\td\"\n", "a: \"b\\nc\\td\"\n"},
    {"EmojiStayPlain", "a: \"\xf0\x9f\x98\x80 ok\"\n", "a: \xf0\x9f\x98\x80 ok\n"},
    {"PlainNumbersAreNotTouched", "a: 0777\nb: 1_000\nc: 1e3\nd: .5\ne: yes\n",
     "a: 0777\nb: 1_000\nc: 1e3\nd: .5\ne: yes\n"},
    {"FoldedPlainTextIsJoined", "a: one\n  two\n  three\nb: 1\n", "a: one two three\nb: 1\n"},
    {"LongLinesAreNotFolded",
     "a: \"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
     "0123456789\"\n",
     "a: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
     "0123456789\n"},
    {"LiteralKeepsItsText", "a: |\n     x\n       y  \n\n     # z\nb: 1\n",
     "a: |\n  x\n    y  \n\n  # z\nb: 1\n"},
    {"LiteralInSequence", "a:\n  - |-\n      x\n  - b: |+\n        y\n\n  - z\n",
     "a:\n- |-\n  x\n- b: |+\n    y\n\n- z\n"},
    {"LiteralThatStartsWithBlanks", "a: |4\n      x\n    y\n", "a: |2\n    x\n  y\n"},
    {"LiteralWithoutLastBreak", "a: |\n  x", "a: |-\n  x\n"},
    {"LiteralWithComment", "a:   |   # c\n   x\n", "a: | # c\n  x\n"},
    {"EmptyLiteral", "a: |\nb: |-\n\nc: 1\n", "a: \"\"\nb: \"\"\n\nc: 1\n"},
    {"FoldedKeepsItsLines", "a: >-\n    x\n    y\n\n      z\nb: 1\n",
     "a: >-\n  x\n  y\n\n    z\nb: 1\n"},
    {"ShortFlowStays", "a: [ x ,y ]\nb: {c: 1,d: {e}}\nc: []\nd: {  }\n",
     "a: [x, y]\nb: {c: 1, d: {e}}\nc: []\nd: {}\n"},
    {"FlowOverLinesIsJoined", "a: [\n  x,\n  y,\n]\n", "a: [x, y]\n"},
    {"LongFlowBecomesBlock",
     "a: [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, {c: "
     "ddddddddddd}]\n",
     "a:\n- aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n- bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
     "- {c: ddddddddddd}\n"},
    {"FlowWithCommentsBecomesBlock", "a: [ # one\n  x, # two\n  # three\n  y\n  # four\n] # five\n",
     "a: # five\n# one\n- x # two\n# three\n- y\n  # four\n"},
    {"CommentInEmptyFlow", "a: [ # one\n]\nb: 1\n", "a: []\n# one\nb: 1\n"},
    {"JsonStays", "{\n    \"a\": [1,\n2],   \r\n    \"b\": {}\n}",
     "{\n    \"a\": [1,\n2],\n    \"b\": {}\n}\n"},
    {"HeadLineAndFoot", "# h\n\n# i\na:    # l\n    # n\n    b: 1    # m\n    # f\n# e\n",
     "# h\n\n# i\na: # l\n  # n\n  b: 1 # m\n  # f\n# e\n"},
    {"CommentBetweenKeyAndBlockAtLowerIndentation", "a:\n# c\n    b: 1\n", "a:\n  # c\n  b: 1\n"},
    {"CommentBetweenKeyAndScalarGoesAbove", "a: 1\nb:\n  # c\n  x\n", "a: 1\n# c\nb: x\n"},
    {"CommentAfterDashGoesAbove", "-  # c\n   a: 1\n- # d\n  x\n", "# c\n- a: 1\n# d\n- x\n"},
    {"CommentsEndBlocksByTheirColumn", "a:\n  b:\n    c: 1\n    # c\n  # b\n# a\nd: 1\n",
     "a:\n  b:\n    c: 1\n    # c\n  # b\n# a\nd: 1\n"},
    {"CommentBelowASequenceStaysWithIt", "a:\n  - x\n  # c\nb: 1\n", "a:\n- x\n  # c\nb: 1\n"},
    {"CommentOfTheNextKeyStaysWithIt", "a:\n  - x\n# c\nb: 1\n", "a:\n- x\n# c\nb: 1\n"},
    {"CommentBelowALiteralItemIsNoText", "a:\n  - |\n    x\n  # c\nb: 1\n",
     "a:\n- |\n  x\n# c\nb: 1\n"},
    {"CommentLookingTextIsText", "a: 'x # y'\nb: x#y\nc: \"# z\"\n",
     "a: 'x # y'\nb: x#y\nc: '# z'\n"},
    {"CommentWithoutBlankBeforeIt", "a: \"x\"#c\nb: [x]#d\n", "a: x #c\nb: [x] #d\n"},
    {"ShebangLikeFirstLine", "#!/usr/bin/env plumb\na: 1\n", "#!/usr/bin/env plumb\na: 1\n"},
    {"WindowsLineEnds", "a:\r\n- x # c\r\n\r\n# d\r\nb: |\r\n  t\r\n  u\r\n",
     "a:\n- x # c\n\n# d\nb: |\n  t\n  u\n"},
    {"TabsAndBlanksAtLineEnds", "a: 1 \t\nb:\t2\t# c \t\n", "a: 1\nb: 2 # c\n"},
    {"ByteOrderMarkGoes", "\xef\xbb\xbf# c\na: 1\n", "# c\na: 1\n"},
    {"ByteOrderMarkIsNoIndentation",
     "\xef\xbb\xbf"
     "a: 1\nb: 2\n",
     "a: 1\nb: 2\n"},
    {"EmptyLinesAreAtMostOne", "\n\na: 1\n\n\n\nb:\n\n  c: 1\n\n  d: 2\n\n",
     "a: 1\n\nb:\n  c: 1\n\n  d: 2\n"},
    {"AbsentValues", "a:\nb: ~\nc: null\n-d:\n", "a:\nb: ~\nc: null\n-d:\n"},
    {"AbsentItems", "-\n-   # c\n- x\n", "-\n- # c\n- x\n"},
    {"AnchorsAndMergeKeys", "a: &x\n    b: 1\nc:\n    <<: *x\n    d: *x\n*x : e\n",
     "a: &x\n  b: 1\nc:\n  <<: *x\n  d: *x\n*x : e\n"},
    {"AnchoredItems", "- &x\n    b: 1\n- &y [1]\n- &z   v\n- &w\n",
     "- &x\n  b: 1\n- &y [1]\n- &z v\n- &w\n"},
    {"Tags", "a: !!str   1\nb: !local {c: 1}\nd: !!binary |\n    aGk=\ne: ! 1\n",
     "a: !!str 1\nb: !local {c: 1}\nd: !!binary |\n  aGk=\ne: ! 1\n"},
    {"ExclamationMarkInACommentIsNoTag", "a: &x # !\n  1\n", "a: &x 1 # !\n"},
    {"Documents", "---\na: 1\n...\n---   # c\n# d\nb: 2\n---\n--- # e\n",
     "---\na: 1\n--- # c\n# d\nb: 2\n---\n--- # e\n"},
    {"CommentsBetweenDocuments", "# top\n---\na: 1\n# end\n---\n# begin\nb: 1\n# end\n",
     "# top\n---\na: 1\n# end\n---\n# begin\nb: 1\n# end\n"},
    {"CommentOnlyDocuments", "---\n# a\n---\n# b\n", "---\n# a\n---\n# b\n"},
    {"ContentOnTheMarkersLine", "--- x # c\n--- |\n t\n", "---\nx # c\n---\n|\n  t\n"},
    {"Directives",
     "%YAML 1.1\n%TAG !e! tag:e,2000:\n---\n!e!x a: 1\n...\n# c\n%YAML 1.1\n---\nb: 1\n",
     "%YAML 1.1\n%TAG !e! tag:e,2000:\n---\n!e!x a: 1\n...\n# c\n%YAML 1.1\n---\nb: 1\n"},
    {"ExplicitKeys", "? a\n: b\n? c # d\n", "a: b\nc: # d\n"},
    {"FirstKeysCommentBehindAnAnchor", "- &a # b\n  # c\n  d: 1\n", "- &a # b\n  # c\n  d: 1\n"},
};

INSTANTIATE_TEST_SUITE_P(Cases, FormatYaml, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

struct BadCase {
  const char* name;
  const char* in;
  int line;
  int column;
  const char* message;  // part of it
};

class FormatYamlRefuses : public testing::TestWithParam<BadCase> {};

TEST_P(FormatYamlRefuses, AndSaysWhere) {
  const auto formatted = format_yaml(GetParam().in);
  ASSERT_FALSE(formatted.ok()) << *formatted;
  EXPECT_EQ(formatted.error().place().line, GetParam().line) << formatted.error().text();
  EXPECT_EQ(formatted.error().place().column, GetParam().column) << formatted.error().text();
  EXPECT_NE(formatted.error().text().find(GetParam().message), std::string::npos)
      << formatted.error().text();
}

constexpr BadCase kBadCases[] = {
    {"TabsAsIndentation", "a:\n\tb: 1\n", 2, 1, "found character that cannot start any token"},
    {"OpenFlow", "a: [1,\n", 2, 1, "did not find expected node content"},
    {"OpenQuote", "a: \"x\n", 2, 1, "found unexpected end of stream"},
    {"UnknownAnchor", "a: 1\nb: *x\n", 2, 4, "unknown anchor 'x' referenced"},
    {"BadIndentation", "a: 1\n  b: 2\n", 2, 4, "mapping values are not allowed in this context"},
    {"NotUtf8", "a: 1\nb: \xff\n", 2, 4, "invalid leading UTF-8 octet"},
    {"TemplateValue", "a: 1\nb: {{ .Values.x }}\n", 2, 4, "template"},
    {"TemplateBlock", "# {{ no }}\na:\n  {{- if .x }}\n  b: 1\n  {{- end }}\n", 3, 3, "plumb fmt"},
    {"CollectionAsKey", "a: 1\n? [x]\n: 1\n", 2, 3, "as a key"},
};

INSTANTIATE_TEST_SUITE_P(Cases, FormatYamlRefuses, testing::ValuesIn(kBadCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FormatYamlLimits, NestingIsBounded) {
  EXPECT_EQ(format_yaml(std::string(100000, '[')).error().code(), base::Code::kTooLarge);
}

TEST(IsFormatted, ComparesWithTheCanonicalForm) {
  EXPECT_TRUE(*is_formatted("a:\n- x\n"));
  EXPECT_FALSE(*is_formatted("a:\n  - x\n"));
  EXPECT_FALSE(*is_formatted("a: 1"));
  EXPECT_FALSE(is_formatted("a: [").ok());
}

TEST(FormatYamlProperty, RandomTextsKeepTheirMeaningAndComments) {
  for (uint32_t seed = 0; seed < 1500; ++seed) {
    expect_lawful(RandomYaml(seed).text(), "seed " + std::to_string(seed));
    if (HasFailure()) return;
  }
}

// testdata/format/NAME.yaml against NAME.golden. To accept new output, delete the golden files and
// run the tests twice: the first run writes them, the second reads them.
TEST(FormatYamlGolden, ManifestsWithAwkwardComments) {
  const std::string folder = PLUMB_SOURCE_DIR "/src/object/testdata/format";
  size_t count = 0;
  for (const std::string& path : files_below(folder)) {
    if (!path.ends_with(".yaml")) continue;
    ++count;
    const std::string text = read_file(path);
    const auto formatted = format_yaml(text);
    ASSERT_TRUE(formatted.ok()) << path << ": " << formatted.error().text();
    const std::string golden = path.substr(0, path.size() - 5) + ".golden";
    if (!exists(golden)) {
      std::ofstream(golden, std::ios::binary) << *formatted;
      ADD_FAILURE() << golden << " was missing and is written now: review it";
    }
    EXPECT_EQ(*formatted, read_file(golden)) << path;
    expect_lawful(text, path);
  }
  EXPECT_GE(count, 3U);
}

TEST(FormatYamlConformance, KustomizeInputs) {
  const std::string folder = PLUMB_SOURCE_DIR "/../shared/conformance/kustomize";
  if (!exists(folder)) GTEST_SKIP() << folder << " is not there";
  size_t formatted = 0;
  size_t refused = 0;
  for (const std::string& path : files_below(folder)) {
    if (!path.ends_with(".yaml") && !path.ends_with(".yml")) continue;
    const std::string text = read_file(path);
    if (!YamlFile::parse(text).ok()) {
      EXPECT_FALSE(format_yaml(text).ok()) << path;
      ++refused;
      continue;
    }
    expect_lawful(text, path);
    ++formatted;
  }
  EXPECT_GT(formatted, 1000U);
  EXPECT_LT(refused, 10U);
}

}  // namespace
}  // namespace plumb::object
