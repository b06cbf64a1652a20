#include "base/hash.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace plumb::base {
namespace {

TEST(Fingerprint, DependsOnBytesAndSeedOnly) {
  EXPECT_EQ(fingerprint("abc"), fingerprint(std::string("abc")));
  EXPECT_NE(fingerprint("abc"), fingerprint("abd"));
  EXPECT_NE(fingerprint("abc", 1), fingerprint("abc", 2));
  EXPECT_EQ(fingerprint(""),
            0x2d06800538d394c2U);  // XXH3's published value: the same on every machine
}

TEST(Combine, OrderMatters) { EXPECT_NE(combine(1, 2), combine(2, 1)); }

TEST(Sha256, KnownAnswers) {  // FIPS 180-2, appendix B
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, PiecesGiveTheWhole) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  Sha256 moved = std::move(hash);
  moved.update("bc");
  EXPECT_EQ(to_hex(moved.finish()), sha256_hex("abc"));
}

TEST(HmacSha256, KnownAnswer) {  // RFC 4231, case 2
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace
}  // namespace plumb::base
