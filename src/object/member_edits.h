// Many members put into or taken out of one object in a single pass. Doing so one by one moves the
// members behind each time: quadratic, and patches come from outside.
#pragma once

#include <string_view>
#include <vector>

#include "object/value.h"

namespace plumb::object {

// Collects edits; apply() makes them. Each key is named at most once.
class MemberEdits {
 public:
  void add(Text key, Value value) { added_.emplace_back(std::move(key), std::move(value)); }
  // The key must outlive apply().
  void erase(std::string_view key) { erased_.push_back(key); }

  // `object` must be an object.
  void apply(Value& object);

 private:
  std::vector<Member> added_;
  std::vector<std::string_view> erased_;  // view: of keys that outlive apply()
};

}  // namespace plumb::object
