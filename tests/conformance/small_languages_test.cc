// Quantities, durations, versions and selectors against the libraries that Kubernetes and Helm use.
#include <gtest/gtest.h>

#include "object/duration.h"
#include "object/json.h"
#include "object/quantity.h"
#include "object/random_value.h"
#include "object/selector.h"
#include "object/semver.h"
#include "tests/conformance/reference.h"

namespace plumb::conformance {
namespace {

using object::RandomValue;
using object::Value;

// Texts out of the pieces that a grammar is made of: many are valid, many just not.
std::vector<std::string> texts(uint32_t seed, int count, int longest,
                               const std::vector<const char*>& pieces) {
  RandomValue random(seed);
  std::set<std::string> out;
  while (static_cast<int>(out.size()) < count) {
    std::string text;
    for (uint32_t i = 1 + random.below(static_cast<uint32_t>(longest)); i > 0; --i) {
      text += pieces[random.below(static_cast<uint32_t>(pieces.size()))];
    }
    out.insert(text);
  }
  return {out.begin(), out.end()};
}

std::vector<Value> questions(const std::vector<std::string>& texts, const char* op,
                             const char* member) {
  std::vector<Value> out;
  for (const std::string& text : texts) out.push_back(Value::object({{"op", op}, {member, text}}));
  return out;
}

TEST(QuantityReference, ParsesAndPrintsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const auto inputs =
      texts(1, 6000, 6, {"0", "1",  "5",   "12", "1024", "999", "000", ".", "-", "+",
                         "m", "k",  "Ki",  "Mi", "Gi",   "Ei",  "M",   "G", "E", "n",
                         "u", "e3", "e-3", "E2", "1.5",  "0.1", "i",   " "});
  const auto answers = ask(questions(inputs, "quantity", "text"));
  int valid = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto ours = object::Quantity::parse(inputs[i]);
    const Value& theirs = answers[i]["ok"];
    const std::string number = inputs[i].substr(0, inputs[i].find_first_of("eEinumkKMGTP "));
    if (answers[i]["error"].as_string().starts_with("the answer can't be encoded"))
      continue;                                                     // 1e999
    if (number.find_first_of("0123456789") == std::string::npos) {  // ours refuses them all
      EXPECT_FALSE(ours.ok()) << inputs[i];
      continue;
    }
    const std::string problem = ours.ok() ? "" : ours.error().text();
    if (problem.find("exponent beyond") != std::string::npos) continue;  // a limit of ours
    ASSERT_EQ(ours.ok(), !theirs.is_null())
        << inputs[i] << ": " << object::to_json(answers[i]) << problem;
    if (!ours.ok()) continue;
    ++valid;
    EXPECT_EQ(ours->text(), theirs["canonical"].as_string()) << inputs[i];
    // Beyond int64 theirs overflows where ours saturates; theirs rounds negative fractions up.
    if (theirs["float"].as_double() < 0 || theirs["float"].as_double() > 9e15) continue;
    EXPECT_EQ(ours->value(), theirs["value"].as_int()) << inputs[i];
    EXPECT_EQ(ours->milli_value(), theirs["milli"].as_int()) << inputs[i];
  }
  EXPECT_GT(valid, 300);
}

TEST(QuantityReference, AddsAndComparesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  std::vector<std::string> valid;
  for (const std::string& text :
       texts(2, 400, 3, {"0", "1", "-7", "1.5", "1024", "m", "k", "Ki", "Gi", "e3", "999"})) {
    if (object::Quantity::parse(text).ok()) valid.push_back(text);
  }
  std::vector<Value> asked;
  for (size_t i = 0; i + 1 < valid.size(); ++i) {
    for (const char* op : {"quantity_cmp", "quantity_add", "quantity_sub"}) {
      asked.push_back(Value::object({{"op", op}, {"a", valid[i]}, {"b", valid[i + 1]}}));
    }
  }
  const auto answers = ask(asked);
  for (size_t i = 0; i < asked.size(); ++i) {
    const auto a = object::Quantity::parse(asked[i]["a"].as_string()).value();
    const auto b = object::Quantity::parse(asked[i]["b"].as_string()).value();
    const std::string_view op = asked[i]["op"].as_string();
    if (op == "quantity_cmp") {
      EXPECT_EQ(a < b ? -1 : a > b ? 1 : 0, answers[i]["ok"].as_int()) << object::to_json(asked[i]);
    } else {
      const auto ours = op == "quantity_add" ? a.plus(b) : a.minus(b);
      EXPECT_EQ(ours.value().text(), answers[i]["ok"].as_string()) << object::to_json(asked[i]);
    }
  }
}

TEST(DurationReference, ParsesAndPrintsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const auto inputs = texts(3, 4000, 5,
                            {"0", "1", "90", "1.5", ".25", "h", "m", "s", "ms", "us", "µs", "ns",
                             "-", "+", ".", "d", "9223372036", "0.000000001", "333333333333"});
  const auto answers = ask(questions(inputs, "duration", "text"));
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto ours = object::parse_duration(inputs[i]);
    const Value& theirs = answers[i]["ok"];
    ASSERT_EQ(ours.ok(), !theirs.is_null()) << inputs[i] << ": " << object::to_json(answers[i]);
    if (!ours.ok()) continue;
    EXPECT_EQ(ours->count(), theirs["nanoseconds"].as_int()) << inputs[i];
    EXPECT_EQ(object::format_duration(*ours), theirs["canonical"].as_string()) << inputs[i];
  }
}

