#include "object/member_edits.h"

#include <algorithm>

namespace plumb::object {
namespace {

constexpr size_t kFew = 4;  // up to here single edits are quicker

}  // namespace

void MemberEdits::apply(Value& object) {
  if (added_.size() + erased_.size() <= kFew) {
    for (const std::string_view key : erased_) object.erase(key);
    for (Member& member : added_) object.set(member.key(), std::move(member.value));
    return;
  }
  std::sort(erased_.begin(), erased_.end());
  std::vector<Member> kept;
  kept.reserve(object.size() + added_.size());
  for (const Member& member : object.members()) {
    if (!std::binary_search(erased_.begin(), erased_.end(), member.key())) kept.push_back(member);
  }
  std::move(added_.begin(), added_.end(), std::back_inserter(kept));
  object = Value::make_object(kept);
}

}  // namespace plumb::object
