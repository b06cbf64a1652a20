// The annotation in which kubectl's client-side apply keeps what it applied last, and how
// server-side apply by "kubectl" takes over from it. The inside of field_manager.h.
//
// Source: k8s.io/apimachinery 0.36, lastappliedmanager.go and lastappliedupdater.go.
#pragma once

#include <optional>

#include "object/ownership.h"

namespace plumb::object::last_applied {

// The manager this is for; others don't get it.
inline constexpr std::string_view kManager = "kubectl";

// The fields that client-side apply set and that still have the value it gave them: what kubectl
// may take over without a conflict. nullopt if there is no annotation, or it can't be read.
std::optional<FieldSet> unchanged_fields(const ownership::Updater& updater, const Value& live,
                                         std::string_view api_version);

// `object` with the annotation brought up to date with `applied`, if it has one. It goes where all
// annotations would be too large with it.
Value brought_up_to_date(Value object, const Value& applied);

}  // namespace plumb::object::last_applied
