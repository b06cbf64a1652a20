// Cutting, joining and escaping text. Text is UTF-8 in std::string; a view is only a parameter or a
// short-lived result that points into its argument.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::base {

// The parts between separators; "a,,b" has three, "" has one. They point into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

// Without ASCII white space at either end.
std::string_view trim(std::string_view text);

std::string join(std::span<const std::string> parts, std::string_view separator);

// ASCII only; other bytes stay as they are.
std::string to_lower(std::string_view text);

std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

// The whole text as a decimal number; nullopt for anything else, and when it does not fit.
std::optional<int64_t> parse_int(std::string_view text);

// The value of one hex digit of either case, or -1.
int hex_digit(char digit);

// Lower-case hex.
std::string to_hex(std::span<const uint8_t> bytes);

// Standard Base64 with padding (RFC 4648 section 4).
std::string base64_encode(std::string_view bytes);
// As Go's encoding/base64 reads it: line breaks are skipped, left-over bits of the last digit
// ignored; other characters and missing padding are refused.
std::optional<std::string> base64_decode(std::string_view text);

// True if the bytes are well-formed UTF-8: no overlong forms, no surrogates, at most U+10FFFF.
bool is_utf8(std::string_view bytes);

// With every byte that is not part of well-formed UTF-8 replaced by U+FFFD, as Go's encoders do.
std::string to_valid_utf8(std::string_view bytes);

// The number of characters (code points) in well-formed UTF-8.
size_t utf8_length(std::string_view text);

// Appends one code point; one that does not exist becomes U+FFFD.
void append_utf8(std::string& out, char32_t code_point);

// For terminals: on one line and well-formed, control characters (C1 included) escaped. Text that
// others wrote must not move the cursor or hide what stands before it.
std::string printable(std::string_view text);

// For messages: printable, in double quotes, cut with "…" after at most `limit` bytes.
std::string quoted(std::string_view text, size_t limit = 80);

}  // namespace plumb::base
