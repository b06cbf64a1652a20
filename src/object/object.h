// object: Kubernetes objects as values.
//
// Everything that Plumbline reads, renders, compares and applies is a document: value.h is the one
// type for it. Around it stand, each usable alone:
//
//   key.h names.h                       which object is meant; what things may be called
//   json.h yaml.h                       text to Value and back, as Kubernetes' own tools do it
//   yaml_node.h                         YAML with places, comments and style, for messages
//   yaml_edit.h yaml_format.h           splicing edits; the canonical form behind `plumb fmt`
//   pointer.h field_path.h              places in a document: JSON Pointer, and as messages say it
//   patch.h                             JSON Patch (RFC 6902), JSON Merge Patch (RFC 7386)
//   schema.h schema_builder.h           what Kubernetes knows of its types: list keys, defaults
//   strategic_merge.h last_applied.h    kubectl's merge, driven by the schema
//   path_element.h field_set.h          sets of fields, as managedFields writes them
//   field_values.h                      which fields a value has, and what changed
//   managed_fields.h field_manager.h    who owns which field: server-side apply
//   selector.h quantity.h duration.h semver.h   the small languages inside objects
//
// Entry point: Value. Invariants: pure (no clock, no files, no globals); every decoder of outside
// input has limits on depth and size, never throws across this folder, and reports where it failed.
#pragma once

#include "object/json.h"
#include "object/key.h"
#include "object/value.h"