TEST(SemverReference, ParsesAndOrdersAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const auto inputs = texts(
      4, 4000, 9,
      {"1", "0", "2", "10", "01", ".", ".", ".", "v", "-", "rc", "alpha", "1", "+b", "x", "9"});
  const auto answers = ask(questions(inputs, "semver", "text"));
  std::vector<std::string> valid;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto ours = object::Version::parse(inputs[i]);
    const Value& theirs = answers[i]["ok"];
    ASSERT_EQ(ours.ok(), !theirs.is_null()) << inputs[i] << ": " << object::to_json(answers[i]);
    if (!ours.ok()) continue;
    valid.push_back(inputs[i]);
    EXPECT_EQ(ours->text(), theirs["version"].as_string()) << inputs[i];
    EXPECT_EQ(object::Version::parse_strict(inputs[i]).ok(), theirs["strict"].as_bool())
        << inputs[i];
  }
  std::vector<Value> asked;
  for (size_t i = 0; i + 1 < valid.size(); ++i) {
    asked.push_back(Value::object(
        {{"op", "semver_cmp"}, {"a", valid[i]}, {"b", valid[(i * 7 + 3) % valid.size()]}}));
  }
  const auto orders = ask(asked);
  for (size_t i = 0; i < asked.size(); ++i) {
    const auto a = object::Version::parse(asked[i]["a"].as_string()).value();
    const auto b = object::Version::parse(asked[i]["b"].as_string()).value();
    EXPECT_EQ(a < b ? -1 : a > b ? 1 : 0, orders[i]["ok"].as_int()) << object::to_json(asked[i]);
  }
}

TEST(SemverReference, ConstraintsAdmitAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  Value versions = Value::array();
  std::vector<object::Version> parsed;
  for (const char* major : {"0", "1", "2"}) {
    for (const char* minor : {"0", "2", "3"}) {
      for (const char* patch : {"0", "1", "3", "0-rc.1", "3-beta", "3+build"}) {
        versions.push_back(std::string(major) + "." + minor + "." + patch);
        parsed.push_back(object::Version::parse(versions.items().back().as_string()).value());
      }
    }
  }
  auto inputs =
      texts(5, 6000, 7, {"1",          "2",  "0",    "1.2", "1.2.3", "0.2.3", "1.x",  "*", "x",
                         "2.0.0-rc.1", ">=", "<",    ">",   "!=",    "~",     "^",    "=", "<=",
                         " ",          ",",  " || ", "||",  "v1",    ".",     "-beta"});
  std::vector<Value> asked;
  for (const std::string& text : inputs) {
    asked.push_back(
        Value::object({{"op", "semver_constraint"}, {"constraint", text}, {"versions", versions}}));
  }
  const auto answers = ask(asked);
  int valid = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto ours = object::VersionConstraint::parse(inputs[i]);
    const Value& theirs = answers[i]["ok"];
    EXPECT_EQ(ours.ok(), !theirs.is_null())
        << '"' << inputs[i] << "\": " << object::to_json(answers[i]).substr(0, 200);
    if (!ours.ok() || theirs.is_null()) continue;
    ++valid;
    for (size_t j = 0; j < parsed.size(); ++j) {
      EXPECT_EQ(ours->admits(parsed[j]), theirs.at(j).as_bool())
          << '"' << inputs[i] << "\" " << parsed[j].text();
    }
  }
  EXPECT_GT(valid, 400);
}

const char* const kLabels[] = {R"({})",
                               R"({"app":"web"})",
                               R"({"app":"db","tier":"back"})",
                               R"({"n":"5","app":""})",
                               R"({"tier":"front","in":"notin"})",
                               R"({"n":"-3","x.io/app":"web"})"};

