// Do two strategic merge patches want different things? The inside of strategic_merge.h; nothing
// else includes it.
#pragma once

#include "object/strategic_lists.h"

namespace plumb::object::strategic {

// kConflict, at the field, where `patch` and `changed` give one member different values.
base::Status check_conflicts(const Value& patch, const Value& changed, TypeRef type,
                             UnknownTypes unknown);

}  // namespace plumb::object::strategic
