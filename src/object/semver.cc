#include "object/semver.h"

#include "base/text.h"

namespace plumb::object {
namespace {

constexpr size_t kVersionLength = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

std::optional<uint64_t> number(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool leads_with_zero(std::string_view text) { return text.size() > 1 && text[0] == '0'; }

// Identifiers joined by dots; numbers among them must not begin with 0 where `numbers` is set.
bool are_identifiers(std::string_view text, bool numbers) {
  for (const std::string_view part : base::split(text, '.')) {
    if (part.empty() || !std::all_of(part.begin(), part.end(), is_identifier)) return false;
    if (numbers && is_number(part) && leads_with_zero(part)) return false;
  }
  return true;
}

// Numbers by value and before words; a shorter list of equal parts is first.
std::weak_ordering compare_part(std::string_view a, std::string_view b) {
  const auto left = number(a);
  const auto right = number(b);
  if (left && right) return *left <=> *right;
  if (left || right) return left ? std::weak_ordering::less : std::weak_ordering::greater;
  return a <=> b;
}

std::weak_ordering compare_prerelease(std::string_view a, std::string_view b) {
  if (a == b) return std::weak_ordering::equivalent;
  if (a.empty() || b.empty())
    return a.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
  const auto left = base::split(a, '.');
  const auto right = base::split(b, '.');
  for (size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
    if (const auto order = compare_part(left[i], right[i]); order != 0) return order;
  }
  return left.size() <=> right.size();
}

base::Error malformed(std::string_view text, std::string_view why) {
  return base::invalid("version " + base::quoted(text) + " " + std::string(why))
      .advise("write a version as 1.2.3, 1.2.3-rc.1 or 1.2.3+build");
}

}  // namespace

class VersionReader {
 public:
  static base::Result<Version> read(std::string_view text, bool strict) {
    if (text.size() > kVersionLength) return malformed(text, "is longer than 256 bytes");
    Version version;
    version.original_ = text;
    std::string_view rest = text;
    if (!strict && rest.starts_with('v')) rest.remove_prefix(1);
    if (const size_t plus = rest.find('+'); plus != std::string_view::npos) {
      version.metadata_ = rest.substr(plus + 1);
      rest = rest.substr(0, plus);
      if (!are_identifiers(version.metadata_, false))
        return malformed(text, "has malformed build metadata");
    }
    if (const size_t dash = rest.find('-'); dash != std::string_view::npos) {
      version.prerelease_ = rest.substr(dash + 1);
      rest = rest.substr(0, dash);
      if (!are_identifiers(version.prerelease_, true))
        return malformed(text, "has a malformed pre-release");
    }
    const auto parts = base::split(rest, '.');
    if (parts.size() > 3 || (strict && parts.size() != 3))
      return malformed(text, "does not have three numbers");
    uint64_t* const fields[] = {&version.major_, &version.minor_, &version.patch_};
    for (size_t i = 0; i < parts.size(); ++i) {
      const auto value = is_number(parts[i]) ? number(parts[i]) : std::nullopt;
      if (!value)
        return malformed(text, "has " + base::quoted(parts[i]) + " where a number must stand");
      if (strict && leads_with_zero(parts[i]))
        return malformed(text, "has a number that begins with 0");
      *fields[i] = *value;
    }
    return version;
  }
};

base::Result<Version> Version::parse(std::string_view text) {
  return VersionReader::read(text, false);
}
base::Result<Version> Version::parse_strict(std::string_view text) {
  return VersionReader::read(text, true);
}

std::string Version::text() const {
  std::string out =
      std::to_string(major_) + "." + std::to_string(minor_) + "." + std::to_string(patch_);
  if (!prerelease_.empty()) out += "-" + prerelease_;
  if (!metadata_.empty()) out += "+" + metadata_;
  return out;
}

std::weak_ordering Version::operator<=>(const Version& other) const {
  const auto numbers =
      std::tie(major_, minor_, patch_) <=> std::tie(other.major_, other.minor_, other.patch_);
  return numbers != 0 ? std::weak_ordering(numbers)
                      : compare_prerelease(prerelease_, other.prerelease_);
}

bool VersionConstraint::Term::admits(const Version& v) const {
  switch (op) {
    case Op::kEqual: return wild == Wild::kNone ? v == version : tilde(v);
    case Op::kNotEqual: return not_equal(v);
    case Op::kGreater: return greater(v);
    case Op::kLess: return v < version;
    case Op::kAtLeast: return v >= version;
    case Op::kAtMost: return at_most(v);
    case Op::kTilde: return tilde(v);
    case Op::kCaret: return caret(v);
  }
  return false;
}

bool VersionConstraint::Term::not_equal(const Version& v) const {
  if (wild == Wild::kNone) return v != version;
  if (v.major() != version.major()) return true;
  if (wild == Wild::kMinor) return false;
  if (v.minor() != version.minor()) return true;
  if (wild == Wild::kPatch) return compare_prerelease(v.prerelease(), version.prerelease()) != 0;
  return v != version;
}

bool VersionConstraint::Term::greater(const Version& v) const {
  if (wild == Wild::kNone) return v > version;
  if (v.major() != version.major()) return v.major() > version.major();
  if (wild == Wild::kMinor) return false;
  return wild == Wild::kPatch ? v.minor() > version.minor() : v > version;
}

bool VersionConstraint::Term::at_most(const Version& v) const {
  if (wild == Wild::kNone) return v <= version;
  if (v.major() != version.major()) return v.major() < version.major();
  return wild == Wild::kMinor || v.minor() <= version.minor();
}

bool VersionConstraint::Term::tilde(const Version& v) const {
  if (v < version) return false;
  const bool zero = version.major() == 0 && version.minor() == 0 && version.patch() == 0;
  if (zero && (wild == Wild::kNone || wild == Wild::kMajor)) return true;
  return v.major() == version.major() && (v.minor() == version.minor() || wild == Wild::kMinor);
}

// Nothing left of the first number that is not 0 may change.
bool VersionConstraint::Term::caret(const Version& v) const {
  if (v < version) return false;
  if (v.major() != version.major()) return false;
  if (version.major() > 0 || wild == Wild::kMinor) return true;
  if (v.minor() != version.minor()) return false;
  return version.minor() > 0 || wild == Wild::kPatch || v.patch() == version.patch();
}

// Reads one alternative: comparisons between white space or commas, and "from - to".
class ConstraintReader {
 public:
  using Term = VersionConstraint::Term;
  using Op = VersionConstraint::Op;