TEST(LabelSelectorReference, ParsesPrintsAndMatchesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  Value labels = Value::array();
  for (const char* text : kLabels) labels.push_back(object::parse_json(text).value());
  const auto inputs = texts(
      6, 6000, 7, {"app",     "tier", "n",  "x.io/app", "web",      "back", "in", "notin", " in ",
                   " notin ", "=",    "==", "!=",       "!",        "(",    ")",  ",",     " ",
                   ">",       "<",    "5",  "-1",       "(web,db)", "a b",  "_",  "é"});
  std::vector<Value> asked;
  for (const std::string& text : inputs) {
    asked.push_back(
        Value::object({{"op", "label_selector_parse"}, {"text", text}, {"labels", labels}}));
  }
  const auto answers = ask(asked);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto ours = object::LabelSelector::parse(inputs[i]);
    const Value& theirs = answers[i]["ok"];
    ASSERT_EQ(ours.ok(), !theirs.is_null()) << inputs[i] << ": " << object::to_json(answers[i]);
    if (!ours.ok()) {
      EXPECT_EQ(ours.error().message(), answers[i]["error"].as_string()) << inputs[i];
      continue;
    }
    const auto again = object::LabelSelector::parse(theirs["canonical"].as_string());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(*ours, *again) << inputs[i];
    for (size_t j = 0; j < labels.size(); ++j) {
      EXPECT_EQ(ours->matches(labels.at(j)), theirs["matches"].at(j).as_bool())
          << inputs[i] << " " << kLabels[j];
    }
  }
}

TEST(LabelSelectorReference, ReadsObjectsAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  Value labels = Value::array();
  for (const char* text : kLabels) labels.push_back(object::parse_json(text).value());
  RandomValue random(7);
  std::vector<Value> asked;
  for (int i = 0; i < 1500; ++i) {
    static constexpr const char* kKeys[] = {"app", "tier", "n", "a/b/c", "-bad"};
    static constexpr const char* kValues[] = {"web", "back", "", "5", "not valid"};
    static constexpr const char* kOperators[] = {"In",           "NotIn", "Exists",
                                                 "DoesNotExist", "Gt",    "in"};
    Value selector = Value::object();
    if (random.below(3) == 0)
      selector.edit("matchLabels").set(kKeys[random.below(4)], kValues[random.below(4)]);
    for (uint32_t n = random.below(3); n > 0; --n) {
      Value expression =
          Value::object({{"key", kKeys[random.below(random.below(4) == 0 ? 5 : 3)]},
                         {"operator", kOperators[random.below(random.below(4) == 0 ? 6 : 4)]}});
      for (uint32_t m = random.below(3); m > 0; --m) {
        expression.edit("values").push_back(kValues[random.below(random.below(4) == 0 ? 5 : 4)]);
      }
      selector.edit("matchExpressions").push_back(expression);
    }
    asked.push_back(Value::object(
        {{"op", "label_selector_object"}, {"selector", selector}, {"labels", labels}}));
  }
  const auto answers = ask(asked);
  for (size_t i = 0; i < asked.size(); ++i) {
    const auto ours = object::LabelSelector::from_object(asked[i]["selector"]);
    const Value& theirs = answers[i]["ok"];
    const std::string input = object::to_json(asked[i]["selector"]);
    ASSERT_EQ(ours.ok(), !theirs.is_null()) << input << ": " << object::to_json(answers[i]);
    if (!ours.ok()) {
      EXPECT_EQ(ours.error().message(), answers[i]["error"].as_string()) << input;
      continue;
    }
    for (size_t j = 0; j < labels.size(); ++j) {
      EXPECT_EQ(ours->matches(labels.at(j)), theirs["matches"].at(j).as_bool())
          << input << " " << kLabels[j];
    }
  }
}

TEST(FieldSelectorReference, ParsesPrintsAndMatchesAlike) {
  if (!have_reference()) GTEST_SKIP() << kNoReference;
  const Value fields =
      object::parse_json(
          R"([{},{"metadata.name":"web"},{"metadata.name":"a,b","x":"="},{"x":"\\"}])")
          .value();
  const auto inputs = texts(
      8, 4000, 6,
      {"metadata.name", "x", "web", "a", ",", ",", "=", "==", "!=", "\\", "\\,", "\\=", " ", "!"});
  std::vector<Value> asked;
  for (const std::string& text : inputs) {
    asked.push_back(
        Value::object({{"op", "field_selector_parse"}, {"text", text}, {"fields", fields}}));
  }
  const auto answers = ask(asked);
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto ours = object::FieldSelector::parse(inputs[i]);
    const Value& theirs = answers[i]["ok"];
    ASSERT_EQ(ours.ok(), !theirs.is_null()) << inputs[i] << ": " << object::to_json(answers[i]);
    if (!ours.ok()) {
      EXPECT_EQ(ours.error().message(), answers[i]["error"].as_string()) << inputs[i];
      continue;
    }
    EXPECT_EQ(ours->text(), theirs["canonical"].as_string()) << inputs[i];
    for (size_t j = 0; j < fields.size(); ++j) {
      const auto value_of = [&](std::string_view field) { return fields.at(j)[field].as_string(); };
      EXPECT_EQ(ours->matches(value_of), theirs["matches"].at(j).as_bool()) << inputs[i];
    }
  }
}

}  // namespace
}  // namespace plumb::conformance
