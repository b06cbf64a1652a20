// JSON text to Value and back, as Go's encoding/json prints it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

enum class Duplicates {
  kLastWins,  // as encoding/json, kubectl, Helm
  kReject,    // as strict decoding in kube-apiserver, Kustomize
};

struct JsonLimits {
  int depth = 256;  // nested arrays and objects
  Duplicates duplicates = Duplicates::kLastWins;
};

// One JSON text. A number without fraction and exponent becomes an integer if 64 bits hold it, else
// the nearest double; one beyond double is refused. Text that is not UTF-8, lone surrogates, and
// anything after the value are refused. The error's place has line and column, its field the path
// where one is known.
base::Result<Value> parse_json(std::string_view text, const JsonLimits& limits = {});

struct JsonStyle {
  int indent = 0;           // spaces a level; 0 is all on one line
  bool escape_html = true;  // < > & as \u003c …, encoding/json's default
};

// Keys sorted bytewise; doubles the shortest form that reads back the same, written as Go does
// (1e21 as 1e+21, 0.0000001 as 1e-7, 1.0 as 1). So a whole double reads back as an integer, and one
// from 2^53 up to 1e21 as the integer that its shortest digits spell, which need not equal it.
std::string to_json(const Value& value, const JsonStyle& style = {});
void append_json(std::string& out, const Value& value, const JsonStyle& style = {});

// A JSON string literal, quotes included. Bytes that are not UTF-8 come out as \ufffd.
void append_json_string(std::string& out, std::string_view text, bool escape_html = true);

// A double as encoding/json prints it.
void append_json_number(std::string& out, double number);

}  // namespace plumb::object
