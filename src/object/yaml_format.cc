#include "object/yaml_format.h"

#include <algorithm>

#include "base/text.h"
#include "object/yaml_node.h"
#include "object/yaml_print.h"

namespace plumb::object {

namespace {

using base::Result;

// Where the first {{ stands that no comment hides, or npos.
size_t find_template(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = line_end(text, at);
    const std::string_view line = text.substr(at, end - at);
    const size_t braces = line.find("{{");
    if (braces != std::string_view::npos && !base::trim(line).starts_with('#')) return at + braces;
    at = end + std::max<size_t>(line_break_at(text, end), 1);
  }
  return std::string_view::npos;
}

// Templates fail as YAML in many ways; what went wrong is always the same.
base::Error explain(base::Error error, std::string_view text) {
  const bool about_form =
      error.code() == base::Code::kInvalid || error.code() == base::Code::kUnsupported;
  const size_t at = about_form ? find_template(text) : std::string_view::npos;
  if (at == std::string_view::npos) return error;
  const std::string_view before = text.substr(0, at);
  const size_t line = line_begin(text, at);
  base::Place place;
  place.line = 1;
  for (size_t i = 0; i < before.size(); i += std::max<size_t>(line_break_at(text, i), 1)) {
    if (line_break_at(text, i) > 0) ++place.line;
  }
  place.column = static_cast<int>(base::utf8_length(text.substr(line, at - line)) + 1);
  return base::invalid("this is a template ({{ … }}), not YAML (" + error.message() + ")")
      .at(std::move(place))
      .advise("leave templates out of `plumb fmt`, or format what they render to");
}

std::vector<std::string_view> comment_texts(const YamlFile& file) {
  std::vector<std::string_view> texts;
  for (const YamlComment& comment : file.comments()) texts.push_back(file.text(comment));
  std::ranges::sort(texts);
  return texts;
}

// Nothing may be lost: a mistake of the printer must not reach a file.
base::Status check(const YamlFile& before, const std::string& printed) {
  const auto fail = [](const std::string& what) {
    return base::internal("formatting would " + what)
        .advise("the file is left as it is; please report it");
  };
  PLUMB_TRY(const YamlFile after, [&]() -> Result<YamlFile> {
    auto parsed = YamlFile::parse(printed);
    if (parsed.ok()) return parsed;
    return fail("break the text: " + parsed.error().text());
  }());
  const bool same =
      std::ranges::equal(before.documents(), after.documents(), [&](NodeId a, NodeId b) {
        return same_meaning(before, before.root(a), after, after.root(b));
      });
  if (!same) return fail("change what the text means");
  if (comment_texts(before) != comment_texts(after)) return fail("lose a comment");
  return base::ok();
}

Result<std::string> print_checked(std::string_view text) {
  PLUMB_TRY(const YamlFile file, YamlFile::parse(std::string(text)));
  PLUMB_TRY(std::string printed, YamlPrinter(file).print());
  if (printed != text) PLUMB_CHECK_OK(check(file, printed));
  return printed;
}

}  // namespace

Result<std::string> format_yaml(std::string_view text) {
  auto printed = print_checked(text);
  if (!printed.ok()) return explain(std::move(printed).error(), text);
  return printed;
}

Result<bool> is_formatted(std::string_view text) {
  PLUMB_TRY(const std::string formatted, format_yaml(text));
  return formatted == text;
}

}  // namespace plumb::object
