// Values and field sets together: which fields a value has, what changed between two values, what
// a value is with some fields only or without them, and server-side apply's merge.
//
// A TypeRef (schema.h) says what is one field. An atomic list or object is one, whatever is in it;
// of a set every item is one; of a list map every item and every field of it; of a granular object
// every member. An empty TypeRef knows nothing: every list is atomic, every object granular.
//
// Source of the rules: sigs.k8s.io/structured-merge-diff v6, package typed. Everything here is
// pure. All but check_fields expect values that it accepts; what it would refuse is passed over.
#pragma once

#include "base/result.h"
#include "object/field_set.h"
#include "object/schema.h"
#include "object/value.h"

namespace plumb::object {

enum class DuplicateItems {
  kRefuse,  // of what a request says
  kAllow,   // of what is there already: an item that is there twice is one field
};

// Whether a value is of its type as far as ownership depends on it: shapes and scalars, no
// undeclared fields, items that can be told apart, no item twice. The error has one sentence for
// every fault, in kube-apiserver's words: `.spec.ports: duplicate entries for key [name="http"]`.
base::Status check_fields(const Value& value, TypeRef type,
                          DuplicateItems duplicates = DuplicateItems::kRefuse);

// Every field of a value: what an applier of this value owns.
FieldSet fields_of(const Value& value, TypeRef type);

struct FieldChanges {
  FieldSet added;     // only in the second value
  FieldSet removed;   // only in the first
  FieldSet modified;  // in both, and different

  bool empty() const { return added.empty() && removed.empty() && modified.empty(); }
};

FieldChanges compare_fields(const Value& before, const Value& after, TypeRef type);

// `applied` laid over `live`: nothing is removed, lists and objects of fields are united, and where
// both say something `applied` wins. Items that both have stand in the order of `applied`; those
// of `live` alone keep their place among them. An empty list or object in `applied` clears nothing.
Value merge_fields(const Value& live, const Value& applied, TypeRef type);

// The value without the fields of `set` and all below them. What becomes empty becomes null.
Value remove_fields(const Value& value, const FieldSet& set, TypeRef type);

// The value with the fields of `set` only, and with the objects they lie in. Where a set names a
// granular object and something in it, only that is kept; where it names the object alone, the
// object is kept empty. What the set only passes through on its way to fields that are not there
// becomes null. (ExtractItems looks what is in a named object up in the wrong set.)
Value extract_fields(const Value& value, const FieldSet& set, TypeRef type);

// With the declared fields above its paths as members too: what must go when they go.
FieldSet with_declared_parents(const FieldSet& set, TypeRef type);

// What a set written under an older schema means under this one: below a list or object that is
// atomic now, the whole of it.
FieldSet with_atomics_closed(const FieldSet& set, TypeRef type);

}  // namespace plumb::object