  ConstraintReader(std::string_view whole, std::string_view text) : whole_(whole), rest_(text) {}

  base::Result<std::vector<Term>> read() {
    std::vector<Term> terms;
    skip_space();
    while (true) {
      PLUMB_CHECK_OK(read_term(terms));
      const bool space = skip_space();
      const bool comma = rest_.starts_with(',');
      if (comma) rest_.remove_prefix(1);
      skip_space();
      if (rest_.empty() && !comma) return terms;
      if (!space && !comma) return improper();
    }
  }

 private:
  base::Error improper() const {
    return base::invalid("improper constraint: " + base::quoted(whole_))
        .advise(
            "write comparisons as >=1.2 <2, ^1.2.3, ~1.2, 1.x or 1.2 - 1.4, alternatives with ||");
  }

  bool skip_space() {
    const size_t before = rest_.size();
    while (!rest_.empty() &&
           (rest_[0] == ' ' || (rest_[0] >= '\t' && rest_[0] <= '\r' && rest_[0] != '\v'))) {
      rest_.remove_prefix(1);
    }
    return rest_.size() != before;
  }

  base::Status read_term(std::vector<Term>& terms) {
    static constexpr std::pair<std::string_view, Op> kOperators[] = {
        {"!=", Op::kNotEqual}, {">=", Op::kAtLeast}, {"=>", Op::kAtLeast}, {"<=", Op::kAtMost},
        {"=<", Op::kAtMost},   {"~>", Op::kTilde},   {"=", Op::kEqual},    {">", Op::kGreater},
        {"<", Op::kLess},      {"~", Op::kTilde},    {"^", Op::kCaret}};
    Term term;
    const auto* found = std::find_if(std::begin(kOperators), std::end(kOperators),
                                     [&](const auto& o) { return rest_.starts_with(o.first); });
    const bool bare = found == std::end(kOperators);
    if (!bare) {
      term.op = found->second;
      rest_.remove_prefix(found->first.size());
      skip_space();
    }
    PLUMB_CHECK_OK(read_version(term));
    std::string_view ahead = rest_;
    const bool range =
        bare && skip_space() && rest_.starts_with('-') && (rest_.remove_prefix(1), skip_space());
    if (!range) {
      rest_ = ahead;
      terms.push_back(std::move(term));
      return base::ok();
    }
    term.op = Op::kAtLeast;
    terms.push_back(std::move(term));
    Term last;
    last.op = Op::kAtMost;
    PLUMB_CHECK_OK(read_version(last));
    terms.push_back(std::move(last));
    return base::ok();
  }

