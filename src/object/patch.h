// The two patch formats that need no schema: JSON Patch and JSON Merge Patch. (The third one is
// strategic_merge.h.)
//
// Patches are documents, so they are Values. Applying one never changes the document it was given:
// the answer is a new Value that shares whatever the patch left alone, and on an error there is no
// answer at all.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "object/value.h"

namespace plumb::object {

struct JsonPatchLimits {
  size_t operations = 10'000;             // kube-apiserver's
  size_t copied_bytes = size_t{3} << 20;  // JSON that all "copy" operations add; kube-apiserver's
  int depth = 256;                        // nested arrays and objects in the outcome
};

// JSON Patch (RFC 6902): an array of add, remove, replace, move, copy and test, in order, all or
// nothing.
//
// Where kube-apiserver (evanphx/json-patch v4) accepts more than the RFC, so does this:
//   - an index may count from the end (-1 is the last item; for add, after it), have a sign or
//     leading zeros;
//   - "replace" of a member that is not there adds it; "copy" from one adds null; "test" of one
//     succeeds against null;
//   - "move" into itself is refused only as far as its goal is gone: in an array the next item
//     takes the place of the one that left;
//   - an operation without "value" has the value null;
//   - a '~' that escapes nothing stands for itself.
// Where it refuses what the RFC defines (add, move and copy to the whole document, documents that
// are neither object nor array), the RFC holds. Numbers are compared as numbers, not as text.
//
// An error names the operation's index, its path and the reason. Codes: kInvalid for a patch that
// is none, kTooLarge beyond a limit, kConflict when a "test" fails, kNotFound when a place is
// missing.
base::Result<Value> apply_json_patch(Value document, const Value& patch,
                                     const JsonPatchLimits& limits = {});

// A patch of add, remove and replace with apply_json_patch(from, patch) == to. Unchanged parts are
// not mentioned; items of arrays are matched by a longest common subsequence where that is cheap,
// else by position.
Value diff(const Value& from, const Value& to);

// JSON Merge Patch (RFC 7386). As in kube-apiserver, members that are null go missing from objects
// inside arrays too, unless the array takes the place of an object. `patch` nests at most as deep
// as its parser allowed.
Value apply_merge_patch(Value document, const Value& patch);

// A patch with apply_merge_patch(from, patch) == to, provided that `to` holds no null (a merge
// patch cannot write one) beyond those that `from` holds in the same place.
Value create_merge_patch(const Value& from, const Value& to);

}  // namespace plumb::object
