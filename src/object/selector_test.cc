#include "object/selector.h"

#include <gtest/gtest.h>

#include "object/json.h"

namespace plumb::object {
namespace {

struct Case {
  const char* selector;
  const char* labels;
  bool matches;
};

TEST(LabelSelector, Matches) {
  const Case cases[] = {
      {"", R"({"a":"1"})", true},
      {"app=web", R"({"app":"web","x":"y"})", true},
      {"app==web", R"({"app":"db"})", false},
      {"app!=web", R"({})", true},
      {"app!=web", R"({"app":"web"})", false},
      {"tier in (front, back)", R"({"tier":"back"})", true},
      {"tier in (front, back)", R"({})", false},
      {"tier notin (front)", R"({})", true},
      {"tier notin (front,)", R"({"tier":""})", false},
      {"canary", R"({"canary":""})", true},
      {"!canary", R"({"canary":"x"})", false},
      {"generation>3", R"({"generation":"4"})", true},
      {"generation>3", R"({"generation":"3"})", false},
      {"generation<3", R"({"generation":"many"})", false},
      {"app=web,!canary", R"({"app":"web"})", true},
      {"app=", R"({"app":""})", true},
      {"in in (in,notin)", R"({"in":"notin"})", true},
  };
  for (const Case& c : cases) {
    const auto selector = LabelSelector::parse(c.selector);
    ASSERT_TRUE(selector.ok()) << c.selector << ": " << selector.error().text();
    EXPECT_EQ(selector->matches(parse_json(c.labels).value()), c.matches)
        << c.selector << " " << c.labels;
  }
}

TEST(LabelSelector, TextParsesToTheSameSelector) {
  for (const char* text :
       {"app=web,tier in (back,front),!x,y,n>3,m<1,k!=v,l notin (a)", "", "a in (,b)"}) {
    const auto selector = LabelSelector::parse(text).value();
    EXPECT_EQ(LabelSelector::parse(selector.text()).value(), selector) << selector.text();
  }
  EXPECT_EQ(LabelSelector::parse("b,a==1").value().text(), "a=1,b");
}

TEST(LabelSelector, RefusesWithTheServersWords) {
  const std::pair<const char*, const char*> cases[] = {
      {"app=web,", "found '', expected: identifier after ','"},
      {"=web", "found '=', expected: !, identifier, or 'end of string'"},
      {"app in web", "unable to parse requirement: found 'web' expected: '('"},
      {"app in (web", "unable to parse requirement: found '', expected: ',' or ')'"},
      {"app web",
       "unable to parse requirement: found 'web', expected: in, notin, =, ==, !=, gt, lt"},
      {"n>many",
       "unable to parse requirement: values[0]: Invalid value: \"many\": for 'Gt', 'Lt' operators, "
       "the "
       "value must be an integer"},
  };
  for (const auto& [text, message] : cases) {
    const auto selector = LabelSelector::parse(text);
    ASSERT_FALSE(selector.ok()) << text;
    EXPECT_EQ(selector.error().message(), message);
  }
}

TEST(LabelSelector, ReadsTheObjectForm) {
  const Value object = parse_json(R"({"matchLabels":{"app":"web"},"matchExpressions":[
      {"key":"tier","operator":"In","values":["a","b"]},{"key":"x","operator":"DoesNotExist"}]})")
                           .value();
  const auto selector = LabelSelector::from_object(object);
  ASSERT_TRUE(selector.ok());
  EXPECT_EQ(selector->text(), "app=web,tier in (a,b),!x");
  EXPECT_FALSE(LabelSelector::from_object(nullptr).ok());
  const auto wrong = LabelSelector::from_object(
      parse_json(R"({"matchExpressions":[{"key":"a","operator":"Is"}]})").value());
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().message(), "\"Is\" is not a valid label selector operator");
}

TEST(LabelSelector, TheObjectFormOfTheWrongShapeIsRefusedAndDoesNotMatchAll) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"matchLabels":["app"]})",
       "matchLabels: the label selector has array where object must stand"},
      {R"({"matchLabels":{"app":1}})",
       "matchLabels.app: the label selector has integer where string must stand"},
      {R"({"matchExpressions":{"key":"a"}})",
       "matchExpressions: the label selector has object where array must stand"},
      {R"({"matchExpressions":[{"key":"a","operator":"Exists"},"a"]})",
       "matchExpressions[1]: the label selector has string where object must stand"},
      {R"({"matchExpressions":[{"key":7,"operator":"Exists"}]})",
       "matchExpressions[0].key: the label selector has integer where string must stand"},
      {R"({"matchExpressions":[{"key":"a","operator":"In","values":"b"}]})",
       "matchExpressions[0].values: the label selector has string where array must stand"},
      {R"({"matchExpressions":[{"key":"a","operator":"In","values":[true]}]})",
       "matchExpressions[0].values: the label selector has boolean where string must stand"},
  };
  for (const auto& [text, message] : cases) {
    const auto selector = LabelSelector::from_object(parse_json(text).value());
    ASSERT_FALSE(selector.ok()) << text;
    EXPECT_EQ(selector.error().text(), message);
  }
  const Value nulls = parse_json(R"({"matchLabels":null,"matchExpressions":null})").value();
  ASSERT_TRUE(LabelSelector::from_object(nulls).ok());
  EXPECT_TRUE(LabelSelector::from_object(nulls)->empty());
}

TEST(FieldSelector, MatchesAndPrints) {
  const auto selector = FieldSelector::parse("status.phase!=Running,metadata.name=a\\,b").value();
  EXPECT_EQ(selector.text(), "metadata.name=a\\,b,status.phase!=Running");
  const auto value_of = [](std::string_view field) -> std::string_view {
    return field == "metadata.name" ? "a,b" : field == "status.phase" ? "Pending" : "";
  };
  EXPECT_TRUE(selector.matches(value_of));
  EXPECT_FALSE(FieldSelector::parse("status.phase==Running").value().matches(value_of));
  EXPECT_TRUE(FieldSelector::parse("").value().matches(value_of));
  EXPECT_TRUE(FieldSelector::parse("=,,").value().empty());
}

TEST(FieldSelector, RefusesWhatItCannotUnderstand) {
  for (const char* text : {"name", "a=b=c", "a=\\x", "a=b\\"})
    EXPECT_FALSE(FieldSelector::parse(text).ok()) << text;
}

}  // namespace
}  // namespace plumb::object
