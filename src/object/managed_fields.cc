#include "object/managed_fields.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "object/json.h"

namespace plumb::object {
namespace {

using std::chrono::sys_seconds;

// The number in `text` at [at, at + digits), or -1.
int number_at(std::string_view text, size_t at, size_t digits) {
  if (text.size() < at + digits) return -1;
  int number = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// "Z", "+02:00", "-07:30".
std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text == "Z") return std::chrono::minutes(0);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return {};
  const int hours = number_at(text, 1, 2);
  const int minutes = number_at(text, 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return {};
  const std::chrono::minutes offset(60 * hours + minutes);
  return text[0] == '-' ? -offset : offset;
}

// RFC 3339; fractions of a second are dropped.
std::optional<sys_seconds> parse_time(std::string_view text) {
  const int numbers[] = {number_at(text, 0, 4),  number_at(text, 5, 2),  number_at(text, 8, 2),
                         number_at(text, 11, 2), number_at(text, 14, 2), number_at(text, 17, 2)};
  const auto [year, month, day, hour, minute, second] = numbers;
  if (*std::ranges::min_element(numbers) < 0 || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return {};
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return {};
  std::string_view rest = text.substr(19);
  if (rest.starts_with('.')) {
    const size_t end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end == 1) return {};
    rest.remove_prefix(end);
  }
  const auto offset = parse_offset(rest);
  if (!offset) return {};
  return sys_seconds(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) - *offset;
}

void append_padded(std::string& out, int number, size_t width) {
  const std::string digits = std::to_string(number);
  out.append(digits.size() < width ? width - digits.size() : 0, '0');
  out += digits;
}

std::string time_text(sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string out;
  append_padded(out, static_cast<int>(date.year()), 4);
  out += '-';
  append_padded(out, static_cast<int>(static_cast<unsigned>(date.month())), 2);
  out += '-';
  append_padded(out, static_cast<int>(static_cast<unsigned>(date.day())), 2);
  out += 'T';
  append_padded(out, static_cast<int>(clock.hours().count()), 2);
  out += ':';
  append_padded(out, static_cast<int>(clock.minutes().count()), 2);
  out += ':';
  append_padded(out, static_cast<int>(clock.seconds().count()), 2);
  return out + 'Z';
}

base::Result<ManagedFieldsEntry> decode_entry(const Value& value, size_t index) {
  const std::string at = " in managed fields entry " + std::to_string(index);
  if (!value.is_object()) return base::invalid("want an object" + at);
  ManagedFieldsEntry entry;
  const std::string_view operation = value["operation"].as_string();
  if (operation != "Apply" && operation != "Update") {
    return base::invalid("operation must be `Apply` or `Update`");
  }
  entry.operation = operation == "Apply" ? ManagerOperation::kApply : ManagerOperation::kUpdate;
  entry.manager = value["manager"].as_string();
  entry.api_version = value["apiVersion"].as_string();
  entry.subresource = value["subresource"].as_string();
  if (entry.api_version.empty()) return base::invalid("apiVersion must not be empty");
  const std::string_view type = value["fieldsType"].as_string();
  if (type.empty()) return base::invalid("missing fieldsType" + at);
  if (type != "FieldsV1") {
    return base::invalid("invalid fieldsType " + base::quoted(type) + at);
  }
  if (const Value& time = value["time"]; !time.is_null()) {
    entry.time = parse_time(time.as_string());
    if (!entry.time) return base::invalid("time is not RFC 3339" + at);
  }
  PLUMB_TRY(entry.fields, FieldSet::from_value(value["fieldsV1"]));
  return entry;
}

Value encode_entry(const ManagedFieldsEntry& entry) {
  Value out = Value::object({{"operation", to_string(entry.operation)},
                             {"apiVersion", entry.api_version},
                             {"fieldsType", "FieldsV1"},
                             {"fieldsV1", entry.fields.to_value()}});
  if (!entry.manager.empty()) out.set("manager", entry.manager);
  if (!entry.subresource.empty()) out.set("subresource", entry.subresource);
  if (entry.time) out.set("time", time_text(*entry.time));
  return out;
}

}  // namespace

std::string_view to_string(ManagerOperation operation) {
  return operation == ManagerOperation::kApply ? "Apply" : "Update";
}

std::string ManagedFieldsEntry::identity() const {
  std::string out = "{";
  const auto add = [&](std::string_view name, std::string_view text) {
    if (text.empty()) return;
    if (out.size() > 1) out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, text);
  };
  add("manager", manager);
  add("operation", to_string(operation));
  if (operation == ManagerOperation::kUpdate) add("apiVersion", api_version);
  add("subresource", subresource);
  return out + '}';
}

base::Result<std::vector<ManagedFieldsEntry>> decode_managed_fields(const Value& list) {
  if (!list.is_array() && !list.is_null()) {
    return base::invalid("managedFields is " + std::string(to_string(list.kind())) +
                         ", want an array");
  }
  std::vector<ManagedFieldsEntry> entries;
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < list.size(); ++i) {
    PLUMB_TRY(ManagedFieldsEntry entry, decode_entry(list.at(i), i));
    const auto [place, fresh] = places.try_emplace(entry.identity(), entries.size());
    if (fresh) {
      entries.push_back(std::move(entry));
    } else {
      entries[place->second] = std::move(entry);
    }
  }
  return entries;
}

Value encode_managed_fields(std::vector<ManagedFieldsEntry> entries) {
  if (entries.empty()) return {};
  const auto order = [](const ManagedFieldsEntry& entry) {
    return std::tuple(entry.operation, entry.time.value_or(sys_seconds()),
                      std::string_view(entry.manager), std::string_view(entry.api_version),
                      std::string_view(entry.subresource));
  };
  std::ranges::sort(entries, [&](const auto& a, const auto& b) { return order(a) < order(b); });
  Value list = Value::array();
  for (const ManagedFieldsEntry& entry : entries) list.push_back(encode_entry(entry));
  return list;
}

}  // namespace plumb::object
