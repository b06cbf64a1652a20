// Semantic versions and the constraints that charts, images and tags are chosen by.
//
// The rules are those of Masterminds/semver v3, which Helm, Flux and Argo CD use: "v1.2" is read as
// 1.2.0; a constraint admits pre-releases only where one of its own versions has one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace plumb::object {

class Version {
 public:
  Version() = default;
  // Forgiving: a leading v, missing minor and patch, leading zeros in them.
  static base::Result<Version> parse(std::string_view text);
  // Exactly semver.org 2.0: three numbers, no v, no leading zeros.
  static base::Result<Version> parse_strict(std::string_view text);

  uint64_t major() const { return major_; }
  uint64_t minor() const { return minor_; }
  uint64_t patch() const { return patch_; }
  const std::string& prerelease() const { return prerelease_; }
  const std::string& metadata() const { return metadata_; }

  // "1.2.3-rc.1+build", normalised; original() as it was written.
  std::string text() const;
  const std::string& original() const { return original_; }

  // By precedence: metadata does not count, a pre-release is before its release.
  std::weak_ordering operator<=>(const Version& other) const;
  bool operator==(const Version& other) const { return (*this <=> other) == 0; }

 private:
  friend class VersionReader;
  uint64_t major_ = 0;
  uint64_t minor_ = 0;
  uint64_t patch_ = 0;
  std::string prerelease_;
  std::string metadata_;
  std::string original_;
};

// ">=1.2 <2", "^1.2.3 || ~2.0", "1.2 - 1.4", "1.x", "!=1.5.0".
class VersionConstraint {
 public:
  static base::Result<VersionConstraint> parse(std::string_view text);
  bool admits(const Version& version) const;
  // As it was written.
  const std::string& text() const { return text_; }

 private:
  friend class ConstraintReader;
  enum class Op { kEqual, kNotEqual, kGreater, kLess, kAtLeast, kAtMost, kTilde, kCaret };

  // One comparison. What was left out or written as x, X or * is a wildcard from there on.
  struct Term {
    Op op = Op::kEqual;
    Version version;
    enum class Wild { kNone, kPatch, kMinor, kMajor } wild = Wild::kNone;

    bool admits(const Version& v) const;
    bool not_equal(const Version& v) const;
    bool greater(const Version& v) const;
    bool at_most(const Version& v) const;
    bool tilde(const Version& v) const;
    bool caret(const Version& v) const;
  };
  using All = std::vector<Term>;

  std::string text_;
  std::vector<All> any_;
};

}  // namespace plumb::object
