#include "base/text.h"
#include "object/selector.h"

namespace plumb::object {
namespace {

// The terms between commas that no backslash escapes.
std::vector<std::string_view> split_terms(std::string_view text) {
  std::vector<std::string_view> terms;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == ',') {
      terms.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  terms.push_back(text.substr(begin));
  return terms;
}

base::Result<std::string> unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      const bool known =
          ++i < text.size() && std::string_view("\\,=").find(text[i]) != std::string_view::npos;
      if (!known) {
        return base::invalid("invalid field selector: invalid escape sequence: " +
                             std::string(text.substr(i - 1, 2)))
            .advise("escape only '\\', ',' and '='");
      }
    } else if (text[i] == '=') {
      return base::invalid("invalid field selector: unescaped character in value: 61")
          .advise("write '\\='");
    }
    out += text[i];
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ',' || c == '=') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

base::Result<FieldSelector> FieldSelector::parse(std::string_view text) {
  FieldSelector selector;
  auto terms = split_terms(text);
  std::sort(terms.begin(), terms.end());
  for (const std::string_view term : terms) {
    if (term.empty()) continue;
    const size_t equals = term.find('=');
    if (equals == std::string_view::npos) {
      return base::invalid("invalid selector: '" + std::string(text) + "'; can't understand '" +
                           std::string(term) + "'");
    }
    const bool negated = equals > 0 && term[equals - 1] == '!';
    const bool doubled = !negated && term.substr(equals, 2) == "==";
    FieldRequirement requirement;
    requirement.field = term.substr(0, negated ? equals - 1 : equals);
    requirement.equal = !negated;
    PLUMB_TRY(requirement.value, unescaped(term.substr(equals + (doubled ? 2 : 1))));
    // "=" alone says nothing; the server drops it.
    if (requirement.field.empty() && requirement.value.empty()) continue;
    selector.requirements_.push_back(std::move(requirement));
  }
  return selector;
}

bool FieldSelector::matches(
    const std::function<std::string_view(std::string_view)>& value_of) const {
  return std::all_of(requirements_.begin(), requirements_.end(), [&](const FieldRequirement& r) {
    return (value_of(r.field) == r.value) == r.equal;
  });
}

std::string FieldSelector::text() const {
  std::vector<std::string> parts;
  for (const auto& [field, equal, value] : requirements_) {
    parts.push_back(field + (equal ? "=" : "!=") + escaped(value));
  }
  return base::join(parts, ",");
}

}  // namespace plumb::object
