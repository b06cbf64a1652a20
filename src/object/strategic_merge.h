// Strategic merge patch: Kubernetes' own patch format, in which the schema says what a list is.
//
// A patch is a partial object. Objects merge member by member and null deletes, as in RFC 7386;
// lists whose field says so (x-kubernetes-patch-strategy: merge) merge item by item, told apart by
// the field's merge key or, for scalars, by themselves; all other lists are replaced. Directives in
// the patch say what that cannot:
//
//   $patch: replace | delete          this object replaces, or is deleted (as an item: by its key)
//   $retainKeys: [a, b]               all other members of this object go
//   $deleteFromPrimitiveList/x: [v]   these items leave the list of scalars x
//   $setElementOrder/x: [...]         the order of the list x, by items or by their merge keys
//
// This is the semantic twin of k8s.io/apimachinery/pkg/util/strategicpatch, as kube-apiserver and
// kubectl use it: the same documents, the same patches, the same refusals. Where the library leaves
// directives in members that a patch adds whole, for the typed decoder to drop, they are dropped
// here; null members of list items that a patch adds stay, as there. Where the library's answer
// depends on the order of a Go map, the answer here is one of its answers; where it panics, an
// error. With overwrite = false it also sorts lists in the patch that it gives; here it does not.
//
// Errors name the field (Place::field) and never a value. Work is linear in the size of the
// documents, but for sorting and looking up: O(log n) an item.
//
// Kustomize's merge is another one (render/kustomize).
#pragma once

#include <vector>

#include "base/result.h"
#include "object/pointer.h"
#include "object/schema.h"
#include "object/value.h"

namespace plumb::object {

// What to do where the schema knows nothing: at an empty TypeRef, or a field it does not have.
enum class UnknownTypes {
  kError,       // kUnsupported for the whole document (the API server's 415), else kInvalid
  kMergePatch,  // objects merge, lists are replaced: RFC 7386
};

// The patched document. `original` may be null for "nothing yet".
base::Result<Value> apply_strategic_merge(Value original, const Value& patch, TypeRef type,
                                          UnknownTypes unknown = UnknownTypes::kError);

// The patch that turns `from` into `to`; the empty object if there is nothing to do.
base::Result<Value> create_strategic_patch(const Value& from, const Value& to, TypeRef type,
                                           UnknownTypes unknown = UnknownTypes::kError);

// Client-side apply (kubectl apply).
struct ThreeWay {
  Value original;  // what was applied last; null if nothing was
  Value modified;  // what shall be
  Value current;   // what is

  // False: fail with kConflict where the patch would undo what others changed from `original` to
  // `current` (kubectl's --overwrite=false).
  bool overwrite = true;
  // The patch must not mention these places; fails with kInvalid. (kubectl: /apiVersion, /kind,
  // /metadata/name.)
  std::vector<Pointer> unchanged = {};
};

// The patch on `current` that makes what `modified` says, deletes what `original` said and
// `modified` no longer does, and leaves alone what neither mentions.
base::Result<Value> create_three_way_patch(const ThreeWay& states, TypeRef type,
                                           UnknownTypes unknown = UnknownTypes::kError);

}  // namespace plumb::object
