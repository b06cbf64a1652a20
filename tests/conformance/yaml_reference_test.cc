// YAML against sigs.k8s.io/yaml and go-yaml v2.
#include <gtest/gtest.h>

#include "base/text.h"
#include "object/json.h"
#include "object/random_value.h"
#include "object/yaml.h"
#include "tests/conformance/reference.h"

namespace plumb::conformance {
namespace {

using object::RandomValue;
using object::Value;

// Scalars of every spelling that could be more than a string.
constexpr const char* kScalars[] = {"~",
                                    "null",
                                    "Null",
                                    "nUll",
                                    "y",
                                    "Y",
                                    "yes",
                                    "n",
                                    "No",
                                    "on",
                                    "On",
                                    "oN",
                                    "off",
                                    "true",
                                    "TRUE",
                                    "tRue",
                                    "False",
                                    ".",
                                    "..",
                                    "...",
                                    "-",
                                    "--",
                                    "---",
                                    "0",
                                    "-0",
                                    "+0",
                                    "00",
                                    "0777",
                                    "0o17",
                                    "0O17",
                                    "0o8",
                                    "08",
                                    "0x1F",
                                    "0X1f",
                                    "0x",
                                    "0xg",
                                    "0b101",
                                    "0B11",
                                    "0b",
                                    "0b12",
                                    "0b-1",
                                    "0b+1",
                                    "-0b11",
                                    "-0b-1",
                                    "+0b11",
                                    "1_000",
                                    "1__0",
                                    "_1",
                                    "1_",
                                    "0x_f",
                                    "0_7",
                                    "1.5",
                                    ".5",
                                    "5.",
                                    "-.5",
                                    "+.5",
                                    ".5_0",
                                    "._5",
                                    ".5_",
                                    "1e3",
                                    "1E+3",
                                    "1e-3",
                                    "1e",
                                    "1e999",
                                    "-1e999",
                                    "1e-999",
                                    ".5e999",
                                    ".5e-999",
                                    "1.e5",
                                    ".e5",
                                    ".inf",
                                    "+.Inf",
                                    "-.INF",
                                    ".nan",
                                    ".NaN",
                                    "inf",
                                    "NaN",
                                    "0x1p3",
                                    "1:30",
                                    "1:60",
                                    "190:20:30",
                                    "1:2:3.5",
                                    "-1:30",
                                    "1:5_0",
                                    "1_0:50",
                                    "1:30.",
                                    "1:30._",
                                    "2001-01-01",
                                    "2001-1-1",
                                    "2001-13-01",
                                    "2001-02-29",
                                    "2000-02-29",
                                    "2001-01-01T10:00:00Z",
                                    "2001-01-01t1:2:3Z",
                                    "2001-01-01T24:00:00Z",
                                    "2001-01-01T10:00:00.5Z",
                                    "2001-01-01T10:00:00,5Z",
                                    "2001-01-01T10:00:00+01:00",
                                    "2001-01-01T10:00:00+24:60",
                                    "2001-01-01T10:00:00+25:00",
                                    "2001-01-01T10:00:00",
                                    "2001-01-01 10:00:00",
                                    "2001-01-01  10:00:00.5",
                                    "9223372036854775807",
                                    "9223372036854775808",
                                    "-9223372036854775808",
                                    "-9223372036854775809",
                                    "18446744073709551615",
                                    "18446744073709551616",
                                    "+9223372036854775808",
                                    "0xffffffffffffffff",
                                    "0x10000000000000000",
                                    "123456.7",
                                    "1234567.8",
                                    "0.0001",
                                    "0.00001",
                                    "1e20",
                                    "1e21",
                                    "<<",
                                    "=",
                                    "!",
                                    "&",
                                    "*",
                                    "?",
                                    ":",
                                    "@a",
                                    "`a",
                                    "%a",
                                    "#a",
                                    "a#",
                                    "a:b",
                                    ":a",
                                    "?a",
                                    "-a",
                                    "50cent",
                                    "1.2.3",
                                    "v1",
                                    "100m",
                                    "10Gi",
                                    "a b",
                                    "a #b",
                                    "a: b",
                                    " a",
                                    "a ",
                                    "",
                                    "\ta",
                                    "a\tb",
                                    "+-1",
                                    "--1",
                                    "0.1.2",
                                    "1..2",
                                    "-1_0"};

// Where a scalar may stand.
constexpr std::pair<const char*, const char*> kFrames[] = {{"", ""},
                                                           {"v: ", ""},
                                                           {"- ", ""},
                                                           {"[", "]"},
                                                           {"{a: ", " }"},
                                                           {"", ": v"},
                                                           {"? ", "\n: v"},
                                                           {"!!int ", ""},
                                                           {"!!float ", ""},
                                                           {"!!str ", ""},
                                                           {"!!bool ", ""},
                                                           {"!!null ", ""},
                                                           {"!!binary ", ""},
                                                           {"! ", ""},
                                                           {"!foo ", ""},
                                                           {"&a ", ""},
                                                           {"'", "'"},
                                                           {"\"", "\""},
                                                           {"- &x ", "\n- *x"},
                                                           {"- &x ! ", "\n- *x"},
                                                           {"!!timestamp ", ""}};

std::string flatten(const Value& answer) { return object::to_json(answer); }

// Where libyaml 0.2.5 and go-yaml's older copy of it part: inside brackets, a colon before a
// bracket and a question mark within a text; and tags that hold brackets or commas.
bool libyaml_differs(std::string_view text, std::string_view our_error) {
  if (our_error == "found unexpected ':'") return true;
  bool in_tag = false;
  for (const char c : text) {
    in_tag = c == '!' || (in_tag && c != ' ' && c != '\n');
    if (in_tag && std::string_view(",[]").find(c) != std::string_view::npos) return true;
  }
  return text.find('?') != text.rfind('?') && text.find('[') != std::string_view::npos;
}

// Both read the same value, or neither reads any.
void compare_reading(const std::vector<std::string>& texts) {
  std::vector<Value> questions;
  for (const std::string& text : texts) {
    questions.push_back(Value::object({{"op", "yaml_to_json"}, {"yaml", text}}));
  }
  const auto answers = ask(questions);
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto ours = object::parse_first_yaml(texts[i]);
    const Value* theirs = answers[i].find("ok");
    if (libyaml_differs(texts[i], ours.ok() ? "" : ours.error().message())) continue;
    ASSERT_EQ(ours.ok(), theirs != nullptr)
        << texts[i] << "\n"
        << flatten(answers[i]) << (ours.ok() ? "" : ours.error().text());
    if (theirs == nullptr) continue;
    // A large double without a fraction is an integer once it was JSON.
    const auto ours_again = object::parse_json(object::to_json(*ours));
    EXPECT_EQ(*ours_again, *object::parse_json(theirs->as_string())) << texts[i];
  }
}

void compare_writing(const std::vector<Value>& values, const char* op) {
  std::vector<Value> questions;
  for (const Value& value : values) {
    questions.push_back(Value::object({{"op", op}, {"json", object::to_json(value)}}));
  }
  const auto answers = ask(questions);
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(object::to_yaml(values[i]), answers[i]["ok"].as_string()) << flatten(answers[i]);
  }
}

