#include "object/yaml_edit.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "object/json.h"
#include "object/random_value.h"
#include "object/random_yaml.h"
#include "object/yaml.h"

namespace plumb::object {
namespace {

// "a.b[0].c" as a path; keys without dots.
YamlPath path_of(std::string_view text) {
  YamlPath path;
  std::string key;
  const auto flush = [&] {
    if (!key.empty()) path.emplace_back(key);
    key.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') {
      flush();
      const size_t end = text.find(']', i);
      path.emplace_back(static_cast<size_t>(*base::parse_int(text.substr(i + 1, end - i - 1))));
      i = end;
    } else if (text[i] == '.') {
      flush();
    } else {
      key += text[i];
    }
  }
  flush();
  return path;
}

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return *value;
}

enum class Do { kSet, kAppend, kRemove, kInsertFirst };

struct Case {
  const char* name;
  Do what;
  const char* path;
  const char* value;  // JSON
  const char* in;
  const char* out;
};

base::Status edit(YamlEditor& editor, Do what, const YamlPath& path, const Value& value) {
  switch (what) {
    case Do::kSet: return editor.set(path, value);
    case Do::kAppend: return editor.append(path, value);
    case Do::kRemove: return editor.remove(path);
    case Do::kInsertFirst: break;
  }
  return editor.insert_key({path.begin(), path.end() - 1}, 0, std::get<std::string>(path.back()),
                           value);
}

class EditYaml : public testing::TestWithParam<Case> {};

TEST_P(EditYaml, ChangesOnlyWhatItMust) {
  const Case& c = GetParam();
  auto editor = YamlEditor::open(c.in);
  ASSERT_TRUE(editor.ok()) << editor.error().text();
  const auto status = edit(*editor, c.what, path_of(c.path), json(c.value));
  ASSERT_TRUE(status.ok()) << status.error().text();
  EXPECT_EQ(editor->text(), c.out);
}

