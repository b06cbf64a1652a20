#include "base/text.h"

#include <gtest/gtest.h>

namespace plumb::base {
namespace {

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ',').size(), 3U);
  EXPECT_EQ(split("", ',').size(), 1U);
  EXPECT_EQ(split(",", ',')[1], "");
}

TEST(Trim, TakesWhiteSpaceOffBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \v\f"), "a b");
  EXPECT_EQ(trim("   "), "");
}

TEST(Join, PutsTheSeparatorBetween) {
  const std::vector<std::string> parts{"a", "", "b"};
  EXPECT_EQ(join(parts, ", "), "a, , b");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(ToLower, LeavesOtherBytesAlone) { EXPECT_EQ(to_lower("ÄBC-Z9"), "Äbc-z9"); }

TEST(ReplaceAll, ReplacesEachOnceAndNeverItsOwnOutput) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

TEST(ParseInt, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(parse_int("-42"), -42);
  EXPECT_EQ(parse_int("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "4 2", "+4", "0x10", "9223372036854775808", " 1"}) {
    EXPECT_FALSE(parse_int(text)) << text;
  }
}

// Pairs from RFC 4648 section 10, and bytes with the high bit.
const std::pair<std::string_view, std::string_view> kBase64[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xFF\xFE\xFD", "//79"},
};

TEST(Base64, EncodesAndDecodes) {
  for (const auto& [bytes, text] : kBase64) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), std::string(bytes));
  }
}

TEST(Base64, SkipsLineBreaks) { EXPECT_EQ(base64_decode("Zm9v\r\nYmFy\n"), "foobar"); }

TEST(Base64, IgnoresLeftOverBits) { EXPECT_EQ(base64_decode("Zh=="), "f"); }

TEST(Base64, RefusesWhatGoRefuses) {
  for (const char* text :
       {"Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9v=", "Zm 9v", "Zm9-", "=", "===="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Utf8, TellsWellFormedFromIllFormed) {
  for (const char* text : {"", "a", "ä", "€", "😀", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const char* text : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xF0\x8F\xBF\xBF", "\xC3", "\xE2\x82", "\xFF"}) {
    EXPECT_FALSE(is_utf8(text)) << to_hex({reinterpret_cast<const uint8_t*>(text), strlen(text)});
  }
}

TEST(Utf8, ReplacesEachBadByte) {
  EXPECT_EQ(to_valid_utf8("a\x80\xC3"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(to_valid_utf8("aä"), "aä");
}

TEST(Utf8, AppendsCodePointsOfEveryLength) {
  std::string out;
  for (const char32_t code : {U'a', U'ä', U'€', U'😀', char32_t{0xD800}, char32_t{0x110000}}) {
    append_utf8(out, code);
  }
  EXPECT_EQ(out, "aä€😀\uFFFD\uFFFD");
  EXPECT_EQ(utf8_length("aä€😀"), 4U);
}

TEST(Quoted, EscapesAndCuts) {
  EXPECT_EQ(quoted("a\"b\\\n\x01"), "\"a\\\"b\\\\\\n\\x01\"");
  EXPECT_EQ(quoted("abcdef", 3), "\"abc…\"");
  EXPECT_EQ(quoted("ää", 3), "\"ä…\"");
  EXPECT_EQ(quoted("ab😀", 5), "\"ab…\"");
  EXPECT_EQ(quoted("ä", 1), "\"…\"");
  EXPECT_EQ(quoted("\x80\x80\x80\x80\x80\x80", 5), "\"\uFFFD\uFFFD…\"");
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1B[31mred\a\r\n\t\x7F"), "\\x1b[31mred\\x07\\x0d\\n\\t\\x7f");
  EXPECT_EQ(printable("\u009B31m"), "\\u009b31m");
  EXPECT_EQ(printable("\u00A0ä\\\"\xFF"), "\u00A0ä\\\"\uFFFD");
}

}  // namespace
}  // namespace plumb::base