TEST(YamlReference, ReadsScalarsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  std::vector<std::string> texts;
  for (const char* scalar : kScalars) {
    for (const auto& [before, after] : kFrames)
      texts.push_back(before + (scalar + std::string(after)));
  }
  compare_reading(texts);
}

// Documents with a few characters replaced: most are wrong in some way, and both must say so.
TEST(YamlReference, ReadsDamagedDocumentsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  constexpr std::string_view kDocument =
      "a: &x {b: [1, 'c'], d: \"e\\n\"}\nf:\n- g: |\n    h\n     i\n\n  j: >-\n   k\n   l\n- <<: "
      "*x\n"
      "  m: no\n- - n\n  -\n? o\n: !!str 1 # p\nq: r\n  s\n";
  constexpr std::string_view kPieces[] = {" ", "\n", ":",  "-", "  ", "#",    "'", "\"", "[",
                                          "]", "{",  "}",  ",", "- ", ": ",   "&", "*",  "!",
                                          "|", ">",  "\t", "a", "1",  "\r\n", "%", "é"};
  RandomValue random(21);
  std::vector<std::string> texts;
  for (int i = 0; i < 6000; ++i) {
    std::string text(kDocument);
    for (uint32_t k = 1 + random.below(3); k > 0; --k) {
      const size_t at = random.below(static_cast<uint32_t>(text.size()));
      text.replace(at, random.below(3), kPieces[random.below(std::size(kPieces))]);
    }
    if (base::is_utf8(text)) texts.push_back(std::move(text));  // questions are JSON
  }
  compare_reading(texts);
}