constexpr Case kCases[] = {
    {"PlainScalar", Do::kSet, "image", R"("nginx:2")", "image: nginx:1   # {\"$x\": 1}\nb: 1\n",
     "image: nginx:2   # {\"$x\": 1}\nb: 1\n"},
    {"KeepsDoubleQuotes", Do::kSet, "a", R"("y")", "a: \"x\" # c\n", "a: \"y\" # c\n"},
    {"KeepsSingleQuotes", Do::kSet, "a", R"("y")", "a: 'x'\n", "a: 'y'\n"},
    {"PicksQuotesThatAreNeeded", Do::kSet, "a", R"("true")", "a: x\n", "a: \"true\"\n"},
    {"LeavesSingleQuotesThatCannotSayIt", Do::kSet, "a", R"("x\ty\u0001")", "a: 'x'\n",
     "a: \"x\\ty\\x01\"\n"},
    {"NumbersHaveNoQuotes", Do::kSet, "a", "5", "a: 'x'\n", "a: 5\n"},
    {"SameValueChangesNothing", Do::kSet, "a", "8", "a: 0x8\n", "a: 0x8\n"},
    {"AbsentValue", Do::kSet, "a", "1", "a:\nb: 2\n", "a: 1\nb: 2\n"},
    {"AbsentValueWithComment", Do::kSet, "a", R"({"x": 1})", "a:   # c\nb: 2\n",
     "a:   # c\n  x: 1\nb: 2\n"},
    {"AbsentItem", Do::kSet, "[1]", R"({"x": 1, "z": 2})", "- a\n-\n- b\n",
     "- a\n- x: 1\n  z: 2\n- b\n"},
    {"NestedInItems", Do::kSet, "c[1].image", R"("b:2")",
     "c:\n  - name: x\n    image: a:1\n  - name: y\n    image: b:1 # c\n",
     "c:\n  - name: x\n    image: a:1\n  - name: y\n    image: b:2 # c\n"},
    {"NewKeyGoesBehindItsSiblings", Do::kSet, "a.z", "2", "a:\n    x: 1 # c\n\n# d\nb: 1\n",
     "a:\n    x: 1 # c\n    z: 2\n\n# d\nb: 1\n"},
    {"MappingsOnTheWayAreMade", Do::kSet, "a.b.c", "1", "x: 1\n", "x: 1\na:\n  b:\n    c: 1\n"},
    {"IndentationIsTheFiles", Do::kSet, "a.b.c", R"([{"d": 1}])", "x:\n    y:\n      - z\n",
     "x:\n    y:\n      - z\na:\n    b:\n        c:\n          - d: 1\n"},
    {"SequencesUnderTheirKeyByDefault", Do::kSet, "c", R"(["d"])", "x: 1\n", "x: 1\nc:\n- d\n"},
    {"NullBecomesAMapping", Do::kSet, "a.b", "1", "a: null # c\n", "a: # c\n  b: 1\n"},
    {"ScalarBecomesABlock", Do::kSet, "a", R"({"b": [1]})", "a: x # c\nd: 1\n",
     "a: # c\n  b:\n  - 1\nd: 1\n"},
    {"BlockBecomesAScalar", Do::kSet, "a", "1", "a: # c\n  # d\n  b: 2\n  # e\nf: 1\n",
     "a: # c\n  # d\n  1\n  # e\nf: 1\n"},
    {"BlockWithoutCommentsBecomesAScalar", Do::kSet, "a", "1", "a: # c\n  b: 2\nf: 1\n",
     "a: 1 # c\nf: 1\n"},
    {"EmptyBracesBecomeABlock", Do::kSet, "a.b", "1", "a: {} # c\nd: 1\n",
     "a: # c\n  b: 1\nd: 1\n"},
    {"Literal", Do::kSet, "a", R"("x\ny\n")", "a: |   # c\n    z\n\nb: 1\n",
     "a: | # c\n  x\n  y\n\nb: 1\n"},
    {"LiteralBecomesPlain", Do::kSet, "a", R"("x")", "a: |\n    z\n\nb: 1\n", "a: x\n\nb: 1\n"},
    {"PlainBecomesLiteral", Do::kSet, "a", R"("x\ny")", "a: z # c\nb: 1\n",
     "a: |- # c\n  x\n  y\nb: 1\n"},
    {"Flow", Do::kSet, "a.b", R"("x,y")", "a: {b: z, c: 1}\n", "a: {b: 'x,y', c: 1}\n"},
    {"FlowGrows", Do::kSet, "a.d", R"({"e": [1]})", "a: {b: z}\n", "a: {b: z, d: {e: [1]}}\n"},
    {"FlowKeyWithoutValue", Do::kSet, "a.b", "1", "a: {b, c}\n", "a: {b: 1, c}\n"},
    {"JsonStaysJson", Do::kSet, "b", R"({"c": "x"})", "{\n  \"a\": 1\n}\n",
     "{\n  \"a\": 1,\n  \"b\": {\"c\":\"x\"}\n}\n"},
    {"FlowLinesKeepTheirComments", Do::kAppend, "a", "3", "a: [\n  1, # c\n  2 # d\n]\n",
     "a: [\n  1, # c\n  2, # d\n  3\n]\n"},
    {"FlowWithTrailingComma", Do::kAppend, "a", "3", "a: [\n  1,\n  2,\n]\n",
     "a: [\n  1,\n  2,\n  3,\n]\n"},
    {"AppendToBlock", Do::kAppend, "a", R"({"x": 1, "z": 2})", "a:\n  - x: 0 # c\n# d\nb: 1\n",
     "a:\n  - x: 0 # c\n  - x: 1\n    z: 2\n# d\nb: 1\n"},
    {"AppendToFlow", Do::kAppend, "a", R"("z")", "a: [x]\n", "a: [x, z]\n"},
    {"AppendToNothing", Do::kAppend, "b", R"("z")", "a:\n  - x\n", "a:\n  - x\nb:\n  - z\n"},
    {"AppendToEmpty", Do::kAppend, "a", R"("z")", "a: []\n", "a:\n- z\n"},
    {"AppendBehindLiteral", Do::kAppend, "a", R"("z")", "a:\n- |\n  x\n\nb: 1\n",
     "a:\n- |\n  x\n- z\n\nb: 1\n"},
    {"AppendBehindLiteralThatKeeps", Do::kAppend, "a", R"("z")", "a:\n- |+\n  x\n\nb: 1\n",
     "a:\n- |+\n  x\n\n- z\nb: 1\n"},
    {"NoLastLineBreak", Do::kSet, "b", "1", "a: 1", "a: 1\nb: 1"},
    {"NoLastLineBreakBehindLiteral", Do::kSet, "b", "1", "a: | # c\n  x", "a: |- # c\n  x\nb: 1"},
    {"WindowsLineEnds", Do::kSet, "b.c", R"("x\ny\n")", "a: 1\r\n",
     "a: 1\r\nb:\r\n  c: |\r\n    x\r\n    y\r\n"},
    {"AnchorStays", Do::kSet, "a", "2", "a: &x 1\nb: *x\n", "a: &x 2\nb: *x\n"},
    {"AnchorOfABlockStays", Do::kSet, "a", R"({"c": 2})", "a: &x # c\n  b: 1\nb: *x\n",
     "a: &x # c\n  c: 2\nb: *x\n"},
    {"TagGoes", Do::kSet, "a", "2", "a: &x !!str 1\nb: *x\n", "a: &x 2\nb: *x\n"},
    {"AliasIsReplaced", Do::kSet, "b", "2", "a: &x 1\nb: *x # c\n", "a: &x 1\nb: 2 # c\n"},
    {"ByteOrderMarkStays", Do::kSet, "b", "3",
     "\xef\xbb\xbf"
     "a: 1\nb: 2\n",
     "\xef\xbb\xbf"
     "a: 1\nb: 3\n"},
    {"EmptyText", Do::kSet, "a.b", "1", "", "a:\n  b: 1\n"},
    {"CommentOnlyText", Do::kSet, "a", "1", "# c", "# c\na: 1"},
    {"EmptyDocument", Do::kSet, "a", "1", "---\n# c\n", "---\n# c\na: 1\n"},
    {"RootScalarBecomesABlock", Do::kSet, "", R"({"a": 1})", "--- x # c\n", "--- # c\na: 1\n"},
    {"InsertFirst", Do::kInsertFirst, "a.x", "1", "a:\n  # of y\n  y: 2\n",
     "a:\n  x: 1\n  # of y\n  y: 2\n"},
    {"InsertFirstBehindDash", Do::kInsertFirst, "[0].x", "1", "- y: 2\n", "- x: 1\n  y: 2\n"},
    {"InsertFirstInFlow", Do::kInsertFirst, "a.x", "1", "a: {y: 2}\n", "a: {x: 1, y: 2}\n"},
    {"RemoveKeyWithItsComments", Do::kRemove, "b", "null",
     "# top\n\n# a\na: 1\n# other\n\n# of b\n# too\nb: 2 # b\n# c\nc: 3\n",
     "# top\n\n# a\na: 1\n# other\n\n# c\nc: 3\n"},
    {"RemoveBlock", Do::kRemove, "a", "null", "a:\n  b: # x\n  - 1\n  # y\nc: 1\n",
     "  # y\nc: 1\n"},
    {"RemoveItem", Do::kRemove, "a[0]", "null", "a:\n  - x: 1\n    y: 2\n  # z\n  - z\n",
     "a:\n  # z\n  - z\n"},
    {"RemoveFirstKeyBehindDash", Do::kRemove, "[0].x", "null", "- x: 1 # x\n  # y\n  y: 2\n",
     "- # y\n  y: 2\n"},
    {"RemoveLastKeyOfBlock", Do::kRemove, "a.b", "null", "a: # c\n  b: 1\nd: 1\n",
     "a: {} # c\nd: 1\n"},
    {"RemoveLastKeyWithItsComments", Do::kRemove, "a.b", "null",
     "a:\n  # of b\n  b: 1 # b\n  # below\nd: 1\n", "a: {}\n  # below\nd: 1\n"},
    {"RemoveLastItem", Do::kRemove, "a[0]", "null", "a:\n- b: 1\nd: 1\n", "a: []\nd: 1\n"},
    {"RemoveFromFlow", Do::kRemove, "a.b", "null", "a: {b: 1, c: 2}\n", "a: {c: 2}\n"},
    {"RemoveLastFromFlow", Do::kRemove, "a[1]", "null", "a: [x, y]\n", "a: [x]\n"},
    {"RemoveOnlyFromFlow", Do::kRemove, "a[0]", "null", "a: [ x ]\n", "a: [ ]\n"},
    {"RemoveJsonLine", Do::kRemove, "b", "null", "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
     "{\n  \"a\": 1\n}\n"},
    {"RemoveBelowLiteralThatKeeps", Do::kRemove, "b", "null", "a: |+\n  x\nb: 1\n\nc: 1\n",
     "a: |+\n  x\nc: 1\n"},
};