  // v?N(.N)?(.N)?(-pre)?(+meta)?, where each N may be x, X or *.
  base::Status read_version(Term& term) {
    if (rest_.starts_with('v')) rest_.remove_prefix(1);
    std::vector<std::string> numbers;
    while (numbers.size() < 3) {
      const bool dot = !numbers.empty() && rest_.starts_with('.');
      if (!numbers.empty() && !dot) break;
      size_t end = dot ? 1 : 0;
      const size_t begin = end;
      while (end < rest_.size() && (is_digit(rest_[end]) || is_wild(rest_[end]))) ++end;
      if (end == begin) return improper();
      numbers.emplace_back(rest_.substr(begin, end - begin));
      rest_.remove_prefix(end);
    }
    const std::string prerelease = take_tail('-');
    const std::string metadata = take_tail('+');
    using Wild = Term::Wild;
    size_t fixed = 0;
    while (fixed < numbers.size() && !(numbers[fixed].size() == 1 && is_wild(numbers[fixed][0])))
      ++fixed;
    term.wild = fixed == 0   ? Wild::kMajor
                : fixed == 1 ? Wild::kMinor
                : fixed == 2 ? Wild::kPatch
                             : Wild::kNone;
    std::string text;
    for (size_t i = 0; i < 3; ++i) text += (i == 0 ? "" : ".") + (i < fixed ? numbers[i] : "0");
    text += prerelease;
    if (term.wild == Wild::kNone) text += metadata;
    auto version = Version::parse(text);
    if (!version.ok()) return improper();
    term.version = std::move(version).value();
    return base::ok();
  }

  static bool is_wild(char c) { return c == 'x' || c == 'X' || c == '*'; }

  std::string take_tail(char mark) {
    if (!rest_.starts_with(mark)) return "";
    size_t end = 1;
    while (end < rest_.size() && (is_identifier(rest_[end]) || rest_[end] == '.')) ++end;
    std::string tail(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return tail;
  }

  std::string_view whole_;  // view: for messages, of read()'s caller
  std::string_view rest_;   // view: what is still to read, of read()'s caller
};

base::Result<VersionConstraint> VersionConstraint::parse(std::string_view text) {
  constexpr size_t kAlternatives = 32;
  constexpr size_t kLength = 512;
  if (text.size() > kLength) return base::too_large("version constraint is longer than 512 bytes");
  VersionConstraint constraint;
  constraint.text_ = text;
  for (std::string_view rest = text;;) {
    const size_t bars = rest.find("||");
    PLUMB_TRY(auto all, ConstraintReader(text, rest.substr(0, bars)).read());
    constraint.any_.push_back(std::move(all));
    if (constraint.any_.size() > kAlternatives) {
      return base::too_large("version constraint " + base::quoted(text) +
                             " has more than 32 alternatives");
    }
    if (bars == std::string_view::npos) return constraint;
    rest.remove_prefix(bars + 2);
  }
}

bool VersionConstraint::admits(const Version& version) const {
  return std::any_of(any_.begin(), any_.end(), [&](const All& all) {
    const bool prereleases = std::any_of(
        all.begin(), all.end(), [](const Term& t) { return !t.version.prerelease().empty(); });
    if (!version.prerelease().empty() && !prereleases) return false;
    return std::all_of(all.begin(), all.end(), [&](const Term& t) { return t.admits(version); });
  });
}

}  // namespace plumb::object
