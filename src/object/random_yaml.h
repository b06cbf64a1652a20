// Random YAML texts as people write them, with comments in every place: for property tests. The
// same seed gives the same text on every machine. Test-only; nothing outside tests includes it.
#pragma once

#include <random>
#include <string>

namespace plumb::object {

// Every comment is "# c" and its number in the text, so that each can be told from all others.
class RandomYaml {
 public:
  explicit RandomYaml(uint32_t seed) : engine_(seed) {
    mapping_indent_ = 2 + 2 * below(2);
    sequence_indent_ = 2 * below(2);
    comments_ = below(3) != 0;
  }

  uint32_t below(uint32_t n) { return static_cast<uint32_t>(engine_() % n); }

  std::string text() {
    const uint32_t documents = below(4) == 0 ? 2 : 1;
    for (uint32_t i = 0; i < documents; ++i) {
      if (i > 0 || below(4) == 0) out_ += "---" + line_comment() + "\n";
      anchors_ = 0;
      if (below(2) == 0) {
        mapping(0, 3, false);
      } else {
        sequence(0, 3, false);
      }
      own_comments(0);
    }
    if (below(6) == 0) out_.pop_back();
    return below(6) == 0 ? with_crlf(out_) : out_;
  }

 private:
  void own_comments(uint32_t indent) {
    while (comments_ && below(5) == 0) {
      if (below(3) == 0) out_ += '\n';
      out_ += std::string(indent, ' ') + next_comment() + '\n';
    }
    if (below(10) == 0) out_ += '\n';
  }
  std::string line_comment() { return comments_ && below(5) == 0 ? "  " + next_comment() : ""; }
  std::string next_comment() { return "# c" + std::to_string(count_++) + "."; }

  void mapping(uint32_t indent, uint32_t depth, bool inline_first) {
    const uint32_t size = 1 + below(4);
    for (uint32_t i = 0; i < size; ++i) {
      if (i > 0 || !inline_first) {
        own_comments(indent);
        out_ += std::string(indent, ' ');
      }
      out_ += key(i) + ":";
      value(indent, depth, true);
    }
    own_comments(indent);
  }

  void sequence(uint32_t indent, uint32_t depth, bool inline_first) {
    const uint32_t size = 1 + below(3);
    for (uint32_t i = 0; i < size; ++i) {
      if (i > 0 || !inline_first) {
        own_comments(indent);
        out_ += std::string(indent, ' ');
      }
      out_ += "-";
      value(indent, depth, false);
    }
    own_comments(indent + below(3));
  }

  // What follows `key:` or `-` that stands at `indent`, to the end of its lines.
  void value(uint32_t indent, uint32_t depth, bool behind_key) {
    const uint32_t choice = depth == 0 ? 4 + below(6) : below(10);
    if (choice < 2) {
      if (!behind_key) out_ += ' ';
      if (behind_key) out_ += anchor() + line_comment() + "\n";
      mapping(indent + (behind_key ? mapping_indent_ : 2), depth - 1, !behind_key);
    } else if (choice < 4) {
      if (!behind_key) out_ += ' ';
      if (behind_key) out_ += line_comment() + "\n";
      sequence(indent + (behind_key ? sequence_indent_ : 2), depth - 1, !behind_key);
    } else if (choice == 4) {
      out_ += " " + flow(2) + line_comment() + "\n";
    } else if (choice == 5) {
      block_scalar(indent);
    } else if (choice == 6 && behind_key) {
      out_ += line_comment() + "\n";
    } else if (choice == 7 && anchors_ > 0) {
      out_ += " *a" + std::to_string(below(anchors_)) + line_comment() + "\n";
    } else {
      out_ += anchor() + " " + scalar(false) + line_comment() + "\n";
    }
  }

  std::string anchor() {
    return below(8) == 0 ? " &a" + std::to_string(anchors_++) : std::string();
  }

  void block_scalar(uint32_t indent) {
    static constexpr const char* kHeaders[] = {"|", "|-", "|+", ">", ">-", ">+"};
    out_ += std::string(" ") + kHeaders[below(6)] + line_comment() + "\n";
    const std::string margin(indent + 2 + below(2), ' ');
    for (uint32_t i = 1 + below(3); i > 0; --i) {
      static constexpr const char* kLines[] = {"echo hi", "# not a comment", "a: b", "  more"};
      const uint32_t line = below(5);
      if (line < 3) out_ += margin + kLines[line] + "\n";
      if (line == 3) out_ += margin + "x\n" + margin + kLines[3] + "\n";
      if (line == 4) out_ += margin + "y\n\n" + margin + "z\n";
    }
    if (below(3) == 0) out_ += "\n";
  }

  std::string flow(uint32_t depth) {
    const uint32_t size = below(4);
    const bool mapping = below(2) == 0;
    std::string text = mapping ? "{" : "[";
    for (uint32_t i = 0; i < size; ++i) {
      if (i > 0) text += below(2) == 0 ? ", " : ",";
      if (mapping) text += key(i) + ": ";
      text += depth > 0 && below(4) == 0 ? flow(depth - 1) : scalar(true);
    }
    return text + (mapping ? "}" : "]");
  }

  std::string scalar(bool flow) {
    static constexpr const char* kScalars[] = {
        "web",  "nginx:1.25", "'single # no'", "\"double \\n x\"", "8080", "true",
        "null", "1.5",        "a b c",         "\"true\"",         "''",   "~",
        "0x1F", "--flag=x",   "ä€ text",       "'it''s'"};
    const char* picked = kScalars[below(std::size(kScalars))];
    return flow && std::string_view(picked) == "nginx:1.25" ? "nginx" : picked;
  }

  // Distinct for distinct i.
  std::string key(uint32_t i) {
    static constexpr const char* kKeys[] = {"name", "'quoted'", "app.kubernetes.io/x", "spec"};
    return kKeys[i % std::size(kKeys)];
  }

  static std::string with_crlf(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '\n') out += '\r';
      out += c;
    }
    return out;
  }

  std::mt19937_64 engine_;
  std::string out_;
  uint32_t mapping_indent_ = 2;
  uint32_t sequence_indent_ = 0;
  uint32_t count_ = 0;
  uint32_t anchors_ = 0;
  bool comments_ = true;
};

}  // namespace plumb::object