INSTANTIATE_TEST_SUITE_P(Cases, EditYaml, testing::ValuesIn(kCases),
                         [](const auto& info) { return std::string(info.param.name); });

struct BadCase {
  const char* name;
  Do what;
  const char* path;
  const char* in;
  base::Code code;
  const char* message;  // part of it
};

class EditYamlRefuses : public testing::TestWithParam<BadCase> {};

TEST_P(EditYamlRefuses, AndLeavesTheText) {
  const BadCase& c = GetParam();
  auto editor = YamlEditor::open(c.in);
  ASSERT_TRUE(editor.ok());
  const auto status = edit(*editor, c.what, path_of(c.path), json("1"));
  ASSERT_FALSE(status.ok()) << editor->text();
  EXPECT_EQ(status.error().code(), c.code) << status.error().text();
  EXPECT_NE(status.error().text().find(c.message), std::string::npos) << status.error().text();
  EXPECT_EQ(editor->text(), c.in);
}

constexpr BadCase kBadCases[] = {
    {"ThroughAnAlias", Do::kSet, "b.c", "a: &x {c: 1}\nb: *x\n", base::Code::kInvalid, "alias *x"},
    {"AppendToAnAlias", Do::kAppend, "b", "a: &x [1]\nb: *x\n", base::Code::kInvalid, "alias"},
    {"ThroughAScalar", Do::kSet, "a.b", "a: text\n", base::Code::kInvalid,
     "1:4 a.b: this is no mapping"},
    {"MissingItem", Do::kSet, "a[2]", "a: [1]\n", base::Code::kNotFound, "no item 2"},
    {"RemoveMissing", Do::kRemove, "a.b", "a: {}\n", base::Code::kNotFound, "no key"},
    {"RemoveAnAnchorInUse", Do::kRemove, "a", "a: &x 1\nb: *x\n", base::Code::kInvalid,
     "unknown anchor 'x'"},
    {"KeyThatIsThereTwice", Do::kSet, "a", "a: 1\na: 2\n", base::Code::kInvalid, "2 times"},
    {"InsertKeyThatIsThere", Do::kInsertFirst, "a", "a: 1\n", base::Code::kAlreadyExists,
     "already"},
    {"RemoveAQuestionMark", Do::kRemove, "b", "? a\n? b\n", base::Code::kUnsupported,
     "question mark"},
    {"RemoveTheRoot", Do::kRemove, "", "a: 1\n", base::Code::kInvalid, "root"},
};

