#include "base/text.h"
#include "object/yaml.h"

namespace plumb::object {

base::Result<std::vector<YamlChunk>> split_yaml(std::string_view text) {
  constexpr std::string_view kSeparator = "---";
  std::vector<YamlChunk> chunks;
  YamlChunk chunk;
  const auto end_chunk = [&](size_t end) {
    chunk.text = text.substr(chunk.offset, end - chunk.offset);
    if (!chunk.text.empty()) chunks.push_back(chunk);
  };
  int number = 1;
  for (size_t start = 0; start < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', start), text.size() - 1) + 1;
    const std::string_view line = text.substr(start, end - start);
    if (line.starts_with(kSeparator)) {
      const std::string_view rest = base::trim(line.substr(kSeparator.size()));
      if (!rest.empty() && rest.front() != '#') {
        base::Place place;
        place.line = number;
        place.column = 1 + static_cast<int>(kSeparator.size());
        return base::invalid("invalid Yaml document separator: " + base::quoted(rest))
            .at(std::move(place))
            .advise("put what follows --- on the next line");
      }
      end_chunk(start);
      chunk.offset = end;
      chunk.line = number + 1;
    }
    start = end;
  }
  end_chunk(text.size());
  return chunks;
}

}  // namespace plumb::object
