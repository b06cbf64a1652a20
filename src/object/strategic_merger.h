// Merger: the recursion of strategic merge. The inside of strategic_merge.h; nothing else includes
// it.
#pragma once

#include <initializer_list>
#include <optional>

#include "object/member_edits.h"
#include "object/strategic_lists.h"

namespace plumb::object::strategic {

// What not to take over from a patch, at every depth.
struct Cleaning {
  bool nulls = false;       // members that are null
  bool marked = false;      // objects that carry $patch
  bool directives = false;  // members that are directives
};

// A value without these; nullopt if it is itself marked.
std::optional<Value> cleaned(const Value& value, const Cleaning& drop);

// Merges a patch into a document, or into another patch. Objects merge in place: after an error the
// target is half merged and of no use.
class Merger {
 public:
  enum class Purpose {
    kApply,        // directives are obeyed, nulls delete
    kJoinPatches,  // the target is a patch too: directives and nulls are carried over into it
  };

  Merger(Purpose purpose, UnknownTypes unknown) : purpose_(purpose), unknown_(unknown) {}

  // Both are objects.
  base::Status merge(Value& target, const Value& patch, TypeRef type, const FieldPath& path) const;

 private:
  bool joins_patches() const { return purpose_ == Purpose::kJoinPatches; }
  // What a member that is new loses.
  Cleaning added() const { return {!joins_patches(), true, !joins_patches()}; }
  // A value of the patch that replaces another, or a new item of a list.
  Value verbatim(const Value& value) const;

  base::Status merge_members(Value& target, const Value& patch, TypeRef type,
                             const FieldPath& path) const;
  // New and erased members are left to `edits`; all others change in place.
  base::Status merge_member(Value& target, const Member& change, TypeRef type, MemberEdits& edits,
                            const FieldPath& path) const;
  static void put(Value& target, const Value* before, const Text& key, Value value,
                  MemberEdits& edits);

  base::Status retain_keys(Value& target, const Value& patch, const FieldPath& path) const;
  base::Status order_lists(Value& target, const Value& patch, TypeRef type,
                           const FieldPath& path) const;
  // The list that $setElementOrder puts in order, with the patch's part of it merged in. `before`
  // and `change` may be nullptr; nullopt if both are.
  base::Result<std::optional<Value>> ordered_list(const Value* before, const Value* change,
                                                  const Value& order, TypeRef field,
                                                  const FieldPath& path) const;

  // After all else: an item that the patch both adds and deletes is gone.
  base::Status delete_from_lists(Value& target, const Value& patch, TypeRef type,
                                 const FieldPath& path) const;
  base::Status delete_from_list(Value& target, std::string_view name, const Value& items,
                                TypeRef type, const FieldPath& path) const;

  struct MergedList {
    List items;
    List server;  // what counts as the server's order when $setElementOrder sorts them again
  };
  // Both are lists of the type `field`, whose items merge.
  base::Result<MergedList> merge_lists(Items before, Items change, TypeRef field,
                                       const FieldPath& path) const;
  base::Result<MergedList> merge_objects(Items before, Items change, TypeRef field,
                                         const FieldPath& path) const;
  // Merges items of the patch into those of the list, or appends them, with their keys.
  base::Status merge_by_key(List& list, Keys& keys, Items change, const Keys& change_keys,
                            TypeRef field, const FieldPath& path) const;

  Purpose purpose_;
  UnknownTypes unknown_;
};

// Documents are objects or null, and the type is one that can be merged by.
base::Status check_documents(std::initializer_list<const Value*> documents, TypeRef type,
                             UnknownTypes unknown);

}  // namespace plumb::object::strategic