INSTANTIATE_TEST_SUITE_P(Cases, EditYamlRefuses, testing::ValuesIn(kBadCases),
                         [](const auto& info) { return std::string(info.param.name); });

// ---- properties: random texts, random edits, checked against the same edit of Values ----

struct Edit {
  Do what = Do::kSet;
  YamlPath path;
  Value value;
};

class RandomEdit {
 public:
  RandomEdit(uint32_t seed, const YamlFile& file)
      : values_(seed, {.depth = 2, .width = 3, .doubles = false}), file_(file) {}

  Edit next() {
    Edit edit;
    NodeId at = file_.root(file_.documents()[0]);
    while (file_.node(at).is_collection() && !file_.children(at).empty() && values_.below(5) != 0) {
      at = step_down(at, edit.path);
    }
    const YamlKind kind = file_.node(at).kind;
    edit.value = values_.below(2) == 0 ? values_.scalar() : values_.value();
    if (kind == YamlKind::kSequence && values_.below(2) == 0) {
      edit.what = Do::kAppend;
    } else if (kind == YamlKind::kMapping && values_.below(2) == 0) {
      edit.path.emplace_back("new" + std::to_string(values_.below(3)));
      edit.what = values_.below(3) == 0 ? Do::kInsertFirst : Do::kSet;
      if (edit.what == Do::kSet && values_.below(3) == 0) edit.path.emplace_back("deeper");
    } else if (!edit.path.empty() && values_.below(2) == 0) {
      edit.what = Do::kRemove;
    }
    return edit;
  }

