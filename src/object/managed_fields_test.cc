#include "object/managed_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "object/json.h"

namespace plumb::object {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Value json(std::string_view text) {
  auto value = parse_json(text);
  EXPECT_TRUE(value.ok()) << text;
  return std::move(value).value_or(Value());
}

constexpr std::string_view kEntry =
    R"({"apiVersion":"apps/v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}},)"
    R"("manager":"kubectl","operation":"Update","subresource":"scale",)"
    R"("time":"2026-01-02T03:04:05Z"})";

Value entry_without(std::string_view member) {
  Value entry = json(kEntry);
  entry.erase(member);
  return Value::array({entry});
}

Value entry_with(std::string_view member, Value value) {
  Value entry = json(kEntry);
  entry.set(member, std::move(value));
  return Value::array({entry});
}

TEST(ManagedFields, SurviveDecodingAndEncoding) {
  const Value list = Value::array({json(kEntry)});
  const auto entries = decode_managed_fields(list);
  ASSERT_TRUE(entries.ok()) << entries.error().text();
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_EQ(entries->front().manager, "kubectl");
  EXPECT_EQ(entries->front().subresource, "scale");
  EXPECT_THAT(entries->front().fields.texts(), ElementsAre(".spec.replicas"));
  EXPECT_EQ(encode_managed_fields(*entries), list);
}

TEST(ManagedFields, NoneIsNull) {
  EXPECT_TRUE(decode_managed_fields(Value())->empty());
  EXPECT_TRUE(encode_managed_fields({}).is_null());
}

TEST(ManagedFields, TimesAreReadInAnyZoneAndWrittenInUtc) {
  const auto written = [](std::string_view time) {
    const auto entries = decode_managed_fields(entry_with("time", time));
    return entries.ok() ? to_json(encode_managed_fields(*entries).at(0)["time"])
                        : entries.error().message();
  };
  EXPECT_EQ(written("2026-01-02T03:04:05Z"), "\"2026-01-02T03:04:05Z\"");
  EXPECT_EQ(written("2026-01-01T23:04:05.987-04:30"), "\"2026-01-02T03:34:05Z\"");
  EXPECT_EQ(written("2024-02-29T00:00:00+00:01"), "\"2024-02-28T23:59:00Z\"");
  for (const char* bad :
       {"", "yesterday", "2026-01-02", "2026-13-02T03:04:05Z", "2026-02-30T03:04:05Z",
        "2026-01-02T24:04:05Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z",
        "2026-01-02 03:04:05Z", "2026-01-02T03:04:05+1"}) {
    EXPECT_THAT(written(bad), HasSubstr("not RFC 3339")) << bad;
  }
}

TEST(ManagedFields, RefusesWhatTheApiServerRefuses) {
  const std::pair<Value, std::string_view> cases[] = {
      {Value("x"), "managedFields is string, want an array"},
      {Value::array({Value(1)}), "want an object in managed fields entry 0"},
      {entry_with("operation", "Patch"), "operation must be `Apply` or `Update`"},
      {entry_without("apiVersion"), "apiVersion must not be empty"},
      {entry_without("fieldsType"), "missing fieldsType in managed fields entry 0"},
      {entry_with("fieldsType", "FieldsV2"),
       "invalid fieldsType \"FieldsV2\" in managed fields entry 0"},
      {entry_with("fieldsV1", Value::array()), "field set: is array, want an object"},
  };
  for (const auto& [list, message] : cases) {
    const auto entries = decode_managed_fields(list);
    ASSERT_FALSE(entries.ok()) << message;
    EXPECT_EQ(entries.error().message(), message);
  }
}

TEST(ManagedFields, OfOneIdentityTheLastCounts) {
  Value list = Value::array({json(kEntry), json(kEntry)});
  list.edit(1).set("fieldsV1", json(R"({"f:a":{}})"));
  const auto entries = decode_managed_fields(list);
  ASSERT_EQ(entries->size(), 1U);
  EXPECT_THAT(entries->front().fields.texts(), ElementsAre(".a"));
}

TEST(ManagedFields, AppliesAreOneEntryWhateverTheVersion) {
  ManagedFieldsEntry entry{"a", ManagerOperation::kApply, "v1", "", std::nullopt, {}};
  EXPECT_EQ(entry.identity(), R"({"manager":"a","operation":"Apply"})");
  entry.operation = ManagerOperation::kUpdate;
  entry.subresource = "status";
  EXPECT_EQ(entry.identity(),
            R"({"manager":"a","operation":"Update","apiVersion":"v1","subresource":"status"})");
}

TEST(ManagedFields, AreSortedByOperationTimeAndName) {
  const auto entry = [](const char* manager, ManagerOperation operation, int seconds) {
    FieldSet fields;
    fields.insert(Path{PathElement::field("a")});
    return ManagedFieldsEntry{
        manager, operation, "v1", "", std::chrono::sys_seconds(std::chrono::seconds(seconds)),
        fields};
  };
  ManagedFieldsEntry untimed = entry("untimed", ManagerOperation::kUpdate, 0);
  untimed.time.reset();
  const Value list = encode_managed_fields({entry("b", ManagerOperation::kUpdate, 5),
                                            entry("a", ManagerOperation::kUpdate, 5),
                                            entry("z", ManagerOperation::kUpdate, 4), untimed,
                                            entry("applier", ManagerOperation::kApply, 9)});
  std::vector<std::string_view> managers;
  for (const Value& item : list.items()) managers.push_back(item["manager"].as_string());
  EXPECT_THAT(managers, ElementsAre("applier", "untimed", "z", "a", "b"));
}

}  // namespace
}  // namespace plumb::object
