#include "object/yaml_node.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace plumb::object {
namespace {

YamlFile parse(std::string text) {
  auto file = YamlFile::parse(std::move(text));
  EXPECT_TRUE(file.ok()) << file.error().text();
  return *std::move(file);
}

// "head of b", "line of b", "foot of {}": who owns a comment, named by what it says, by the kind of
// a collection, or "---" for a document.
std::string owner_of(const YamlFile& file, const YamlComment& comment) {
  static constexpr const char* kRoles[] = {"head of ", "line of ", "foot of "};
  std::string out = kRoles[static_cast<size_t>(comment.role)];
  if (comment.owner == kNoNode) return out + "the text";
  switch (file.node(comment.owner).kind) {
    case YamlKind::kDocument: return out + "---";
    case YamlKind::kMapping: return out + "{}";
    case YamlKind::kSequence: return out + "[]";
    default: return out + std::string(file.text(comment.owner));
  }
}

struct CommentCase {
  const char* name;
  const char* in;
  const char* owners;  // of the comments in order, with ", " between
};

class YamlComments : public testing::TestWithParam<CommentCase> {};

TEST_P(YamlComments, BelongToOneNode) {
  const YamlFile file = parse(GetParam().in);
  std::string owners;
  for (const YamlComment& comment : file.comments()) {
    owners += (owners.empty() ? "" : ", ") + owner_of(file, comment);
  }
  EXPECT_EQ(owners, GetParam().owners);
}

constexpr CommentCase kCommentCases[] = {
    {"AboveAKey", "# x\na: 1\n# y\nb: 2\n", "head of a, head of b"},
    {"BehindAValue", "a: 1 # x\n", "line of 1"},
    {"BehindAKeyOfABlock", "a: # x\n  b: 1\n", "line of {}"},
    {"BehindAKeyWithoutValue", "a: # x\nb: 1\n", "line of "},
    {"BehindABlockHeader", "a: | # x\n  # text\n", "line of # text\n"},
    {"BehindADash", "- # x\n  a: 1\n", "line of {}"},
    {"BehindADashOfAScalar", "- # x\n  a\n", "head of a"},
    {"BetweenKeyAndScalar", "a:\n  # x\n  1\n", "head of a"},
    {"BetweenKeyAndBlock", "a:\n# x\n  b: 1\n", "head of b"},
    {"BehindAnAnchor", "a: &n # x\n  # y\n  b: 1\n", "line of {}, head of b"},
    {"InsideAKey", "? | # x\n  a\n: b\n", "head of a\n"},
    {"AtTheEndOfABlock", "a:\n  b: 1\n  # x\nc: 1\n", "foot of {}"},
    {"LeftOfTheBlockThatEnds", "a:\n  b: 1\n# x\nc: 1\n", "head of c"},
    {"BetweenTheColumns", "a:\n    b: 1\n  # x\nc: 1\n", "foot of {}"},
    {"OnceOutsideAlwaysOutside", "a:\n  b: 1\n# x\n  # y\nc: 1\n", "head of c, head of c"},
    {"BelowASequenceUnderItsKey", "a:\n- 1\n# x\nb: 1\n", "head of b"},
    {"BelowAnIndentedSequence", "a:\n  - 1\n  # x\nb: 1\n", "foot of []"},
    {"DeepButNothingEnds", "a: 1\n    # x\nb: 1\n", "head of b"},
    {"InsideBrackets", "a: [ # x\n  b, # y\n  # z\n]\n", "head of b, line of b, foot of []"},
    {"BehindBrackets", "a: [b] # x\n", "line of []"},
    {"AboveAndBehindTheMarker", "# x\n--- # y\n# z\na\n", "head of ---, line of ---, head of a"},
    {"BetweenDocuments", "a\n# x\n---\n# y\nb\n", "foot of ---, head of b"},
    {"BehindTheEndMarker", "a\n...\n# x\n---\nb\n", "head of ---"},
    {"WithoutDocument", "# x\n", "foot of the text"},
    {"NotInTexts", "a: 'x # y'\nb: \"# z\"\nc: >\n  # t\nd: e#f\n", ""},
};

INSTANTIATE_TEST_SUITE_P(Cases, YamlComments, testing::ValuesIn(kCommentCases),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(YamlNode, PlacesCountCharacters) {
  const YamlFile file = parse("ä: 1\nb:\n  - {ü: \xf0\x9f\x98\x80 , z: 2}\n");
  const NodeId root = file.root(file.documents()[0]);
  const auto z = file.find(root, YamlPath{"b", size_t{0}, "z"});
  ASSERT_TRUE(z.ok());
  EXPECT_EQ(file.node(*z).line, 3U);
  EXPECT_EQ(file.node(*z).column, 16U);
  EXPECT_EQ(file.source(file.node(*z).start, file.node(*z).end), "2");
  EXPECT_EQ(file.place_of(file.node(*z).start), file.place(*z));
}

TEST(YamlNode, SpansLeaveOutAnchorsTagsAndComments) {
  const YamlFile file = parse("a: &x !!map # c\n  b: 'y' # d\n\n# e\nf: |\n  g\n\nh: *x\n");
  const NodeId root = file.root(file.documents()[0]);
  const NodeId a = file.find(root, "a");
  EXPECT_EQ(file.source(file.node(a).start, file.node(a).end), "&x !!map # c\n  b: 'y'");
  EXPECT_EQ(file.source(file.node(a).content, file.node(a).end), "b: 'y'");
  EXPECT_EQ(file.anchor(a), "x");
  EXPECT_EQ(file.tag(a), "tag:yaml.org,2002:map");
  const NodeId f = file.find(root, "f");
  EXPECT_EQ(file.source(file.node(f).start, file.node(f).end), "|\n  g\n\n");
  EXPECT_EQ(file.text(f), "g\n");
  EXPECT_EQ(file.node(file.find(root, "h")).kind, YamlKind::kAlias);
}

TEST(YamlNode, AbsentValuesStandBehindTheirColon) {
  const YamlFile file = parse("a:   # c\nb: {c, d: }\n");
  const NodeId root = file.root(file.documents()[0]);
  const NodeId a = file.find(root, "a");
  EXPECT_TRUE(file.is_absent(a));
  EXPECT_EQ(file.node(a).start, 2U);
  EXPECT_TRUE(file.is_absent(*file.find(root, YamlPath{"b", "c"})));
}

TEST(YamlNode, FindSaysHowFarItGot) {
  const YamlFile file = parse("a:\n  - b: &x 1\n  - *x\n");
  const NodeId root = file.root(file.documents()[0]);
  const auto error = [&](YamlPath path) { return file.find(root, path).error().text(); };
  EXPECT_EQ(error({"a", size_t{0}, "c"}), "line 2:5 a[0]: there is no key \"c\"");
  EXPECT_EQ(error({"a", size_t{2}}), "line 2:3 a: there is no item 2, only 2");
  EXPECT_EQ(error({"a", size_t{0}, "b", "c"}), "line 2:8 a[0].b: this is no mapping");
  EXPECT_EQ(error({"a", size_t{1}, "c"}),
            "line 3:5 a[1]: this is the alias *x; name the value at its anchor &x");
}

TEST(YamlNode, LimitsHold) {
  EXPECT_EQ(YamlFile::parse("abc", {.bytes = 2}).error().code(), base::Code::kTooLarge);
  EXPECT_EQ(YamlFile::parse("[a, b]", {.nodes = 2}).error().code(), base::Code::kTooLarge);
  EXPECT_EQ(YamlFile::parse("[[a]]", {.depth = 1}).error().code(), base::Code::kTooLarge);
  EXPECT_TRUE(YamlFile::parse("[[a]]", {.depth = 2}).ok());
}

TEST(YamlNode, SameMeaningLooksThroughStyle) {
  const auto same = [](std::string a, std::string b) {
    const YamlFile left = parse(std::move(a));
    const YamlFile right = parse(std::move(b));
    return same_meaning(left, left.root(0), right, right.root(0));
  };
  EXPECT_TRUE(same("a: [x, 'z'] # c\n", "\"a\":\n- x\n- z\n"));
  EXPECT_TRUE(same("a: ~", "a:"));
  EXPECT_FALSE(same("a: '1'", "a: 1"));
  EXPECT_FALSE(same("a: ''", "a:"));
  EXPECT_FALSE(same("a: &x 1", "a: 1"));
  EXPECT_FALSE(same("a: !x 1", "a: 1"));
  EXPECT_FALSE(same("{a: 1, b: 2}", "{b: 2, a: 1}"));
}

TEST(YamlPathText, NamesKeysAndIndexes) {
  EXPECT_EQ(to_string(YamlPath{"spec", "containers", size_t{0}, "a/b"}),
            "spec.containers[0][\"a/b\"]");
}

}  // namespace
}  // namespace plumb::object
