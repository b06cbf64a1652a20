// What the text of a YAML scalar means: the rules of go-yaml v2's resolve.go.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

// A resolved scalar. Wider than Value: it knows infinities and NaN, which may be keys, and dates,
// which are strings that need quotes.
struct YamlScalar {
  enum class Type : uint8_t { kNull, kBool, kInt, kUint, kFloat, kTimestamp, kString };

  Type type = Type::kString;
  union {
    bool flag;
    int64_t integer = 0;
    uint64_t natural;  // only above int64's range
    double real;
  };
};

// A plain scalar without a tag.
YamlScalar resolve_yaml(std::string_view text);

// A scalar with a tag (in full, "tag:yaml.org,2002:int"). Tags that go-yaml does not know make
// strings. The error is go-yaml's "cannot decode !!str `x` as a !!int"; it has no place yet.
base::Result<YamlScalar> resolve_yaml(std::string_view text, std::string_view tag);

// `text` is what was resolved. Infinities and NaN are errors, as they are in JSON.
base::Result<Value> to_value(const YamlScalar& scalar, std::string_view text);

// The key that sigs.k8s.io/yaml makes of it: floats with the digits of a float32, infinities as
// ".inf". Null and integers above int64 are refused.
base::Result<Text> to_key(const YamlScalar& scalar, std::string_view text);

// Whether the text, written without quotes, would be read as this same string by go-yaml, and also
// by readers of YAML 1.1 that know base 60 (1:30).
bool is_plain_yaml_string(std::string_view text);

// A double as go-yaml writes it ("1e+06", ".inf"), with the shortest digits that read back the same
// in double, or in float.
std::string format_yaml_double(double number);
std::string format_yaml_float(float number);

}  // namespace plumb::object
