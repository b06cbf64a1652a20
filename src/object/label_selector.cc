#include "base/text.h"
#include "object/json.h"
#include "object/names.h"
#include "object/selector.h"

namespace plumb::object {
namespace {

using Op = SelectorOperator;

std::string joined(const std::vector<std::string>& parts) { return base::join(parts, ","); }

std::string sorted(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  return joined(values);
}

std::string listed(const std::vector<std::string>& values) {
  Value list = Value::array();
  for (const std::string& value : values) list.push_back(value);
  return to_json(list);
}

// The checks of every requirement, however it was written. The messages are the server's, in which
// a path that is not known prints as "<nil>".
base::Status check(const LabelRequirement& requirement) {
  const auto& [key, op, values] = requirement;
  std::vector<std::string> problems;
  const auto key_problems = label_key_problems(key);
  if (!key_problems.empty()) {
    problems.push_back("key: Invalid value: " + base::quoted(key, SIZE_MAX) + ": " +
                       base::join(key_problems, "; "));
  }
  if ((op == Op::kIn || op == Op::kNotIn) && values.empty()) {
    problems.emplace_back(
        "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty");
  }
  if ((op == Op::kExists || op == Op::kDoesNotExist) && !values.empty()) {
    problems.push_back("values: Invalid value: " + listed(values) +
                       ": values set must be empty for exists and does not exist");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string at = "values[" + std::to_string(i) + "]";
    const std::string shown = ": Invalid value: " + base::quoted(values[i], SIZE_MAX) + ": ";
    if ((op == Op::kGreater || op == Op::kLess) && !base::parse_int(values[i])) {
      problems.push_back(at + shown + "for 'Gt', 'Lt' operators, the value must be an integer");
    }
    const auto value_problems = label_value_problems(values[i]);
    if (!value_problems.empty()) {
      problems.push_back(at + "[" + key + "]" + shown + base::join(value_problems, "; "));
    }
  }
  if (problems.empty()) return base::ok();
  return base::invalid(problems.size() == 1 ? problems[0] : "[" + base::join(problems, ", ") + "]");
}

enum class Token { kEnd, kWord, kComma, kOpen, kClose, kNot, kOperator };

struct Item {
  Token token;
  std::string text;  // of the word or operator
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_symbol(char c) { return std::string_view("=!(),><").find(c) != std::string_view::npos; }

// Words, and symbols taken as long as possible: "!=" and "==" before "!" and "=".
std::vector<Item> scan(std::string_view text) {
  std::vector<Item> items;
  for (size_t i = 0; i < text.size();) {
    if (is_space(text[i])) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    Token token = Token::kWord;
    if (is_symbol(text[i])) {
      const bool pair = end < text.size() && text[end] == '=' && (text[i] == '=' || text[i] == '!');
      end += pair ? 1 : 0;
      token = text[i] == ','            ? Token::kComma
              : text[i] == '('          ? Token::kOpen
              : text[i] == ')'          ? Token::kClose
              : text[i] == '!' && !pair ? Token::kNot
                                        : Token::kOperator;
    } else {
      while (end < text.size() && !is_space(text[end]) && !is_symbol(text[end])) ++end;
    }
    items.push_back({token, std::string(text.substr(i, end - i))});
    i = end;
  }
  items.push_back({Token::kEnd, ""});
  return items;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : items_(scan(text)) {}

  base::Result<std::vector<LabelRequirement>> parse() {
    std::vector<LabelRequirement> requirements;
    while (next().token != Token::kEnd) {
      if (next().token != Token::kWord && next().token != Token::kNot) {
        return expected("!, identifier, or 'end of string'");
      }
      auto parsed = requirement();
      if (!parsed.ok()) return std::move(parsed).error().while_doing("unable to parse requirement");
      requirements.push_back(std::move(parsed).value());
      if (next().token == Token::kEnd) break;
      if (next().token != Token::kComma) return expected("',' or 'end of string'");
      ++at_;
      if (next().token != Token::kWord && next().token != Token::kNot) {
        return expected("identifier after ','");
      }
    }
    return requirements;
  }

 private:
  const Item& next() const { return items_[at_]; }
  base::Error expected(const std::string& what) const {
    return base::invalid("found '" + next().text + "', expected: " + what);
  }

  base::Result<LabelRequirement> requirement() {
    LabelRequirement found;
    const bool negated = next().token == Token::kNot;
    if (negated) ++at_;
    if (next().token != Token::kWord) return expected("identifier");
    found.key = items_[at_++].text;
    const auto problems = label_key_problems(found.key);
    if (!problems.empty()) {
      return base::invalid("<nil>: Invalid value: " + base::quoted(found.key, SIZE_MAX) + ": " +
                           base::join(problems, "; "));
    }
    if (negated || next().token == Token::kEnd || next().token == Token::kComma) {
      found.op = negated ? Op::kDoesNotExist : Op::kExists;
      return found;
    }
    PLUMB_TRY(found.op, read_operator());
    const bool set = found.op == Op::kIn || found.op == Op::kNotIn;
    PLUMB_TRY(found.values, set ? value_list() : exact_value());
    PLUMB_CHECK_OK(check(found));
    return found;
  }

  base::Result<Op> read_operator() {
    static constexpr std::pair<std::string_view, Op> kOperators[] = {
        {"=", Op::kEquals},    {"==", Op::kEquals}, {"!=", Op::kNotEquals}, {"in", Op::kIn},
        {"notin", Op::kNotIn}, {">", Op::kGreater}, {"<", Op::kLess}};
    for (const auto& [text, op] : kOperators) {
      if (next().text != text) continue;
      ++at_;
      return op;
    }
    return expected("in, notin, =, ==, !=, gt, lt");
  }

  base::Result<std::vector<std::string>> exact_value() {
    if (next().token == Token::kEnd || next().token == Token::kComma)
      return std::vector<std::string>{""};
    if (next().token != Token::kWord) return expected("identifier");
    return std::vector<std::string>{items_[at_++].text};
  }

  // "(a, b,,)": between two commas, and beside a bracket, stands the empty value.
  base::Result<std::vector<std::string>> value_list() {
    if (next().token != Token::kOpen) {
      return base::invalid("found '" + next().text + "' expected: '('");
    }
    ++at_;
    if (next().token != Token::kWord && next().token != Token::kComma &&
        next().token != Token::kClose) {
      return expected("',', ')' or identifier");
    }
    std::set<std::string> values;
    bool after_comma = false;
    while (true) {
      if (next().token == Token::kWord) {
        values.insert(items_[at_++].text);
        if (next().token != Token::kComma && next().token != Token::kClose)
          return expected("',' or ')'");
      } else if (next().token == Token::kComma || next().token == Token::kClose) {
        values.insert("");
      } else {
        return expected(after_comma ? "',', or identifier" : "',', ')' or identifier");
      }
      const bool closed = items_[at_++].token == Token::kClose;
      if (closed) return std::vector<std::string>(values.begin(), values.end());
      after_comma = true;
    }
  }

  std::vector<Item> items_;
  size_t at_ = 0;
};

base::Result<Op> expression_operator(std::string_view name) {
  if (name == "In") return Op::kIn;
  if (name == "NotIn") return Op::kNotIn;
  if (name == "Exists") return Op::kExists;
  if (name == "DoesNotExist") return Op::kDoesNotExist;
  return base::invalid(base::quoted(name) + " is not a valid label selector operator");
}

// A selector that is not understood must not match everything: what has the wrong kind is refused,
// as decoding into metav1.LabelSelector does. Null is as good as missing.
base::Status check_kind(const Value& value, Kind kind, std::string path) {
  if (value.is_null() || value.kind() == kind) return base::ok();
  return base::invalid("the label selector has " + std::string(to_string(value.kind())) +
                       " where " + std::string(to_string(kind)) + " must stand")
      .field(std::move(path));
}

base::Result<LabelRequirement> expression_requirement(const Value& expression,
                                                      const std::string& path) {
  PLUMB_CHECK_OK(check_kind(expression, Kind::kObject, path));
  PLUMB_CHECK_OK(check_kind(expression["key"], Kind::kString, path + ".key"));
  PLUMB_CHECK_OK(check_kind(expression["operator"], Kind::kString, path + ".operator"));
  PLUMB_CHECK_OK(check_kind(expression["values"], Kind::kArray, path + ".values"));
  LabelRequirement requirement;
  requirement.key = expression["key"].as_string();
  PLUMB_TRY(requirement.op, expression_operator(expression["operator"].as_string()));
  for (const Value& value : expression["values"].items()) {
    PLUMB_CHECK_OK(check_kind(value, Kind::kString, path + ".values"));
    requirement.values.emplace_back(value.as_string());
  }
  PLUMB_CHECK_OK(check(requirement));
  return requirement;
}

}  // namespace

bool LabelRequirement::matches(const Value& labels) const {
  const Value* found = labels.find(key);
  const auto among = [&] {
    return std::find(values.begin(), values.end(), found->as_string()) != values.end();
  };
  switch (op) {
    case Op::kEquals:
    case Op::kIn: return found != nullptr && among();
    case Op::kNotEquals:
    case Op::kNotIn: return found == nullptr || !among();
    case Op::kExists: return found != nullptr;
    case Op::kDoesNotExist: return found == nullptr;
    case Op::kGreater:
    case Op::kLess: break;
  }
  const auto ours = found == nullptr ? std::nullopt : base::parse_int(found->as_string());
  const auto bound = values.empty() ? std::nullopt : base::parse_int(values[0]);
  return ours && bound && (op == Op::kGreater ? *ours > *bound : *ours < *bound);
}

std::string LabelRequirement::text() const {
  switch (op) {
    case Op::kExists: return key;
    case Op::kDoesNotExist: return "!" + key;
    case Op::kEquals: return key + "=" + joined(values);
    case Op::kNotEquals: return key + "!=" + joined(values);
    case Op::kGreater: return key + ">" + joined(values);
    case Op::kLess: return key + "<" + joined(values);
    case Op::kIn: return key + " in (" + sorted(values) + ")";
    case Op::kNotIn: return key + " notin (" + sorted(values) + ")";
  }
  return key;
}

LabelSelector::LabelSelector(std::vector<LabelRequirement> requirements)
    : requirements_(std::move(requirements)) {
  std::stable_sort(requirements_.begin(), requirements_.end(),
                   [](const auto& a, const auto& b) { return a.key < b.key; });
}

base::Result<LabelSelector> LabelSelector::parse(std::string_view text) {
  PLUMB_TRY(auto requirements, Parser(text).parse());
  return LabelSelector(std::move(requirements));
}

base::Result<LabelSelector> LabelSelector::from_object(const Value& selector) {
  if (!selector.is_object()) {
    return base::invalid(
        "a label selector is an object with matchLabels and matchExpressions, not " +
        std::string(to_string(selector.kind())));
  }
  PLUMB_CHECK_OK(check_kind(selector["matchLabels"], Kind::kObject, "matchLabels"));
  PLUMB_CHECK_OK(check_kind(selector["matchExpressions"], Kind::kArray, "matchExpressions"));
  std::vector<LabelRequirement> requirements;
  for (const Member& label : selector["matchLabels"].members()) {
    PLUMB_CHECK_OK(
        check_kind(label.value, Kind::kString, "matchLabels." + std::string(label.key())));
    requirements.push_back(
        {std::string(label.key()), Op::kEquals, {std::string(label.value.as_string())}});
    PLUMB_CHECK_OK(check(requirements.back()));
  }
  for (size_t i = 0; i < selector["matchExpressions"].size(); ++i) {
    PLUMB_TRY(auto requirement,
              expression_requirement(selector["matchExpressions"].at(i),
                                     "matchExpressions[" + std::to_string(i) + "]"));
    requirements.push_back(std::move(requirement));
  }
  return LabelSelector(std::move(requirements));
}

bool LabelSelector::matches(const Value& labels) const {
  return std::all_of(requirements_.begin(), requirements_.end(),
                     [&](const auto& requirement) { return requirement.matches(labels); });
}

std::string LabelSelector::text() const {
  std::vector<std::string> parts;
  for (const auto& requirement : requirements_) parts.push_back(requirement.text());
  return joined(parts);
}

}  // namespace plumb::object
