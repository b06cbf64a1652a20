#include "object/names.h"

#include "base/text.h"

namespace plumb::object {
namespace {

constexpr size_t kLabelLength = 63;
constexpr size_t kSubdomainLength = 253;

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alnum(char c) { return is_lower_alnum(c) || (c >= 'A' && c <= 'Z'); }

// Not empty, ends that satisfy `end`, and between them also the characters of `inner`.
bool is_word(std::string_view text, bool (*end)(char), std::string_view inner) {
  if (text.empty() || !end(text.front()) || !end(text.back())) return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return end(c) || inner.find(c) != std::string_view::npos; });
}

bool is_dns_subdomain(std::string_view text) {
  const auto labels = base::split(text, '.');
  return std::all_of(labels.begin(), labels.end(),
                     [](std::string_view label) { return is_word(label, is_lower_alnum, "-"); });
}

std::string longest(size_t bytes) {
  return "must be no more than " + std::to_string(bytes) + " bytes";
}

constexpr std::string_view kName =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation "
    "is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr std::string_view kLabelValue =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "
    "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr std::string_view kDnsLabel =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must "
    "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr std::string_view kDnsSubdomain =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

}  // namespace

std::vector<std::string> label_key_problems(std::string_view key) {
  std::vector<std::string> problems;
  const size_t slash = key.find('/');
  if (slash != std::string_view::npos && key.find('/', slash + 1) != std::string_view::npos) {
    return {"a valid label key " + std::string(kName) +
            " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
  }
  if (slash == 0) {
    problems.emplace_back("prefix part must be non-empty");
  } else if (slash != std::string_view::npos) {
    for (const std::string& problem : dns_subdomain_problems(key.substr(0, slash))) {
      problems.push_back("prefix part " + problem);
    }
  }
  const std::string_view name = slash == std::string_view::npos ? key : key.substr(slash + 1);
  if (name.empty()) problems.emplace_back("name part must be non-empty");
  if (name.size() > kLabelLength) problems.push_back("name part " + longest(kLabelLength));
  if (!is_word(name, is_alnum, "-_.")) problems.push_back("name part " + std::string(kName));
  return problems;
}

std::vector<std::string> label_value_problems(std::string_view value) {
  std::vector<std::string> problems;
  if (value.size() > kLabelLength) problems.push_back(longest(kLabelLength));
  if (!value.empty() && !is_word(value, is_alnum, "-_.")) problems.emplace_back(kLabelValue);
  return problems;
}

std::vector<std::string> dns_label_problems(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > kLabelLength) problems.push_back(longest(kLabelLength));
  if (is_word(name, is_lower_alnum, "-")) return problems;
  problems.emplace_back(is_dns_subdomain(name) ? "must not contain dots" : kDnsLabel);
  return problems;
}

std::vector<std::string> dns_subdomain_problems(std::string_view name) {
  std::vector<std::string> problems;
  if (name.size() > kSubdomainLength) problems.push_back(longest(kSubdomainLength));
  if (!is_dns_subdomain(name)) problems.emplace_back(kDnsSubdomain);
  return problems;
}

}  // namespace plumb::object