 private:
  NodeId step_down(NodeId at, YamlPath& path) {
    const std::span<const NodeId> children = file_.children(at);
    if (file_.node(at).kind == YamlKind::kSequence) {
      const size_t index = values_.below(static_cast<uint32_t>(children.size()));
      path.emplace_back(index);
      return children[index];
    }
    const size_t entry = values_.below(static_cast<uint32_t>(children.size() / 2));
    path.emplace_back(std::string(file_.text(children[2 * entry])));
    return children[2 * entry + 1];
  }

  RandomValue values_;
  const YamlFile& file_;
};

void edit_model(Value& root, const Edit& edit) {
  Value* at = &root;
  const size_t steps = edit.path.size() - (edit.what == Do::kRemove ? 1 : 0);
  for (size_t i = 0; i < steps; ++i) {
    const auto* key = std::get_if<std::string>(&edit.path[i]);
    at = key != nullptr ? &at->edit(*key) : &at->edit(std::get<size_t>(edit.path[i]));
  }
  if (edit.what == Do::kAppend) {
    at->push_back(edit.value);
  } else if (edit.what != Do::kRemove) {
    *at = edit.value;
  } else if (const auto* key = std::get_if<std::string>(&edit.path.back())) {
    at->erase(*key);
  } else {
    at->erase(std::get<size_t>(edit.path.back()));
  }
}

// The lines that the edit may touch: from the entry's own comments to its last line, and the last
// line of the collection that grows.
bool is_touched(const YamlFile& file, const Edit& edit, std::string_view comment) {
  const NodeId root = file.root(file.documents()[0]);
  const auto target = file.find(root, edit.path);
  if (edit.what == Do::kAppend || !target.ok()) return false;
  const YamlNode& node = file.node(*target);
  for (const YamlComment& c : file.comments()) {
    if (file.text(c) != comment) continue;
    if (c.start >= node.start && c.start < node.end) return true;
    // What goes with a removed entry, or lies inside the replaced block.
    for (NodeId id = c.owner; id != kNoNode; id = file.node(id).parent) {
      if (id == *target) return true;
      const YamlNode& owner = file.node(id);
      const auto siblings =
          owner.parent == kNoNode ? std::span<const NodeId>() : file.children(owner.parent);
      const auto at = std::ranges::find(siblings, id);
      if (at != siblings.end() && at + 1 != siblings.end() && *(at + 1) == *target) return true;
    }
  }
  return false;
}

