#include "object/quantity.h"

#include <gtest/gtest.h>

namespace plumb::object {
namespace {

TEST(Quantity, PrintsTheCanonicalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"0", "0"},
      {"0.0Gi", "0"},
      {"1", "1"},
      {"1000", "1k"},
      {"1500m", "1500m"},
      {"1.5", "1500m"},
      {"0.5", "500m"},
      {"2000m", "2"},
      {"1.5Gi", "1536Mi"},
      {"1024Ki", "1Mi"},
      {"512Ki", "512Ki"},
      {"1024", "1024"},
      {"0.5Ki", "512"},
      {"0.1Mi", "104857600m"},
      {"1e3", "1e3"},
      {"1E3", "1E3"},
      {"12e2", "1200"},
      {"1.2e3", "1200"},
      {"0.1n", "1n"},
      {"1.0000000001", "1000000001n"},
      {"10Ei", "9223372036854775807"},
      {"-1.5Gi", "-1536Mi"},
      {"-0", "0"},
      {"+5", "+5"},
      {"+1234567890123456789", "1234567890123456789"},
      {"1.500", "1.500"},
      {".5", "500m"},
      {"5.", "5."},
      {"100000000000000000000", "100E"},
  };
  for (const auto& [text, canonical] : cases) {
    const auto quantity = Quantity::parse(text);
    ASSERT_TRUE(quantity.ok()) << text;
    EXPECT_EQ(quantity->text(), canonical) << text;
  }
}

TEST(Quantity, ABinaryOneBelowOneBecomesDecimal) {
  EXPECT_EQ(Quantity::parse("0.0001Ki")->text(), "102400u");
  EXPECT_EQ(Quantity::parse("0.0001Ki")->format(), Quantity::Format::kDecimal);
  EXPECT_EQ(Quantity::parse("1Ki")->format(), Quantity::Format::kBinary);
}

TEST(Quantity, RefusesWhatIsNone) {
  for (const char* text : {"", "m", "+", "1x", "1 Gi", "1KI", "Gi1", "1e", "1ee3", "1.2.3", "0x10",
                           "1e9999", "999999999999999999999999999999999999999", "--1", "1,5"}) {
    const auto quantity = Quantity::parse(text);
    ASSERT_FALSE(quantity.ok()) << text;
    EXPECT_FALSE(quantity.error().advice().empty()) << text;
  }
}

TEST(Quantity, RoundsUpToUnits) {
  EXPECT_EQ(Quantity::parse("1m")->value(), 1);
  EXPECT_EQ(Quantity::parse("1500m")->value(), 2);
  EXPECT_EQ(Quantity::parse("-1500m")->value(), -2);
  EXPECT_EQ(Quantity::parse("100u")->milli_value(), 1);
  EXPECT_EQ(Quantity::parse("1.5Gi")->value(), 1610612736);
  EXPECT_EQ(Quantity::parse("1e30")->value(), INT64_MAX);
}

TEST(Quantity, ComparesByValue) {
  const auto of = [](const char* text) { return Quantity::parse(text).value(); };
  EXPECT_EQ(of("1"), of("1000m"));
  EXPECT_EQ(of("1Ki"), of("1024"));
  EXPECT_EQ(of("1e3"), of("1k"));
  EXPECT_LT(of("999m"), of("1"));
  EXPECT_LT(of("-2"), of("-1"));
  EXPECT_LT(of("1n"), of("1e900"));
  EXPECT_LT(of("-1e900"), of("1n"));
  EXPECT_GT(of("1e900"), of("1n"));
  EXPECT_LT(of("-1e900"), of("-1n"));
  EXPECT_GT(of("-1n"), of("-1e900"));
}

TEST(Quantity, AddsInTheFormatOfTheFirst) {
  const auto of = [](const char* text) { return Quantity::parse(text).value(); };
  EXPECT_EQ(of("1Gi").plus(of("512Mi")).value().text(), "1536Mi");
  EXPECT_EQ(of("1").plus(of("500m")).value().text(), "1500m");
  EXPECT_EQ(of("0").plus(of("1Gi")).value().text(), "1Gi");
  EXPECT_EQ(of("1").minus(of("1")).value().text(), "0");
  EXPECT_FALSE(of("1e900").plus(of("1n")).ok());
  const Quantity most = of("99999999999999999999999999999999999999");
  EXPECT_TRUE(most.minus(of("-1")).ok());
  EXPECT_FALSE(of("-170141183460469231731687303715884105727").minus(of("1")).ok());  // -2^127
}

}  // namespace
}  // namespace plumb::object
