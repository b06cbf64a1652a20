#include "object/yaml_style.h"

#include "object/yaml_resolve.h"
#include "object/yaml_scalar.h"

namespace plumb::object {

namespace {

// go-yaml's emitter calls characters above U+FFFF unprintable and escapes them; they are welcome
// here.
YamlScalarForm form_of(std::string_view text) {
  std::string plane0;
  int tail = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0xf0) {
      plane0 += 'x';
      tail = 3;
    } else if (tail > 0) {
      --tail;
    } else {
      plane0 += c;
    }
  }
  return analyze_yaml_scalar(plane0);
}

}  // namespace

bool may_be_plain(std::string_view text, ScalarPlace place) {
  if (text.empty() || !form_of(text).plain) return false;
  return place != ScalarPlace::kFlow || text.find_first_of(",[]{}?:") == std::string_view::npos;
}

YamlStyle style_for(std::string_view text, ScalarPlace place, YamlStyle wish) {
  const YamlScalarForm form = form_of(text);
  const bool single = form.single_quoted && !form.multiline;
  switch (wish) {
    case YamlStyle::kDouble: return YamlStyle::kDouble;
    case YamlStyle::kSingle: return single ? YamlStyle::kSingle : YamlStyle::kDouble;
    case YamlStyle::kLiteral:
    case YamlStyle::kFolded:
      if (place == ScalarPlace::kBlock && form.literal && form.multiline) {
        return YamlStyle::kLiteral;
      }
      break;
    default: break;
  }
  if (may_be_plain(text, place)) {
    return is_plain_yaml_string(text) && text != "<<" ? YamlStyle::kPlain : YamlStyle::kDouble;
  }
  return single && !text.empty() ? YamlStyle::kSingle : YamlStyle::kDouble;
}

void append_scalar(std::string& out, std::string_view text, YamlStyle style) {
  YamlScalarWriter writer(out);
  switch (style) {
    case YamlStyle::kSingle: return writer.single_quoted(text, 0, false);
    case YamlStyle::kDouble: return writer.double_quoted(text, 0, false);
    default: return writer.plain(text, 0, false);
  }
}

}  // namespace plumb::object