// Texts of the pieces that matter to the emitter, some of them long enough to fold.
std::string awkward_text(RandomValue& random) {
  static constexpr const char* kPieces[] = {"a",
                                            "word",
                                            "longer",
                                            "é",
                                            "你",
                                            "😀",
                                            " ",
                                            " ",
                                            " ",
                                            "  ",
                                            "\n",
                                            "\n",
                                            "\t",
                                            ":",
                                            ": ",
                                            " #",
                                            "#",
                                            "-",
                                            "- ",
                                            "? ",
                                            "'",
                                            "\"",
                                            "\\",
                                            "[",
                                            "]",
                                            "{",
                                            "}",
                                            ",",
                                            "&",
                                            "*",
                                            "!",
                                            "|",
                                            ">",
                                            "%",
                                            "@",
                                            "`",
                                            "=",
                                            "~",
                                            "1",
                                            "0x",
                                            "\r",
                                            "\x01",
                                            "\x1b",
                                            "\x7f",
                                            "\xC2\x85",
                                            "\xC2\xA0",
                                            "\xE2\x80\xA8",
                                            "\xE2\x80\xA9",
                                            "\xEF\xBB\xBF",
                                            "\xEF\xBF\xBD",
                                            "...",
                                            "---"};
  static constexpr uint32_t kLengths[] = {1, 3, 10, 60};
  std::string text;
  const bool words = random.below(2) == 0;
  for (uint32_t i = random.below(kLengths[random.below(4)] + 1); i > 0; --i) {
    text += words && random.below(12) != 0 ? kPieces[random.below(9)]
                                           : kPieces[random.below(std::size(kPieces))];
  }
  return text;
}

Value awkward_value(RandomValue& random, int depth) {
  static constexpr const char* kKeys[] = {"a",  "b",  "a1", "a2", "a10", "a01",  "A",   "_a", "1",
                                          "01", "é1", "ж",  "a٣", "x9y", "x10y", "a-b", "a.b"};
  switch (depth == 0 ? 2 : random.below(3)) {
    case 0: {
      Value object = Value::object();
      for (uint32_t i = random.below(5); i > 0; --i) {
        std::string key =
            random.below(2) == 0 ? awkward_text(random) : kKeys[random.below(std::size(kKeys))];
        if (key != "<<") object.set(key, awkward_value(random, depth - 1));
      }
      return object;
    }
    case 1: {
      Value array = Value::array();
      for (uint32_t i = random.below(4); i > 0; --i) {
        array.push_back(awkward_value(random, depth - 1));
      }
      return array;
    }
    default: {
      if (random.below(4) == 0) return kScalars[random.below(std::size(kScalars))];
      if (random.below(8) != 0) return awkward_text(random);
      // The reference decodes an integer above int64 as a double.
      const Value scalar = random.scalar();
      return scalar.kind() == object::Kind::kUint ? Value() : scalar;
    }
  }
}

TEST(YamlReference, WritesTextsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomValue random(22, {.doubles = false});
  std::vector<Value> values;
  for (const char* scalar : kScalars)
    values.push_back(Value::array({scalar, Value::array({scalar})}));
  for (int i = 0; i < 6000; ++i) {
    values.push_back(awkward_value(random, 4));
  }
  compare_writing(values, "yaml_v2_emit");
}

TEST(YamlReference, WritesNumbersAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  RandomValue random(23);
  std::vector<Value> values = {0.1, 1e6, 1234567.5, 1e20, 1e21, 1e-5, 0.0001, 3.0, 5e-324, -0.0};
  for (int i = 0; i < 3000; ++i) values.push_back(random.number());
  for (int i = 0; i < 3000; ++i) {
    const double digits = static_cast<double>(random.below(2'000'000)) - 1e6;
    values.emplace_back(digits * std::pow(10, static_cast<int>(random.below(30)) - 15));
  }
  compare_writing(values, "yaml_marshal");
}

}  // namespace
}  // namespace plumb::conformance