size_t line_of(std::string_view text, size_t offset) {
  return static_cast<size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

// Where an entry starts, its key and the comments above it included.
uint32_t entry_start(const YamlFile& file, NodeId at) {
  uint32_t start = file.node(at).start;
  const NodeId parent = file.node(at).parent;
  if (file.node(parent).kind == YamlKind::kDocument) return start;
  const auto siblings = file.children(parent);
  const auto found = std::ranges::find(siblings, at);
  const bool mapping = file.node(parent).kind == YamlKind::kMapping;
  const NodeId entry = mapping ? *(found - 1) : at;
  // Behind a dash, the next entry may move up; a flow entry goes with the comma before it.
  start = std::min(start, file.node(entry == siblings[0] ? parent : *(found - 1)).start);
  for (const YamlComment& c : file.comments(entry, CommentRole::kHead)) {
    start = std::min(start, c.start);
  }
  return start;
}

// The lines, from 0, that an edit may change or push apart.
std::pair<size_t, size_t> touched_lines(const YamlFile& file, const Edit& edit) {
  YamlPath path = edit.path;
  const NodeId root = file.root(file.documents()[0]);
  while (!file.find(root, path).ok()) path.pop_back();
  uint32_t start = entry_start(file, *file.find(root, path));
  if (edit.what == Do::kRemove) {
    // With the last entry, brackets take the place of the block around it.
    const NodeId around = file.node(*file.find(root, path)).parent;
    const size_t width = file.node(around).kind == YamlKind::kMapping ? 2 : 1;
    if (file.children(around).size() == width) path.pop_back();
    start = std::min(start, entry_start(file, *file.find(root, path)));
  }
  const YamlNode& node = file.node(*file.find(root, path));
  size_t last = line_of(file.source(), node.end);
  // Empty lines may go with what is removed.
  for (size_t at_byte = line_end(file.source(), node.end); at_byte < file.source().size();
       ++at_byte) {
    const char c = file.source()[at_byte];
    if (c == '\n') ++last;
    if (c != '\n' && c != ' ' && c != '\r') break;
  }
  return {line_of(file.source(), start), last};
}

void expect_other_lines_untouched(const YamlFile& before, const Edit& edit,
                                  const std::string& after, const std::string& trace) {
  const std::vector<std::string_view> was = base::split(before.source(), '\n');
  const std::vector<std::string_view> is = base::split(after, '\n');
  size_t prefix = 0;
  while (prefix < std::min(was.size(), is.size()) && was[prefix] == is[prefix]) ++prefix;
  size_t suffix = 0;
  while (suffix < std::min(was.size(), is.size()) - prefix &&
         was[was.size() - 1 - suffix] == is[is.size() - 1 - suffix]) {
    ++suffix;
  }
  if (prefix + suffix == was.size()) return;  // lines were only added
  const auto [first, last] = touched_lines(before, edit);
  EXPECT_GE(prefix, first) << trace << "\n" << after;
  const size_t moved_up = edit.what == Do::kRemove ? 1 : 0;
  EXPECT_LE(was.size() - suffix, last + 1 + moved_up) << trace << "\n" << after;
}

// Whether an edit may fail: anchors that would go while aliases stay, paths through aliases
// and what an earlier edit put there, keys to insert that are there.
bool is_expected(const base::Error& error) {
  const std::string why = error.text();
  return why.find("unknown anchor") != std::string::npos ||
         why.find("alias") != std::string::npos ||
         why.find("this is no mapping") != std::string::npos ||
         error.code() == base::Code::kAlreadyExists || error.code() == base::Code::kUnsupported;
}

void expect_model_agrees(const std::string& text, const Edit& change, const std::string& edited,
                         const std::string& trace) {
  const auto before = parse_yaml_documents(text);
  const auto after = parse_yaml_documents(edited);
  ASSERT_TRUE(before.ok() && after.ok()) << trace << "\n" << edited;
  ASSERT_EQ(before->size(), after->size()) << trace << "\n" << edited;
  Value wanted = (*before)[0].value;
  edit_model(wanted, change);
  EXPECT_EQ((*after)[0].value, wanted) << trace << "\n" << edited;
  for (size_t i = 1; i < before->size(); ++i) {
    EXPECT_EQ((*after)[i].value, (*before)[i].value) << trace << "\n" << edited;
  }
}

TEST(EditYamlProperty, RandomEditsOfRandomTexts) {
  size_t done = 0;
  size_t refused = 0;
  size_t unsupported = 0;
  for (uint32_t seed = 0; seed < 3000 && !HasFailure(); ++seed) {
    auto editor = YamlEditor::open(RandomYaml(seed / 3).text());
    ASSERT_TRUE(editor.ok()) << seed << editor.error().text();
    for (uint32_t step = 0; step < 2; ++step) {
      const YamlFile before = editor->file();
      const std::string text = editor->text();
      const Edit change = RandomEdit(seed * 2 + step, before).next();
      const std::string trace = "seed " + std::to_string(seed) + " " +
                                std::to_string(static_cast<int>(change.what)) + " " +
                                to_string(change.path) + " " + to_json(change.value) + "\n" + text;
      const auto status = edit(*editor, change.what, change.path, change.value);
      if (!status.ok()) {
        EXPECT_TRUE(is_expected(status.error())) << status.error().text() << "\n" << trace;
        EXPECT_EQ(editor->text(), text);
        ++refused;
        if (status.error().code() == base::Code::kUnsupported) ++unsupported;
        continue;
      }
      ++done;
      // With anchors an edit shows in the aliases too, which the model does not know.
      const std::string edited = editor->text();
      if (text.find('&') == std::string::npos) expect_model_agrees(text, change, edited, trace);
      expect_other_lines_untouched(before, change, edited, trace);
      for (const YamlComment& comment : before.comments()) {
        if (is_touched(before, change, before.text(comment))) continue;
        EXPECT_NE(edited.find(before.text(comment)), std::string::npos)
            << before.text(comment) << " is lost\n"
            << trace << "\n"
            << edited;
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(done, 5000U);
  EXPECT_GT(refused, 10U);
  // A deep comment below a block scalar, once what stood between them is gone.
  EXPECT_LT(unsupported, 10U);
}

}  // namespace
}  // namespace plumb::object
